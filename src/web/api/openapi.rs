//! `/v1/openapi.json`: the OpenAPI description, which is generated from the types of the API.

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

/// The errors of every path.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes responses")]
pub enum Problems {
    /// A parameter is not valid; `parameter` has its name
    #[response(status = 400, content_type = "application/problem+json")]
    BadParameter(ProblemDetails),
    /// The database cannot be read, there are too many requests, or the request took too long
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemDetails),
}

/// No hut has this slug, or no data is stored for it in this period
#[derive(IntoResponses)]
#[response(status = 404, content_type = "application/problem+json")]
#[expect(dead_code, reason = "describes a response")]
pub struct NotFound(ProblemDetails);
