//! The API under `/v1`, with the same paths as the Wodore backend.

pub mod answer;
pub mod handlers;
mod openapi;
pub mod parameters;
mod problems;

use axum::Router;
use axum::routing::get;

use super::app::App;

/// The paths of the API.
pub fn router() -> Router<App> {
    // A date may contain slashes, so it is the rest of the path.
    Router::new()
        .route("/v1/openapi.json", get(openapi::document))
        .route("/v1/huts/availability/{*date}", get(handlers::map))
        .route("/v1/huts/{slug}/availability/{*date}", get(handlers::hut_or_trend))
}
