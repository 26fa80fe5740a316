//! The errors of the API, as its OpenAPI description has them.

use utoipa::IntoResponses;

use crate::web::problem::ProblemDetails;

/// The errors of every path.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes responses")]
pub enum Problems {
    /// A parameter is not valid; `parameter` has its name
    #[response(status = 400, content_type = "application/problem+json")]
    BadParameter(ProblemDetails),
    /// The client has sent too many requests; `Retry-After` says when it may ask again
    #[response(status = 429, content_type = "application/problem+json")]
    TooManyRequests(ProblemDetails),
    /// The database cannot be read, there are too many requests, or the request took too long
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemDetails),
}

/// No hut has this slug, or no data is stored for it in this period
#[derive(IntoResponses)]
#[response(status = 404, content_type = "application/problem+json")]
#[expect(dead_code, reason = "describes a response")]
pub struct NotFound(ProblemDetails);

/// The path has ended
#[derive(IntoResponses)]
#[response(status = 410, content_type = "application/problem+json")]
#[expect(dead_code, reason = "describes a response")]
pub struct Gone(ProblemDetails);
