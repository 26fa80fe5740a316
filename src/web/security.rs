//! The headers by which a browser guards what it is given.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use tower_http::cors::{Any, CorsLayer};

use super::api::WITHOUT_COORDINATES;

/// How long a browser remembers what other sites may ask: an hour.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_secs(60 * 60);

/// On every answer. Pages take everything from here, and nobody frames them; what is inline is not run.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    // Like the CORS of the API, for pages that isolate themselves and still show its data.
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
];

/// Guards an answer, and keeps out of caches what its handler does not allow them.
pub async fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let cache_control = headers.entry(header::CACHE_CONTROL);
    cache_control.or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Lets the scripts of any site read the API.
pub fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([header::IF_NONE_MATCH])
        .expose_headers([header::ETAG, WITHOUT_COORDINATES])
        .max_age(PREFLIGHT_MAX_AGE)
        // It is the same for every origin.
        .vary([])
}
