//! Requests to one site, under its limits: rate_limiter, time-outs, retries, at most so many bytes.

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

/// The largest answer that is read, unpacked. A year of dates is about 130 KB.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// How much of an error's body is kept to tell one error from another.
const MAX_ERROR_BODY_BYTES: usize = 4 * 1024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What a site has sent.
pub enum SiteResponse {
    /// An answer, and by what the site tells it from a later one.
    Body(Vec<u8>, Validators),
    /// It has none but that which is known.
    Unmodified,
}

/// A site that speaks HTTP.
pub struct SiteClient {
    /// Whose site it is, by slug.
    organization: String,
    meter: Meter,
    http: reqwest::Client,
    /// What the site sets, its later requests send back.
    cookies: Arc<Jar>,
    base_url: Url,
    rate_limiter: RateLimiter,
    request_timeout: Duration,
    backoff: ExponentialBuilder,
}

impl SiteClient {
    /// A client of the site of an organization, at `base_url`, which tells `meter` how long it waits.
    ///
    /// # Errors
    /// Where TLS cannot be set up, as on a machine without a list of certificates.
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
            // Neither another host nor a request that is not spaced; the interfaces have no redirects.
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

    /// Spaces the requests together with those of all runs that use the same slots.
    #[must_use]
    pub fn with_shared_slots(self, slots: Arc<dyn RequestSlotStore>) -> Self {
        Self { rate_limiter: self.rate_limiter.shared(slots, self.organization.clone()), ..self }
    }

    /// Waits while a few requests wait for their time already.
    pub async fn ready(&self) {
        self.rate_limiter.ready().await;
    }

    /// Reads an answer of the site, and tells the meter how long that takes.
    pub fn parse<T>(&self, read: impl FnOnce() -> T) -> T {
        self.meter.time(Stage::Parsing, read)
    }

    /// The site's address of `path` (without a slash at its start) with the query `pairs`.
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

    /// What the site has set so far, as it goes with requests to `url`: `name=value; …`.
    #[must_use]
    pub fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        self.cookies.cookies(url)
    }

    /// The body of a successful answer to a GET, tried again as often as may help.
    pub async fn get(&self, url: Url) -> Result<Vec<u8>, SourceError> {
        self.ask(self.http.get(url.clone()), &url).await
    }

    /// The body of a successful answer to a POST of `json` with one more header, likewise. For
    /// questions only: what changes something at the site must not be sent twice.
    pub async fn post(
        &self,
        url: Url,
        json: &(impl Serialize + Sync),
        (name, value): (HeaderName, HeaderValue),
    ) -> Result<Vec<u8>, SourceError> {
        self.ask(self.http.post(url.clone()).json(json).header(name, value), &url).await
    }

    /// The same as of `get`, unless the site says that it is the one that is known.
    pub async fn get_if_modified(
        &self,
        url: Url,
        known: &Validators,
    ) -> Result<SiteResponse, SourceError> {
        let headers = [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)];
        let mut request = self.http.get(url.clone());
        for (name, value) in headers {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let fetched = self.fetch(request, &url).await?;
        if matches!(fetched, SiteResponse::Unmodified) && *known == Validators::default() {
            return Err(unasked_for());
        }
        Ok(fetched)
    }

    async fn ask(&self, request: RequestBuilder, url: &Url) -> Result<Vec<u8>, SourceError> {
        match self.fetch(request, url).await? {
            SiteResponse::Body(body, _) => Ok(body),
            SiteResponse::Unmodified => Err(unasked_for()),
        }
    }

    async fn fetch(&self, request: RequestBuilder, url: &Url) -> Result<SiteResponse, SourceError> {
        let attempt = || self.ask_once(request.try_clone().expect("no body is a stream"));
        attempt
            .retry(self.backoff)
            .when(is_retryable)
            .adjust(|error, wait| {
                let wait = wait?.max(retry_after(error).unwrap_or_default());
                if matches!(error, SourceError::RateLimited { .. }) {
                    // Whoever is asked too fast is so by all of us.
                    self.rate_limiter.pause(wait);
                }
                Some(wait)
            })
            .notify(|error, wait| {
                tracing::warn!("{url}: {error}; trying again in {:.1} s", wait.as_secs_f64());
            })
            .await
    }

    async fn ask_once(&self, request: RequestBuilder) -> Result<SiteResponse, SourceError> {
        let begin = Instant::now();
        let may_start = self.rate_limiter.start().await;
        self.meter.since(begin, Stage::WaitingForSpacing);
        may_start?;
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
            // Relative to what was asked, if it names no host.
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
        if error.is_decode() && !is_of_connection(error) {
            // The packing of the body is broken, not the connection.
            return SourceError::Malformed { path: ".".into(), message: innermost(error) };
        }
        let host = self.base_url.host_str().unwrap_or_default();
        SourceError::Connect(format!("the connection to {host} failed: {}", innermost(error)))
    }
}

/// The word that an answer is known, where nothing is.
fn unasked_for() -> SourceError {
    let (status, body) = (StatusCode::NOT_MODIFIED.as_u16(), String::new());
    SourceError::HttpStatus { status, retry_after: None, body }
}

/// The beginning of an error's body. The status is the news: a body that is too long or breaks off
/// takes nothing from it.
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

/// The cause of a cause …: reqwest's own words name the URL and little else.
fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Whether it is HTTP that broke, which reqwest calls a matter of decoding where the body is not packed.
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
