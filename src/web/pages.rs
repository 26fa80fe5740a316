//! Pages for people: what is free, where, and since when. Nothing on them changes data.

mod assets;
mod availability;
mod layout;
mod page_links;
mod params;
mod shown;

use axum::Router;
use axum::middleware::map_response;
use axum::routing::get;

use super::app::App;

/// The routes of all pages, and of what they are made of.
pub fn router() -> Router<App> {
    Router::new()
        .route("/availability", get(availability::show))
        .layer(map_response(layout::problem_as_page))
        .route("/assets/{name}", get(assets::asset))
}
