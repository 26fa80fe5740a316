//! Extracts typed parameters from the path of a URL. Errors become problems (RFC 9457).

use axum::extract::FromRequestParts;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The parameters in the path of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(path)| Self(path)).map_err(|rejection| problem(&rejection))
    }
}

fn problem(rejection: &PathRejection) -> Problem {
    if let PathRejection::FailedToDeserializePathParams(failed) = rejection
        && let ErrorKind::InvalidUtf8InPathParam { key } = failed.kind()
    {
        let detail = format!("the {key} in the path is not valid UTF-8");
        return Problem::bad_parameter(key.clone(), detail);
    }
    Problem::new(StatusCode::BAD_REQUEST, rejection.body_text())
}
