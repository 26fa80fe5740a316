//! Receives the answer to one request, within its time limit and the memory budget of the run.

use std::error::Error;
use std::time::Duration;

use chrono::Utc;
use reqwest::header::{LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};

use super::body::{Body, BodyBudget};
use super::deadline::Deadline;
use super::error::SourceError;
use crate::runtime::retry_after::parse_retry_after;

/// How many bytes of an error's body, or of a redirect's address, are kept. They tell errors with the same status
/// apart.
const MAX_ERROR_BYTES: usize = 4 * 1024;

/// Receives the body of an answer. The site waits while the budget has no room for it.
///
/// # Errors
/// `Timeout`, `TooLarge`, or what `error` makes of an error of the connection.
pub async fn receive_body(
    mut response: Response,
    budget: &BodyBudget,
    deadline: &mut Deadline,
    error: impl Fn(&reqwest::Error) -> SourceError,
) -> Result<Body, SourceError> {
    let mut body = deadline.suspend(budget.body()).await;
    loop {
        let chunk = deadline.wait_for(response.chunk()).await?;
        let Some(chunk) = chunk.map_err(|failed| error(&failed))? else { return Ok(body) };
        deadline.suspend(body.make_room(chunk.len())).await?;
        body.push(&chunk);
    }
}

/// Receives an answer whose status is an error.
pub async fn receive_error(response: Response, deadline: &Deadline) -> SourceError {
    let status = response.status();
    if let Some(location) = response.headers().get(LOCATION).filter(|_| status.is_redirection()) {
        let location = location.as_bytes();
        let location = String::from_utf8_lossy(&location[..location.len().min(MAX_ERROR_BYTES)]);
        // The address may be relative to the request's URL.
        let location = response.url().join(&location).map_or(location.into(), String::from);
        return SourceError::Redirect { status: status.as_u16(), location };
    }
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = header.and_then(|value| parse_retry_after(value, Utc::now()));
    let body = String::from_utf8_lossy(&beginning(response, deadline).await).into_owned();
    let status_code = status.as_u16();
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::FORBIDDEN => {
            SourceError::RateLimited { status: status_code, retry_after, body }
        }
        _ => SourceError::HttpStatus { status: status_code, retry_after, body },
    }
}

/// The first [`MAX_ERROR_BYTES`] of an error's body. Errors while it is read are ignored, because the status
/// already says what is wrong.
async fn beginning(mut response: Response, deadline: &Deadline) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Ok(Some(chunk))) = deadline.wait_for(response.chunk()).await {
        body.extend_from_slice(&chunk);
        if body.len() >= MAX_ERROR_BYTES {
            break;
        }
    }
    body.truncate(MAX_ERROR_BYTES);
    body
}

/// What an error of the connection to `host` means. `connect_timeout` is the time limit for connecting.
#[must_use]
pub fn connection_error(
    error: &reqwest::Error,
    host: &str,
    connect_timeout: Duration,
) -> SourceError {
    if error.is_timeout() {
        // reqwest has no other time limit: a [`Deadline`] limits the whole request.
        return SourceError::Timeout(connect_timeout);
    }
    if error.is_decode() && !is_of_connection(error) {
        // The body cannot be decompressed; the connection is intact.
        return SourceError::Foreign { path: ".".into(), message: innermost(error) };
    }
    SourceError::Connect(format!("the connection to {host} failed: {}", innermost(error)))
}

/// The message of the innermost cause. The outer messages of reqwest name the URL and little else.
fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Whether the connection failed. reqwest reports that as a decoding error if the body is not compressed.
fn is_of_connection(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<hyper::Error>() {
            return true;
        }
        cause = error.source();
    }
    false
}
