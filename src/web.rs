//! The read-only service: JSON for programs, pages for people.

pub mod api;
pub mod app;
pub mod problem;
pub mod query;
