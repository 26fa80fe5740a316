//! The requests that the fake answers.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::get;
use serde::Deserialize;

use super::payload::Day;
use crate::domain::digest::hex_digest;
use crate::simulate::corrupt::{json, status};
use crate::simulate::shared::Shared;

/// The paths of the site.
pub fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/v1/reservation/getHutAvailability", get(availability))
        .route("/api/v1/reservation/hutInfo/{id}", get(info))
}

#[derive(Deserialize)]
struct HutQuery {
    #[serde(rename = "hutId")]
    hut_id: String,
}

async fn availability(
    State(shared): State<Arc<Shared>>,
    Query(HutQuery { hut_id }): Query<HutQuery>,
    headers: HeaderMap,
) -> Response<Body> {
    shared.remember(&hut_id);
    let Some(days) = shared.site.availability(&hut_id, shared.clock.now()) else {
        return unknown_hut();
    };
    let answer = json(&days);
    if !shared.has_etags.load(Ordering::Relaxed) {
        return answer;
    }
    let answer = with_etag(answer, &days, &headers);
    let is_not_modified = answer.status() == StatusCode::NOT_MODIFIED;
    shared.not_modified.fetch_add(usize::from(is_not_modified), Ordering::Relaxed);
    answer
}

/// The answer with its ETag, or 304 if the request has this ETag.
fn with_etag(mut answer: Response<Body>, days: &[Day], headers: &HeaderMap) -> Response<Body> {
    let json = serde_json::to_vec(days).expect("plain values have JSON");
    let etag = format!("W/\"{}\"", hex_digest(&json));
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return status(StatusCode::NOT_MODIFIED, "");
    }
    answer.headers_mut().insert(ETAG, etag.parse().expect("digits"));
    answer
}

async fn info(State(shared): State<Arc<Shared>>, Path(hut_id): Path<String>) -> Response<Body> {
    let info = shared.site.info(&hut_id);
    info.map_or_else(unknown_hut, |info| json(&info))
}

fn unknown_hut() -> Response<Body> {
    status(StatusCode::BAD_REQUEST, "Hut Id not found")
}
