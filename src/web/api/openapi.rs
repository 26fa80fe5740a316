//! `/v1/openapi.json`: the API's description, generated from its types.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use utoipa::{IntoResponses, OpenApi};

use crate::web::problem::ProblemDetails;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hut availability",
        description = "How full the mountain huts of the Alps are, now and over time. Read-only."
    ),
    paths(super::map, super::hut, super::trend),
    components(schemas(ProblemDetails))
)]
struct Document;

pub async fn document() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=3600")], Json(Document::openapi()))
}

/// What any path may answer instead.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers")]
pub enum Problems {
    /// A parameter is bad: `parameter` names it
    #[response(status = 400, content_type = "application/problem+json")]
    BadParameter(ProblemDetails),
    /// The database cannot be read, or too many ask at once
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemDetails),
}

/// There is no such hut, or nothing is known of it at that time
#[derive(IntoResponses)]
#[response(status = 404, content_type = "application/problem+json")]
#[expect(dead_code, reason = "describes an answer")]
pub struct NotFound(ProblemDetails);
