//! Errors of the service, as `application/problem+json` (RFC 9457).

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Why there is no answer. The pages find it among the extensions of the response, and say it in HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    /// What is wrong, with the offending value.
    pub detail: String,
    /// The parameter that is bad.
    pub parameter: Option<Cow<'static, str>>,
}

/// A problem as it is told.
#[derive(Serialize, ToSchema)]
pub struct ProblemDetails {
    /// `about:blank`: the title says it all
    pub r#type: &'static str,
    pub title: &'static str,
    pub status: u16,
    /// What is wrong, with the offending value
    pub detail: String,
    /// The parameter that is bad
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

    /// Whether it is a parameter of this name that is bad.
    #[must_use]
    pub fn is_about(&self, parameter: &str) -> bool {
        self.parameter.as_deref() == Some(parameter)
    }

    /// Others are being served with all that there is room for.
    #[must_use]
    pub fn too_many() -> Self {
        let detail = "too many requests are being answered: try again in a moment";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    }

    /// What went wrong is for the log; a reader gets no more than that it did.
    #[must_use]
    pub fn unavailable(error: &anyhow::Error) -> Self {
        if is_to_be_told(
            &mut LAST_TOLD.lock().unwrap_or_else(PoisonError::into_inner),
            Instant::now(),
        ) {
            tracing::error!("cannot read the database: {error:#}");
        }
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the database cannot be read at the moment: try again in a minute",
        )
    }
}

/// How long the log is spared further errors of the database: they are the same for every request.
const BETWEEN_ERRORS: Duration = Duration::from_secs(5);

static LAST_TOLD: Mutex<Option<Instant>> = Mutex::new(None);

fn is_to_be_told(last: &mut Option<Instant>, now: Instant) -> bool {
    let is_due = last.is_none_or(|last| now.duration_since(last) >= BETWEEN_ERRORS);
    if is_due {
        *last = Some(now);
    }
    is_due
}

/// In seconds, where the service is what an answer has to wait for.
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

/// Answers a path at which there is nothing.
pub async fn unknown_path(uri: Uri) -> Problem {
    Problem::not_found(format!("there is nothing at {:?}", uri.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_now_and_then() {
        let (mut last, start) = (None, Instant::now());
        let told = [0, 1, 4, 5, 6, 9, 10]
            .map(|second| is_to_be_told(&mut last, start + Duration::from_secs(second)));
        assert_eq!(told, [true, false, false, true, false, false, true]);
    }
}
