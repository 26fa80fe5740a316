//! Posts a message over HTTP, for the channels that do.

use std::error::Error;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use super::mask::Mask;
use super::outcome::{MAX_REPLY_LEN, Receipt, SendError};
use crate::runtime::http;
use crate::runtime::retry_after::parse_retry_after;
use crate::text::clean::one_line;
use crate::text::humanize::duration;

/// How many bytes of an answer are read. Only its first line is shown.
const MAX_ANSWER_BYTES: usize = 4 * 1024;

/// Posts to the URL of a channel.
pub struct Poster {
    client: Client,
    url: Url,
    timeout: Duration,
    mask: Mask,
}

/// An answer of the receiver. It has no secrets.
pub struct Answer {
    pub status: StatusCode,
    /// Scheme and host of the receiver.
    origin: String,
    /// The status, and the first line of the body.
    reply: String,
    retry_after: Option<Duration>,
}

impl Poster {
    /// `mask` has the secrets that the channel sends besides the URL.
    ///
    /// # Errors
    /// The client cannot be made, such as without certificates of authorities.
    pub fn new(url: Url, timeout: Duration, mut mask: Mask) -> anyhow::Result<Self> {
        mask.add_url(&url);
        let agent = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        // A redirected message would go to a receiver that nobody chose.
        let client = http::client(&url).redirect(Policy::none()).user_agent(agent).build();
        let client = client.map_err(|error| anyhow::anyhow!("{}", innermost(&error)));
        Ok(Self { client: client.context("cannot make an HTTP client")?, url, timeout, mask })
    }

    /// Posts a value as JSON.
    ///
    /// # Errors
    /// As [`Self::post`].
    pub async fn post_json(
        &self,
        value: &(impl Serialize + Sync),
        headers: HeaderMap,
        now: DateTime<Utc>,
    ) -> Result<Answer, SendError> {
        let body = serde_json::to_vec(value)
            .map_err(|error| SendError::permanent(format!("cannot write the JSON: {error}")))?;
        self.post(body, headers, now).await
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// The receiver did not answer in time, or redirects.
    pub async fn post(
        &self,
        json: Vec<u8>,
        mut headers: HeaderMap,
        now: DateTime<Utc>,
    ) -> Result<Answer, SendError> {
        let deadline = Instant::now() + self.timeout;
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let request = self.client.post(self.url.clone()).headers(headers).body(json);
        let response = timeout_at(deadline, request.send()).await;
        let response = response.map_err(|_| self.timed_out())?;
        let response = response.map_err(|error| self.connection_failed(error))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(self.redirected(&response));
        }
        let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = header.and_then(|value| parse_retry_after(value, now));
        // The status says already whether the message was taken. So a body that does not arrive is no error.
        let reply = reply(status, &self.mask.apply(&beginning(response, deadline).await));
        Ok(Answer { status, reply, retry_after, origin: self.origin() })
    }

    /// Scheme and host: the rest of the URL may be secret.
    fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    fn timed_out(&self) -> SendError {
        let limit = duration(TimeDelta::from_std(self.timeout).unwrap_or(TimeDelta::MAX));
        SendError::transient(format!("{} did not answer within {limit}", self.origin()))
    }

    fn connection_failed(&self, error: reqwest::Error) -> SendError {
        let why = self.mask.apply(&innermost(&error.without_url()));
        let why = one_line(&why, MAX_REPLY_LEN);
        SendError::transient(format!("the connection to {} failed: {why}", self.origin()))
    }

    fn redirected(&self, response: &Response) -> SendError {
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let target = location.and_then(|location| self.url.join(location).ok());
        let target =
            target.map_or("another address".into(), |url| url.origin().ascii_serialization());
        SendError::permanent(format!(
            "{} answered {} and redirects to {target}: redirects are not followed; check the channel's url",
            self.origin(),
            response.status(),
        ))
    }
}

impl Answer {
    /// # Errors
    /// The status is not one of success.
    pub fn receipt(self) -> Result<Receipt, SendError> {
        if self.status.is_success() {
            return Ok(Receipt { reply: self.reply });
        }
        let message = format!("{} answered {}{}", self.origin, self.reply, hint(self.status));
        let is_permanent = is_permanent(self.status);
        Err(SendError { message, retry_after: self.retry_after, is_permanent })
    }
}

/// The status and the first line of the answer.
fn reply(status: StatusCode, body: &str) -> String {
    let line = body.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    match one_line(line, MAX_REPLY_LEN).as_str() {
        "" => status.to_string(),
        line => format!("{status}: {line}"),
    }
}

/// Whether the same request fails with this status again.
fn is_permanent(status: StatusCode) -> bool {
    let may_pass =
        [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
    !status.is_server_error() && !may_pass.contains(&status)
}

fn hint(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "; check the channel's log-in or secret"
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE => {
            "; check the channel's url"
        }
        _ => "",
    }
}

/// The first [`MAX_ANSWER_BYTES`] of an answer, or what of them has arrived by the deadline.
async fn beginning(mut response: Response, deadline: Instant) -> String {
    let mut body = Vec::new();
    while let Ok(Ok(Some(chunk))) = timeout_at(deadline, response.chunk()).await {
        body.extend_from_slice(&chunk);
        if body.len() >= MAX_ANSWER_BYTES {
            break;
        }
    }
    body.truncate(MAX_ANSWER_BYTES);
    String::from_utf8_lossy(&body).into_owned()
}

/// The message of the innermost cause. The outer messages of reqwest say little else.
fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
