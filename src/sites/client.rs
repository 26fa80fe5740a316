//! The HTTP client of one booking site: it spaces and retries requests, and limits their time and size.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use backon::{ExponentialBuilder, Retryable};
use reqwest::header::{
    CONNECTION, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LAST_MODIFIED,
};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, StatusCode, Url};
use serde::Serialize;

use super::body::{Body, BodyBudget};
use super::cookies::SiteCookies;
use super::deadline::Deadline;
use super::error::SourceError;
use super::limits::RequestLimits;
use super::policy;
use super::rate_limiter::RateLimiter;
use super::receive::{connection_error, receive_body, receive_error};
use super::retry::{self, is_retryable, retry_after};
use super::warnings::Warnings;
use crate::domain::request_slots::RequestSlotStore;
use crate::domain::timings::Stage;
use crate::domain::validators::Validators;
use crate::runtime::http;
use crate::runtime::timing::Meter;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How many bytes of each answer a site may send before the program reads them, with HTTP/2. Answers that wait for
/// their share of the budget must leave room for the others in what the connection may hold.
const HTTP2_STREAM_WINDOW: u32 = 64 * 1024;
const HTTP2_CONNECTION_WINDOW: u32 = 5 * 1024 * 1024;

/// A site's answer to a conditional request.
pub enum SiteResponse {
    /// A new answer, and its HTTP cache validators.
    Body(Body, Validators),
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
    cookies: Arc<SiteCookies>,
    /// Limits the memory of answers.
    budget: BodyBudget,
    base_url: Url,
    rate_limiter: RateLimiter,
    request_timeout: Duration,
    backoff: ExponentialBuilder,
    /// The kinds of failures whose retries were warned of.
    warned: Warnings,
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
        let cookies = Arc::new(SiteCookies::default());
        let http = http::client(&base_url)
            .cookie_provider(Arc::clone(&cookies))
            .user_agent(policy::user_agent(limits.contact.as_deref()))
            // A redirect could lead to another host, and would be a request that is not spaced. The sites'
            // APIs do not redirect.
            .redirect(Policy::none())
            // With HTTP/1, a site or proxy that sends an extra answer would have it taken for the answer to
            // the next request on the connection, and most answers do not name their hut. No client can tell
            // such an answer if it arrives after the next request was sent. So each request has a connection of
            // its own. HTTP/2 numbers its answers, ignores this header, and shares one connection.
            .default_headers(HeaderMap::from_iter([(
                CONNECTION,
                HeaderValue::from_static("close"),
            )]))
            .http2_initial_stream_window_size(HTTP2_STREAM_WINDOW)
            .http2_initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
            .connect_timeout(CONNECT_TIMEOUT.min(limits.request_timeout));
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
            budget: BodyBudget::default(),
            base_url,
            rate_limiter,
            request_timeout: limits.request_timeout,
            backoff,
            warned: Warnings::default(),
        })
    }

    /// Spaces the requests together with the requests of all other runs that use the same slots.
    #[must_use]
    pub fn with_shared_slots(self, slots: Arc<dyn RequestSlotStore>) -> Self {
        Self { rate_limiter: self.rate_limiter.shared(slots, self.organization.clone()), ..self }
    }

    /// Limits the memory of answers together with the other sites that have the same budget.
    #[must_use]
    pub fn with_budget(self, budget: BodyBudget) -> Self {
        Self { budget, ..self }
    }

    /// Keeps the cookies with these names, and sends them back. Without this, the site gets no cookies.
    #[must_use]
    pub fn with_cookies(self, names: &[&'static str]) -> Self {
        self.cookies.need(names);
        self
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

    /// The `Cookie` header of requests: `name=value; …`. None if the site has set none of the cookies that it needs.
    #[must_use]
    pub fn cookies(&self) -> Option<HeaderValue> {
        self.cookies.header()
    }

    /// Sends a GET request, retries it after transient errors, and returns the body of the answer. The body must be
    /// dropped before the next request of the same task, which may otherwise wait for it.
    pub async fn get(&self, url: Url) -> Result<Body, SourceError> {
        self.fetch_body(self.http.get(url.clone()), &url).await
    }

    /// Sends a POST request with the body `json` and one additional header, and retries it like `get`. Only
    /// for queries: a request that changes something at the site must not be sent twice.
    pub async fn post(
        &self,
        url: Url,
        json: &(impl Serialize + Sync),
        (name, value): (HeaderName, HeaderValue),
    ) -> Result<Body, SourceError> {
        let request = self.http.post(url.clone()).json(json).header(name, value);
        self.fetch_body(request, &url).await
    }

    /// Sends a POST request with a form, and retries it like `post`. Only for queries, like `post`.
    pub async fn post_form(&self, url: Url, fields: &[(&str, &str)]) -> Result<Body, SourceError> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(url.clone()).body(form);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.fetch_body(request, &url).await
    }

    /// Like `get`, but `Unmodified` if the site says that the answer with the validators `cached` is still
    /// valid. Validators that another address gave are not sent.
    pub async fn get_if_modified(
        &self,
        url: Url,
        cached: &Validators,
    ) -> Result<SiteResponse, SourceError> {
        let cached = cached.for_address(url.as_str());
        let headers = [(IF_NONE_MATCH, &cached.etag), (IF_MODIFIED_SINCE, &cached.last_modified)];
        let mut request = self.http.get(url.clone());
        for (name, value) in headers {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        match self.fetch(request, &url).await? {
            SiteResponse::Body(body, validators) => {
                Ok(SiteResponse::Body(body, validators.given_by(url.as_str())))
            }
            SiteResponse::Unmodified if cached == Validators::default() => {
                Err(unexpected_not_modified())
            }
            SiteResponse::Unmodified => Ok(SiteResponse::Unmodified),
        }
    }

    async fn fetch_body(&self, request: RequestBuilder, url: &Url) -> Result<Body, SourceError> {
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
                self.warned.of_retry(url, error, wait);
            })
            .await
    }

    async fn attempt(&self, request: RequestBuilder) -> Result<SiteResponse, SourceError> {
        let begin = Instant::now();
        let started = self.rate_limiter.start().await;
        self.meter.since(begin, Stage::WaitingForSpacing);
        started?;
        let begin = Instant::now();
        let mut deadline = Deadline::after(self.request_timeout);
        let answer = self.send(request, &mut deadline).await;
        self.meter.request(&self.organization, begin + deadline.suspended());
        let error = match answer {
            Ok(fetched) => return Ok(fetched),
            Err(error) => error,
        };
        if let Some(duration) = retry_after(&error) {
            self.rate_limiter.pause(duration);
        }
        Err(error)
    }

    async fn send(
        &self,
        request: RequestBuilder,
        deadline: &mut Deadline,
    ) -> Result<SiteResponse, SourceError> {
        let begin = Instant::now();
        let response = deadline.wait_for(request.send()).await?;
        let response = response.map_err(|error| self.error(&error))?;
        let (status, waited) = (response.status(), begin.elapsed().as_secs_f64());
        tracing::debug!("{status} after {waited:.3} s from {}", response.url());
        match status {
            StatusCode::OK => {
                let header =
                    |name| response.headers().get(name).and_then(|value| value.to_str().ok());
                let validators = Validators::new(header(ETAG), header(LAST_MODIFIED), header(DATE));
                let error = |error: &reqwest::Error| self.error(error);
                let body = receive_body(response, &self.budget, deadline, error).await?;
                Ok(SiteResponse::Body(body, validators))
            }
            StatusCode::NOT_MODIFIED => Ok(SiteResponse::Unmodified),
            _ => Err(receive_error(response, deadline).await),
        }
    }

    fn error(&self, error: &reqwest::Error) -> SourceError {
        let host = self.base_url.host_str().unwrap_or_default();
        connection_error(error, host, CONNECT_TIMEOUT.min(self.request_timeout))
    }
}

/// The error of a 304 answer to a request that had no validators.
fn unexpected_not_modified() -> SourceError {
    let (status, body) = (StatusCode::NOT_MODIFIED.as_u16(), String::new());
    SourceError::HttpStatus { status, retry_after: None, body }
}
