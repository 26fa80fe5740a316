//! The readers' queries: their results equal the model of the history, and each uses an index.

mod model;
pub mod plans;
mod plans_of_pages;
mod statuses;
