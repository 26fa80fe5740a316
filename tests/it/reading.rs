//! What is read of the stored data, against the model of the history, and by which index.

mod model;
pub mod plans;
mod plans_of_pages;
