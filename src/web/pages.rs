//! The website: HTML pages that show availability on a map, in lists and over time. It is read-only.

mod arrivals;
mod assets;
pub mod availability;
mod band_chart;
mod calendar;
mod chart;
mod chart_area;
mod checks;
mod downloads;
mod embed;
mod entries;
mod explain;
mod filling;
mod follow;
mod format;
mod group;
pub mod history;
mod hut;
mod hut_fields;
mod huts;
mod layout;
mod map;
mod night;
mod night_columns;
mod occupancy;
mod page_links;
pub mod params;
mod place_field;
mod places;
pub mod start;
mod stays;
mod times;
mod tours;
mod unknown_hut;
mod watches;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;

use super::app::App;
use super::problem::unknown_path;
use super::visitor;
pub use layout::problem_as_page;

/// The routes of all pages and their assets.
pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(start::show))
        .route("/map", get(start::show))
        .route("/map/card/{slug}", get(map::card))
        .route("/embed/map", get(embed::map))
        .route("/embed/huts/{slug}", get(embed::hut))
        .route("/stays", get(stays::show))
        .route("/tours", get(tours::show))
        .route("/watches", get(watches::show))
        .route("/availability", get(availability::show))
        .route("/history", get(history::show))
        .route("/history.atom", get(history::feed))
        .route("/huts", get(huts::show))
        .route("/huts/{slug}", get(hut::show))
        .route("/huts/{slug}/nights.csv", get(downloads::nights))
        .route("/huts/{slug}/{date}", get(night::show))
        .route("/huts/{slug}/{date}/history.csv", get(downloads::history))
        .route("/checks", get(checks::show))
        .route("/assets/{name}", get(assets::asset))
        .route("/language/{code}", get(visitor::switch))
        .fallback(unknown_path)
        .layer(from_fn(problem_as_page))
}
