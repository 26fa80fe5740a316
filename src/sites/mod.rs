//! The booking sites: one folder for each site, the trait that each site implements, and the shared client.

pub mod body;
pub mod circuit_breaker;
pub mod client;
pub mod cookies;
pub mod crawl;
pub mod deadline;
pub mod error;
pub mod ffcam;
pub mod huetten_holiday;
pub mod hut_reservation;
pub mod json;
pub mod limits;
pub mod listing;
pub mod payload;
pub mod policy;
pub mod rate_limiter;
pub mod receive;
pub mod registry;
pub mod retry;
pub mod site_hut;
pub mod source;
mod warnings;
