//! `/v1/version`, and the header `Api-Version` of every answer of the API.

use std::sync::LazyLock;
use std::time::SystemTime;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// The version of the contract that the answers follow: the one that the Wodore backend introduced on this day. A
/// client may send the version that it was written for; every client gets the same answers.
pub const API_VERSION: &str = "2026-10-01";

/// The header with that version.
pub const API_VERSION_HEADER: HeaderName = HeaderName::from_static("api-version");

/// Neither the build nor the repository is part of the program, so that the same source makes the same program.
const NOT_KNOWN: &str = "unknown";

/// The program that answers, and the versions of its API.
#[derive(Serialize, ToSchema)]
#[schema(as = VersionSchema)]
pub struct Version {
    /// Always `unknown`: the program does not know its commit
    pub hash: &'static str,
    /// Always `unknown`: the program does not know its commit
    pub hash_long: &'static str,
    /// The version of the program
    #[schema(example = "0.1.0")]
    pub version: &'static str,
    /// When the service started
    pub timestamp: DateTime<Utc>,
    #[schema(example = "production")]
    pub environment: &'static str,
    pub api: ApiVersionsBlock,
}

/// The versions of the API, which are dates.
#[derive(Serialize, ToSchema)]
pub struct ApiVersionsBlock {
    /// The newest version
    #[schema(example = "2026-10-01")]
    pub current: &'static str,
    /// The version for clients that name none
    #[schema(example = "2026-10-01")]
    pub default: &'static str,
    pub supported: [ApiVersionEntry; 1],
}

/// A version of the API.
#[derive(Serialize, ToSchema)]
pub struct ApiVersionEntry {
    #[schema(example = "2026-10-01")]
    pub version: &'static str,
    #[schema(example = "current")]
    pub status: &'static str,
    /// The last day of a deprecated version; null for the current one
    pub sunset: Option<&'static str>,
}

static STARTED: LazyLock<SystemTime> = LazyLock::new(SystemTime::now);

/// Remembers this moment as the start of the service.
pub fn remember_start() {
    LazyLock::force(&STARTED);
}

/// The version
///
/// The version of the program, and the versions of the API.
#[utoipa::path(
    get,
    path = "/v1/version",
    operation_id = "get_version",
    tag = "version",
    responses((status = 200, body = Version))
)]
pub async fn version() -> impl IntoResponse {
    let entry = ApiVersionEntry { version: API_VERSION, status: "current", sunset: None };
    let version = Version {
        hash: NOT_KNOWN,
        hash_long: NOT_KNOWN,
        version: env!("CARGO_PKG_VERSION"),
        timestamp: (*STARTED).into(),
        environment: "production",
        api: ApiVersionsBlock { current: API_VERSION, default: API_VERSION, supported: [entry] },
    };
    ([(header::CACHE_CONTROL, "no-cache")], Json(version))
}

/// Adds the header `Api-Version` to a response.
pub async fn add_header(mut response: Response) -> Response {
    let version = HeaderValue::from_static(API_VERSION);
    response.headers_mut().insert(API_VERSION_HEADER, version);
    response
}
