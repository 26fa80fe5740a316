//! The metrics of a run for Prometheus, written to a file or pushed to a Pushgateway.

pub mod destinations;
pub mod ended;
pub mod file;
pub mod notifications;
mod polling;
pub mod pushgateway;
pub mod text;
