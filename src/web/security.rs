//! Security headers and CORS.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use tower_http::cors::{Any, CorsLayer};

use super::api::handlers::WITHOUT_COORDINATES;
use super::api::version::API_VERSION_HEADER;
use super::app::MapTiles;
use crate::domain::framing::Framing;

/// How long a browser may cache the answer to a CORS preflight request: an hour.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_secs(60 * 60);

/// The headers that scripts of other sites may send: those that clients of the Wodore backend send, although the service
/// needs no log-in, and those of HTTP that need permission.
const ALLOWED_HEADERS: [HeaderName; 6] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    API_VERSION_HEADER,
    HeaderName::from_static("x-csrftoken"),
    header::IF_NONE_MATCH,
    header::ACCEPT_LANGUAGE,
];

/// The headers of a response that scripts of other sites may read.
const EXPOSED_HEADERS: [HeaderName; 6] = [
    header::ETAG,
    WITHOUT_COORDINATES,
    API_VERSION_HEADER,
    header::RETRY_AFTER,
    HeaderName::from_static("deprecation"),
    HeaderName::from_static("sunset"),
];

/// The policy of all pages but those below: they load resources from this service only, cannot be framed, and run no
/// inline scripts or styles. `connect-src` is for the scripts, which ask this service for the next
/// answer or the next view of a map.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The other security headers of every response.
const HEADERS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    // As open as the CORS of the API, so that cross-origin isolated pages can show its data.
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
];

/// The policy of pages with a map: its tiles may come from the server that the operator names.
#[must_use]
pub fn map_policy(tiles: &MapTiles) -> String {
    POLICY.replace("img-src 'self'", &format!("img-src 'self' {}", tiles.server.origin()))
}

/// The policy of pages that a frame of another website may show.
#[must_use]
pub fn embedded_policy(framing: &Framing, tiles: Option<&MapTiles>) -> String {
    let policy = tiles.map_or_else(|| POLICY.to_owned(), map_policy);
    let ancestors = framing.ancestors();
    policy.replace("frame-ancestors 'none'", &format!("frame-ancestors {ancestors}"))
}

/// A policy as the value of its header.
#[must_use]
pub fn header_value(policy: &str) -> HeaderValue {
    HeaderValue::from_str(policy).unwrap_or(HeaderValue::from_static(POLICY))
}

/// Adds the security headers to a response, and `no-store` unless its handler allows caching. A handler may have set a
/// policy of its own.
pub async fn add_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = headers.entry(header::CONTENT_SECURITY_POLICY);
    let policy = policy.or_insert(HeaderValue::from_static(POLICY));
    // For browsers that do not know `frame-ancestors`. It can only forbid all frames.
    if policy.to_str().is_ok_and(|policy| policy.contains("frame-ancestors 'none'")) {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    let cache_control = headers.entry(header::CACHE_CONTROL);
    cache_control.or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Allows the scripts of any site to read the API.
pub fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers(ALLOWED_HEADERS)
        .expose_headers(EXPOSED_HEADERS)
        .max_age(PREFLIGHT_MAX_AGE)
        // The response is the same for every origin.
        .vary([])
}
