//! Security headers and CORS.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use tower_http::cors::{Any, CorsLayer};

use super::api::handlers::WITHOUT_COORDINATES;
use super::api::version::API_VERSION_HEADER;

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

/// The security headers of every response. Pages load resources from this service only, cannot be framed,
/// and run no inline scripts or styles.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    // As open as the CORS of the API, so that cross-origin isolated pages can show its data.
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
];

/// Adds the security headers to a response, and `no-store` unless its handler allows caching.
pub async fn add_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
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
