//! `/v1/openapi.json`: the OpenAPI description, which is generated from the types of the API.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use utoipa::OpenApi;

use crate::web::problem::ProblemDetails;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hut availability",
        description = "How full the mountain huts of the Alps are, now and over time. Read-only."
    ),
    paths(
        super::handlers::map,
        super::handlers::hut,
        super::handlers::trend,
        super::bookings::bookings,
        super::bookings::bookings_geojson,
        super::version::version,
        super::stays::stays,
        super::stays::tours
    ),
    components(schemas(ProblemDetails))
)]
struct Document;

pub async fn document() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=3600")], Json(Document::openapi()))
}
