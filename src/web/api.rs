//! The API under `/v1`: the paths of the Wodore backend, and stays and tours.

pub mod answer;
mod bookings;
pub mod handlers;
mod openapi;
pub mod parameters;
mod problems;
mod stay_parameters;
mod stays;
mod stream;
pub mod version;

use axum::Router;
use axum::routing::get;

use super::app::App;

/// The paths of the API.
#[expect(deprecated, reason = "deprecated paths are served until they end")]
pub fn router() -> Router<App> {
    version::remember_start();
    // A date may contain slashes, so it is the rest of the path.
    Router::new()
        .route("/v1/openapi.json", get(openapi::document))
        .route("/v1/stays", get(stays::stays))
        .route("/v1/tours", get(stays::tours))
        .merge(stays::file_routes())
        .route("/v1/version", get(version::version))
        .route("/v1/huts/bookings", get(bookings::bookings))
        .route("/v1/huts/bookings.geojson", get(bookings::bookings_geojson))
        .route("/v1/huts/availability/{*date}", get(handlers::map))
        .route("/v1/huts/{slug}/availability/{*date}", get(handlers::hut_or_trend))
}
