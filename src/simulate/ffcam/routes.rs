//! The requests that the fake answers.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::routing::post;

use crate::simulate::corrupt::{status, with_type};
use crate::simulate::shared::Shared;

/// The paths of the site.
pub fn router() -> Router<Arc<Shared>> {
    Router::new().route("/index.php", post(availability))
}

async fn availability(State(shared): State<Arc<Shared>>, body: Bytes) -> Response<Body> {
    let form: HashMap<_, _> = form_urlencoded::parse(&body).into_owned().collect();
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let date = match field("date") {
        "" => None,
        date => date.parse().ok(),
    };
    let is_valid = field("action") == "availability" && field("apporigin") == "FFCAM";
    if !is_valid || (date.is_none() && !field("date").is_empty()) {
        return status(StatusCode::BAD_REQUEST, "Bad Request");
    }
    let page = shared.site.structure_page(field("structure"), date, shared.clock.now());
    with_type("text/html; charset=UTF-8", page.html().into())
}
