//! Asks one of the two services, politely: a pause between requests, `Retry-After` obeyed, a budget of requests.

use std::error::Error;
use std::time::Duration;

use anyhow::anyhow;
use chrono::Utc;
use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::Value;
use tokio::time::{Instant, sleep, sleep_until};

use super::answers::Answer;
use crate::runtime::http;
use crate::runtime::retry_after::parse_retry_after;

/// How long an answer may take. A map of all huts takes the other service seconds.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The most bytes of an answer: some times what a map of all huts has.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// How often a request is sent in all, if it fails.
const MAX_TRIES: u32 = 3;

/// The pause before a request is sent again, if the service names none.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause that is obeyed. If the service asks for a longer one, the comparison ends.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(120);

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// No further question is asked.
    #[error("the service asks to wait {} s", .0.as_secs())]
    RateLimited(Duration),
    /// No further question is asked.
    #[error("the budget of requests is used up")]
    Budget,
    #[error("{0}")]
    Failed(String),
}

/// Sends requests to a service.
pub struct Asker {
    client: Client,
    base: Url,
    interval: Duration,
    next_request: Instant,
    /// The requests that may still be sent.
    budget: u32,
    sent: u32,
}

impl Asker {
    /// # Errors
    /// The client cannot be made, such as without certificates of authorities.
    pub fn new(base: Url, interval: Duration, budget: u32) -> anyhow::Result<Self> {
        let agent = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"), " (compare)");
        // An answer of another address would be another service's.
        let client =
            http::client(&base).redirect(Policy::none()).user_agent(agent).timeout(TIMEOUT).build();
        let client = client.map_err(|error| anyhow!("cannot make an HTTP client: {error}"))?;
        Ok(Self { client, base, interval, next_request: Instant::now(), budget, sent: 0 })
    }

    /// The number of requests that were sent.
    #[must_use]
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Whether another request may be sent.
    #[must_use]
    pub fn has_budget(&self) -> bool {
        self.budget > 0
    }

    /// Asks for a path. A request that fails in passing is sent again.
    ///
    /// # Errors
    /// There is no usable answer.
    pub async fn ask(&mut self, path: &str) -> Result<Answer, NoAnswer> {
        let mut failure = NoAnswer::Budget;
        for _ in 0..MAX_TRIES {
            let Some(budget) = self.budget.checked_sub(1) else { return Err(failure) };
            self.budget = budget;
            let pause = match self.send(path).await {
                Ok(response) => match retry_pause(&response) {
                    None => return read(response).await,
                    Some(pause) if pause > MAX_RETRY_AFTER => {
                        return Err(NoAnswer::RateLimited(pause));
                    }
                    Some(pause) => {
                        failure = match response.status() {
                            StatusCode::TOO_MANY_REQUESTS => NoAnswer::RateLimited(pause),
                            status => NoAnswer::Failed(format!("status {}", status.as_u16())),
                        };
                        pause
                    }
                },
                Err(error) => {
                    failure = NoAnswer::Failed(innermost(&error));
                    RETRY_PAUSE
                }
            };
            sleep(pause).await;
        }
        Err(failure)
    }

    async fn send(&mut self, path: &str) -> reqwest::Result<Response> {
        sleep_until(self.next_request).await;
        self.next_request = Instant::now() + self.interval;
        self.sent += 1;
        // The base may have a path of its own.
        let url = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        self.client.get(url).send().await
    }
}

/// How long to wait before the request is sent again; none if the answer is one.
fn retry_pause(response: &Response) -> Option<Duration> {
    let may_pass = [
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::BAD_GATEWAY,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT,
    ];
    if !may_pass.contains(&response.status()) {
        return None;
    }
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let named = header.and_then(|value| parse_retry_after(value, Utc::now()));
    Some(named.unwrap_or(RETRY_PAUSE))
}

async fn read(mut response: Response) -> Result<Answer, NoAnswer> {
    let status = response.status().as_u16();
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() > MAX_ANSWER_BYTES => {
                let message = format!("an answer of more than {MAX_ANSWER_BYTES} bytes");
                return Err(NoAnswer::Failed(message));
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return Err(NoAnswer::Failed(innermost(&error))),
        }
    }
    match serde_json::from_slice(&bytes) {
        Ok(body) => Ok(Answer { status, body }),
        Err(error) if status == 200 => Err(NoAnswer::Failed(format!("no JSON: {error}"))),
        Err(_) => Ok(Answer { status, body: Value::Null }),
    }
}

/// The cause of an error: the outer ones of a client repeat the URL.
fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
