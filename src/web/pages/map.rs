//! The map of huts, which several pages include.

mod base;
mod card;
mod cluster;
mod component;
mod frame;
mod label;
mod mark;
mod paths;
mod projection;
mod request;
mod tiles;
mod view;

use axum::http::StatusCode;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;

pub use self::card::{Card, CardHut, show as card};
pub use self::component::{MapComponent, MapContext};
pub use self::frame::is_on_map;
pub use self::mark::MapHut;
pub use self::request::MapRequest;
use crate::web::app::App;
use crate::web::security::{header_value, map_policy};

/// Allows a page with a map to load tiles from the server that the operator names. A page that only says what is wrong
/// has no map.
pub fn with_tiles(app: &App, mut response: Response) -> Response {
    if let Some(tiles) = app.map_tiles().filter(|_| response.status() == StatusCode::OK) {
        let policy = header_value(&map_policy(tiles));
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
