//! Error responses of the service as `application/problem+json` (RFC 9457).

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::postgres::explained;

/// Why a request failed. It is also an extension of the response, from which the website makes an HTML page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    /// What is wrong, with the invalid value.
    pub detail: String,
    /// The name of the invalid parameter.
    pub parameter: Option<Cow<'static, str>>,
}

/// The body of an error response (RFC 9457).
#[derive(Serialize, ToSchema)]
pub struct ProblemDetails {
    /// Always `about:blank`: `title` and `status` name the kind of problem
    pub r#type: &'static str,
    pub title: &'static str,
    pub status: u16,
    /// What is wrong, with the invalid value
    pub detail: String,
    /// The name of the invalid parameter, if the error is about one
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<Cow<'static, str>>,
}

impl Problem {
    #[must_use]
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), parameter: None }
    }

    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    #[must_use]
    pub fn bad_parameter(
        parameter: impl Into<Cow<'static, str>>,
        detail: impl Into<String>,
    ) -> Self {
        Self { parameter: Some(parameter.into()), ..Self::new(StatusCode::BAD_REQUEST, detail) }
    }

    /// Whether the problem is about the parameter with this name.
    #[must_use]
    pub fn is_about(&self, parameter: &str) -> bool {
        self.parameter.as_deref() == Some(parameter)
    }

    /// The limits of the service are used up by other requests.
    #[must_use]
    pub fn too_many() -> Self {
        let detail = "too many requests at the moment: try again in a few seconds";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    }

    /// The database cannot be read. The cause goes to the log only, not to the client.
    #[must_use]
    pub fn unavailable(error: &anyhow::Error) -> Self {
        if should_log(
            &mut LAST_LOGGED.lock().unwrap_or_else(PoisonError::into_inner),
            Instant::now(),
        ) {
            tracing::error!("cannot read the database: {}", explained(error));
        }
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the database cannot be read at the moment: try again in a minute",
        )
    }
}

/// The shortest time between two logged errors of the database. They are usually the same for every request.
const LOG_INTERVAL: Duration = Duration::from_secs(5);

static LAST_LOGGED: Mutex<Option<Instant>> = Mutex::new(None);

/// Whether an error is logged now; if so, sets `last` to `now`.
fn should_log(last: &mut Option<Instant>, now: Instant) -> bool {
    let is_due = last.is_none_or(|last| now.duration_since(last) >= LOG_INTERVAL);
    if is_due {
        *last = Some(now);
    }
    is_due
}

/// Seconds after which a client may try again when the service is overloaded or cannot read the database.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let details = ProblemDetails {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or_default(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            parameter: self.parameter.clone(),
        };
        let body = serde_json::to_vec(&details).expect("texts and numbers");
        let headers = [
            (header::CONTENT_TYPE, "application/problem+json"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        let mut response = (self.status, headers, body).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The response to a path without a route.
pub async fn unknown_path(uri: Uri) -> Problem {
    Problem::not_found(format!("no page or resource has the path {:?}", uri.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_errors_are_logged_at_most_every_five_seconds() {
        let (mut last, start) = (None, Instant::now());
        let logged = [0, 1, 4, 5, 6, 9, 10]
            .map(|second| should_log(&mut last, start + Duration::from_secs(second)));
        assert_eq!(logged, [true, false, false, true, false, false, true]);
    }
}
