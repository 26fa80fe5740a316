//! The read-only HTTP service: a JSON API and a website.

pub mod api;
pub mod app;
pub mod cached;
pub mod feed;
mod health;
pub mod limits;
pub mod metrics;
pub mod metrics_endpoint;
pub mod pages;
pub mod path;
pub mod problem;
pub mod query;
pub mod rate_limit;
pub mod router;
pub mod security;
pub mod server;
pub mod style_cache;
pub mod visitor;
