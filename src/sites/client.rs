//! The HTTP client of one booking site: it spaces and retries requests, and limits their time and size.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use backon::{ExponentialBuilder, Retryable};
use chrono::Utc;
use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{
    DATE, ETAG, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
    RETRY_AFTER,
};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;

use super::error::SourceError;
use super::limits::RequestLimits;
use super::policy;
use super::rate_limiter::RateLimiter;
use super::retry::{self, is_retryable, retry_after};
use crate::domain::request_slots::RequestSlotStore;
use crate::domain::timings::Stage;
use crate::domain::validators::Validators;
use crate::runtime::http;
use crate::runtime::timing::Meter;

/// The largest answer that is read, in bytes after decompression. A year of dates is about 130 KB.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// How many bytes of an error's body are kept. They tell errors with the same status apart.
const MAX_ERROR_BODY_BYTES: usize = 4 * 1024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A site's answer to a conditional request.
pub enum SiteResponse {
    /// A new answer, and its HTTP cache validators.
    Body(Vec<u8>, Validators),
    /// The cached answer is still valid.
    Unmodified,
}

/// A client of one booking site.
pub struct SiteClient {
    /// The slug of the site's organization.
    organization: String,
    meter: Meter,
    http: reqwest::Client,
    /// Cookies that the site set. Later requests send them back.
    cookies: Arc<Jar>,
    base_url: Url,
    rate_limiter: RateLimiter,
    request_timeout: Duration,
    backoff: ExponentialBuilder,
}

impl SiteClient {
    /// A client of an organization's site at `base_url`. `interval` is the time between the starts of two
    /// requests. The client reports its waiting times to `meter`.
    ///
    /// # Errors
    /// If TLS cannot be set up, for example because the machine has no CA certificates.
    pub fn new(
        organization: &str,
        base_url: Url,
        interval: Duration,
        limits: &RequestLimits,
        meter: &Meter,
    ) -> anyhow::Result<Self> {
        let cookies = Arc::new(Jar::default());
        let http = http::client(&base_url)
            .cookie_provider(Arc::clone(&cookies))
            .user_agent(policy::user_agent(limits.contact.as_deref()))
            // A redirect could lead to another host, and would be a request that is not spaced. The sites'
            // APIs do not redirect.
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT.min(limits.request_timeout))
            .timeout(limits.request_timeout);
        let http = http.build().context(
            "cannot set up the HTTP client (if it lacks certificates: Debian's package \
             ca-certificates has them)",
        )?;
        let backoff = ExponentialBuilder::default()
            .with_min_delay(retry::FIRST_WAIT)
            .with_max_delay(retry::MAX_WAIT)
            .with_max_times(limits.retries)
            .with_jitter();
        let rate_limiter = RateLimiter::new(interval);
        Ok(Self {
            organization: organization.to_owned(),
            meter: meter.clone(),
            http,
            cookies,
            base_url,
            rate_limiter,
            request_timeout: limits.request_timeout,
            backoff,
        })
    }

    /// Spaces the requests together with the requests of all other runs that use the same slots.
    #[must_use]
    pub fn with_shared_slots(self, slots: Arc<dyn RequestSlotStore>) -> Self {
        Self { rate_limiter: self.rate_limiter.shared(slots, self.organization.clone()), ..self }
    }

    /// Blocks until the queue of unsent requests is short enough to begin another check.
    pub async fn ready(&self) {
        self.rate_limiter.ready().await;
    }

    /// Runs `parse`, which parses an answer, and reports its duration to the meter.
    pub fn parse<T>(&self, parse: impl FnOnce() -> T) -> T {
        self.meter.time(Stage::Parsing, parse)
    }

    /// The URL of `path` at this site, with the query parameters `pairs`. `path` has no slash at its start.
    #[must_use]
    pub fn url(&self, path: &str, pairs: &[(&str, &str)]) -> Url {
        let mut url = self.base_url.clone();
        url.set_path(&format!("{}/{path}", url.path().trim_end_matches('/')));
        url.set_query(None);
        if !pairs.is_empty() {
            url.query_pairs_mut().extend_pairs(pairs);
        }
        url
    }

    /// The `Cookie` header of requests to `url`: `name=value; …`. None if the site has set no cookie.
    #[must_use]
    pub fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        self.cookies.cookies(url)
    }

    /// Sends a GET request, retries it after transient errors, and returns the body of the answer.
    pub async fn get(&self, url: Url) -> Result<Vec<u8>, SourceError> {
        self.fetch_body(self.http.get(url.clone()), &url).await
    }

    /// Sends a POST request with the body `json` and one additional header, and retries it like `get`. Only
    /// for queries: a request that changes something at the site must not be sent twice.
    pub async fn post(
        &self,
        url: Url,
        json: &(impl Serialize + Sync),
        (name, value): (HeaderName, HeaderValue),
    ) -> Result<Vec<u8>, SourceError> {
        let request = self.http.post(url.clone()).json(json).header(name, value);
        self.fetch_body(request, &url).await
    }

    /// Like `get`, but `Unmodified` if the site says that the answer with the validators `cached` is still
    /// valid.
    pub async fn get_if_modified(
        &self,
        url: Url,
        cached: &Validators,
    ) -> Result<SiteResponse, SourceError> {
        let headers = [(IF_NONE_MATCH, &cached.etag), (IF_MODIFIED_SINCE, &cached.last_modified)];
        let mut request = self.http.get(url.clone());
        for (name, value) in headers {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let fetched = self.fetch(request, &url).await?;
        if matches!(fetched, SiteResponse::Unmodified) && *cached == Validators::default() {
            return Err(unexpected_not_modified());
        }
        Ok(fetched)
    }

    async fn fetch_body(&self, request: RequestBuilder, url: &Url) -> Result<Vec<u8>, SourceError> {
        match self.fetch(request, url).await? {
            SiteResponse::Body(body, _) => Ok(body),
            SiteResponse::Unmodified => Err(unexpected_not_modified()),
        }
    }

    async fn fetch(&self, request: RequestBuilder, url: &Url) -> Result<SiteResponse, SourceError> {
        let attempt = || self.attempt(request.try_clone().expect("no body is a stream"));
        attempt
            .retry(self.backoff)
            .when(is_retryable)
            .adjust(|error, wait| {
                let wait = wait?.max(retry_after(error).unwrap_or_default());
                if matches!(error, SourceError::RateLimited { .. }) {
                    // The site limits all requests of this run together, so all of them pause.
                    self.rate_limiter.pause(wait);
                }
                Some(wait)
            })
            .notify(|error, wait| {
                tracing::warn!("{url}: {error}; trying again in {:.1} s", wait.as_secs_f64());
            })
            .await
    }

    async fn attempt(&self, request: RequestBuilder) -> Result<SiteResponse, SourceError> {
        let begin = Instant::now();
        let started = self.rate_limiter.start().await;
        self.meter.since(begin, Stage::WaitingForSpacing);
        started?;
        let begin = Instant::now();
        let answer = self.send(request).await;
        self.meter.request(&self.organization, begin);
        let error = match answer {
            Ok(fetched) => return Ok(fetched),
            Err(error) => error,
        };
        if let Some(duration) = retry_after(&error) {
            self.rate_limiter.pause(duration);
        }
        Err(error)
    }

    async fn send(&self, request: RequestBuilder) -> Result<SiteResponse, SourceError> {
        let begin = Instant::now();
        let response = request.send().await.map_err(|error| self.error(&error))?;
        let (status, waited) = (response.status(), begin.elapsed().as_secs_f64());
        tracing::debug!("{status} after {waited:.3} s from {}", response.url());
        match status {
            StatusCode::OK => {
                let header =
                    |name| response.headers().get(name).and_then(|value| value.to_str().ok());
                let validators = Validators::new(header(ETAG), header(LAST_MODIFIED), header(DATE));
                Ok(SiteResponse::Body(self.body(response).await?, validators))
            }
            StatusCode::NOT_MODIFIED => Ok(SiteResponse::Unmodified),
            _ => Err(self.status_error(response).await),
        }
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, SourceError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.error(&error))? {
            if body.len() + chunk.len() > MAX_BODY_BYTES {
                return Err(SourceError::TooLarge(MAX_BODY_BYTES));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    async fn status_error(&self, response: Response) -> SourceError {
        let status = response.status();
        if let Some(location) = response.headers().get(LOCATION).filter(|_| status.is_redirection())
        {
            let location = String::from_utf8_lossy(location.as_bytes());
            // The address may be relative to the request's URL.
            let location = response.url().join(&location).map_or(location.into(), String::from);
            return SourceError::Redirect { status: status.as_u16(), location };
        }
        let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = header.and_then(|value| retry::parse_retry_after(value, Utc::now()));
        let body = String::from_utf8_lossy(&beginning(response).await).into_owned();
        let status_code = status.as_u16();
        match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::FORBIDDEN => {
                SourceError::RateLimited { status: status_code, retry_after, body }
            }
            _ => SourceError::HttpStatus { status: status_code, retry_after, body },
        }
    }

    fn error(&self, error: &reqwest::Error) -> SourceError {
        if error.is_timeout() {
            let connecting = CONNECT_TIMEOUT.min(self.request_timeout);
            let waited = if error.is_connect() { connecting } else { self.request_timeout };
            return SourceError::Timeout(waited);
        }
        if error.is_decode() && !is_connection_error(error) {
            // The body cannot be decompressed; the connection is intact.
            return SourceError::Foreign { path: ".".into(), message: innermost(error) };
        }
        let host = self.base_url.host_str().unwrap_or_default();
        SourceError::Connect(format!("the connection to {host} failed: {}", innermost(error)))
    }
}

/// The error of a 304 answer to a request that had no validators.
fn unexpected_not_modified() -> SourceError {
    let (status, body) = (StatusCode::NOT_MODIFIED.as_u16(), String::new());
    SourceError::HttpStatus { status, retry_after: None, body }
}

/// The first [`MAX_ERROR_BODY_BYTES`] of an error's body. Errors while it is read are ignored, because the
/// status already says what is wrong.
async fn beginning(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() >= MAX_ERROR_BODY_BYTES {
            break;
        }
    }
    body.truncate(MAX_ERROR_BODY_BYTES);
    body
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
fn is_connection_error(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<hyper::Error>() {
            return true;
        }
        cause = error.source();
    }
    false
}
