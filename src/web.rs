//! The read-only service: JSON for programs, pages for people.

pub mod app;
pub mod problem;
