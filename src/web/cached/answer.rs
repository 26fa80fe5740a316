//! A cached response: its compressed body, its headers and its ETag.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use super::etag;
use super::memory_budget::MemoryBudget;
use crate::web::limits::WorkPermit;
use crate::web::problem::Problem;

/// The largest response that is cached, in bytes. A year of 700 huts is smaller when it is compressed. A
/// larger response is sent while it is made, without an ETag.
const MAX_CACHED_BYTES: usize = 2 * 1024 * 1024;

/// The memory of a response besides its body, in bytes: about two dozen headers.
const OVERHEAD_BYTES: usize = 2 * 1024;

/// A response with the status 200.
pub struct CachedResponse {
    headers: HeaderMap,
    etag: String,
    body: Bytes,
}

/// A response that is not cached.
pub enum Uncacheable {
    /// Clients that wait for the same response get a copy.
    Shareable(Shareable),
    /// For one client only: the response is too large to be copied, or could not be completed.
    Unshareable(Response),
}

/// A response with another status than 200, or with `no-store`.
pub struct Shareable {
    status: StatusCode,
    headers: HeaderMap,
    /// The problem of the response, from which the website makes an HTML page.
    problem: Option<Problem>,
    body: Bytes,
}

/// Reads the body of a response, so that the response can be cached.
///
/// # Errors
/// The response cannot be cached, or there is no memory for it.
pub async fn to_cached(
    response: Response,
    budget: &MemoryBudget,
) -> Result<CachedResponse, Uncacheable> {
    let (mut parts, body) = response.into_parts();
    // The request counts as in work until the whole body is read, or its streaming has a reservation.
    let _work_permit = parts.extensions.remove::<WorkPermit>();
    let body = match collect(body).await {
        Ok(Collected::Complete(body)) => budget.reserve(body).ok_or_else(out_of_memory)?,
        Ok(Collected::TooLarge(body)) => {
            let body = budget.reserve_stream(body).ok_or_else(out_of_memory)?;
            return Err(Uncacheable::Unshareable(Response::from_parts(parts, body)));
        }
        Err(error) => {
            tracing::error!("a response could not be completed: {error}");
            let detail = "the response could not be completed: try again";
            let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail);
            return Err(Uncacheable::Unshareable(problem.into_response()));
        }
    };
    if parts.status == StatusCode::OK && may_be_stored(&parts.headers) {
        return Ok(CachedResponse::new(parts.headers, body));
    }
    Err(Uncacheable::Shareable(Shareable {
        status: parts.status,
        headers: parts.headers,
        problem: parts.extensions.get().cloned(),
        body,
    }))
}

fn out_of_memory() -> Uncacheable {
    Uncacheable::Unshareable(Problem::too_many().into_response())
}

fn may_be_stored(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CACHE_CONTROL).iter();
    !values.any(|value| value.to_str().is_ok_and(|value| value.contains("no-store")))
}

enum Collected {
    Complete(Bytes),
    /// The whole body, which starts with the part that was already read.
    TooLarge(Body),
}

async fn collect(body: Body) -> Result<Collected, axum::Error> {
    let mut rest = body.into_data_stream();
    let (mut chunks, mut bytes) = (Vec::new(), 0);
    while let Some(chunk) = rest.next().await {
        let chunk = chunk?;
        bytes += chunk.len();
        chunks.push(chunk);
        if bytes > MAX_CACHED_BYTES {
            let already_read = stream::iter(chunks.into_iter().map(Ok));
            return Ok(Collected::TooLarge(Body::from_stream(already_read.chain(rest))));
        }
        // Compression never waits by itself, so other tasks would have to wait for all of it.
        tokio::task::yield_now().await;
    }
    Ok(Collected::Complete(match chunks.as_slice() {
        [one] => one.clone(),
        chunks => chunks.concat().into(),
    }))
}

impl CachedResponse {
    fn new(mut headers: HeaderMap, body: Bytes) -> Self {
        let etag = etag::of(&body);
        let value = HeaderValue::from_str(&etag).expect("hexadecimal digits");
        headers.insert(header::ETAG, value);
        // Also on a response that is too small to be compressed: the cache has a copy per encoding.
        if !headers.contains_key(header::VARY) {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        headers.insert(header::CONTENT_LENGTH, body.len().into());
        headers.remove(header::TRANSFER_ENCODING);
        Self { headers, etag, body }
    }

    /// The memory that the response takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.body.len() + OVERHEAD_BYTES
    }

    /// The response to a client with these request headers: 304 if it has the response already. For HEAD, the
    /// server leaves out the body.
    pub fn response_to(&self, request_headers: &HeaderMap) -> Response {
        let mut headers = self.headers.clone();
        if etag::is_known(request_headers, &self.etag) {
            for name in [header::CONTENT_ENCODING, header::CONTENT_LENGTH, header::CONTENT_TYPE] {
                headers.remove(name);
            }
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, self.body.clone()).into_response()
    }
}

impl Shareable {
    pub fn response(&self) -> Response {
        let mut response = (self.status, self.headers.clone(), self.body.clone()).into_response();
        if let Some(problem) = &self.problem {
            response.extensions_mut().insert(problem.clone());
        }
        response
    }
}
