//! An answer as it is kept: packed, and with its ETag.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use super::etag;
use super::memory_budget::MemoryBudget;
use crate::web::limits::WorkPermit;
use crate::web::problem::Problem;

/// The largest answer that is kept, in bytes: more than a year of 700 huts is packed. A larger one goes
/// through as it is made, without ETag.
const MAX_CACHED_BYTES: usize = 2 * 1024 * 1024;

/// What an answer takes besides its body, in bytes: about two dozen headers.
const OVERHEAD_BYTES: usize = 2 * 1024;

/// An answer with the status 200.
pub struct CachedAnswer {
    headers: HeaderMap,
    etag: String,
    body: Bytes,
}

/// What is not kept.
pub enum Uncacheable {
    /// Who waits for the same answer has it all the same.
    Shareable(Shareable),
    /// Too large to be kept or shared, or broken off: for the one who asked.
    Alone(Response),
}

/// Another answer than one with the status 200, or one that is not to be stored.
pub struct Shareable {
    status: StatusCode,
    headers: HeaderMap,
    /// What the pages say in HTML.
    problem: Option<Problem>,
    body: Bytes,
}

/// Makes of a response what can be kept, if there is room for it.
pub async fn made(response: Response, budget: &MemoryBudget) -> Result<CachedAnswer, Uncacheable> {
    let (mut parts, body) = response.into_parts();
    // It is worked on until all of it is there, or it has room as one that is streamed.
    let _turn = parts.extensions.remove::<WorkPermit>();
    let body = match collect(body).await {
        Ok(Collected::Shareable(body)) => budget.hold(body).ok_or_else(no_room)?,
        Ok(Collected::Larger(body)) => {
            let body = budget.stream(body).ok_or_else(no_room)?;
            return Err(Uncacheable::Alone(Response::from_parts(parts, body)));
        }
        Err(error) => {
            tracing::error!("an answer broke off: {error}");
            let detail = "the answer broke off: try again";
            let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail);
            return Err(Uncacheable::Alone(problem.into_response()));
        }
    };
    if parts.status == StatusCode::OK && may_be_stored(&parts.headers) {
        return Ok(CachedAnswer::new(parts.headers, body));
    }
    Err(Uncacheable::Shareable(Shareable {
        status: parts.status,
        headers: parts.headers,
        problem: parts.extensions.get().cloned(),
        body,
    }))
}

fn no_room() -> Uncacheable {
    Uncacheable::Alone(Problem::too_many().into_response())
}

fn may_be_stored(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CACHE_CONTROL).iter();
    !values.any(|value| value.to_str().is_ok_and(|value| value.contains("no-store")))
}

enum Collected {
    Shareable(Bytes),
    /// All of it, the part that was taken already in front.
    Larger(Body),
}

async fn collect(body: Body) -> Result<Collected, axum::Error> {
    let mut rest = body.into_data_stream();
    let (mut chunks, mut bytes) = (Vec::new(), 0);
    while let Some(chunk) = rest.next().await {
        let chunk = chunk?;
        bytes += chunk.len();
        chunks.push(chunk);
        if bytes > MAX_CACHED_BYTES {
            let taken = stream::iter(chunks.into_iter().map(Ok));
            return Ok(Collected::Larger(Body::from_stream(taken.chain(rest))));
        }
        // Packing is work without a pause: others have their turn in between.
        tokio::task::yield_now().await;
    }
    Ok(Collected::Shareable(match chunks.as_slice() {
        [one] => one.clone(),
        chunks => chunks.concat().into(),
    }))
}

impl CachedAnswer {
    fn new(mut headers: HeaderMap, body: Bytes) -> Self {
        let etag = etag::of(&body);
        let value = HeaderValue::from_str(&etag).expect("hexadecimal digits");
        headers.insert(header::ETAG, value);
        // Also where it was not worth packing: another client's copy is not this one's.
        if !headers.contains_key(header::VARY) {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        headers.insert(header::CONTENT_LENGTH, body.len().into());
        headers.remove(header::TRANSFER_ENCODING);
        Self { headers, etag, body }
    }

    /// What it takes in memory.
    pub fn bytes(&self) -> usize {
        self.body.len() + OVERHEAD_BYTES
    }

    /// The answer to a client that may have it already. To HEAD, the server leaves out the body.
    pub fn to(&self, asked: &HeaderMap) -> Response {
        let mut headers = self.headers.clone();
        if etag::is_known(asked, &self.etag) {
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
