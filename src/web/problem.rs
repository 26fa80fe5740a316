//! Errors of the service, as `application/problem+json` (RFC 9457).

use std::borrow::Cow;

use axum::http::{StatusCode, header};
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

    /// What went wrong is for the log; a reader gets no more than that it did.
    #[must_use]
    pub fn unavailable(error: &anyhow::Error) -> Self {
        tracing::error!("cannot read the database: {error:#}");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the database cannot be read at the moment: try again in a minute",
        )
    }
}

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
        response.extensions_mut().insert(self);
        response
    }
}
