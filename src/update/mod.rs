//! The update: the pipeline that asks the sites for the huts that are due, and stores their answers.

pub mod claims;
pub mod event;
mod fetch;
pub mod pipeline;
pub mod run_log;
pub mod store;
