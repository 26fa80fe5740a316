//! The read-only service: JSON for programs, pages for people.

pub mod app;
pub mod pages;
pub mod problem;
