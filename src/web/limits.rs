//! Limits of requests: how many are processed at a time, for how long, and with which methods. A handler that
//! panics is answered with status 500.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;

use super::app::MAX_CONNECTIONS;
use super::problem::Problem;

/// The most requests that are processed or queued, without those that are answered from the cache. Further
/// ones are refused at once.
pub const MAX_IN_WORK: usize = 64;

/// The most requests that are processed at a time: one for each connection to the database. This also limits
/// the memory, because the rows and the response of a request are in memory until the response is compressed.
const MAX_PROCESSED: usize = MAX_CONNECTIONS;

/// How long a request is queued. Most requests take milliseconds, so that all [`MAX_IN_WORK`] are processed
/// in time. If they take longer, the last ones are refused.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(3);

/// Limits the requests that are processed and queued. Routers that share a clone share the limit.
#[derive(Clone)]
pub struct WorkLimit {
    queue: Arc<Semaphore>,
    processing: Arc<Semaphore>,
}

impl WorkLimit {
    #[must_use]
    pub fn new(max_in_work: usize) -> Self {
        let processing = Arc::new(Semaphore::new(MAX_PROCESSED.min(max_in_work)));
        Self { queue: Arc::new(Semaphore::new(max_in_work)), processing }
    }

    /// Waits for a permit; none if there are too many requests.
    async fn acquire(&self) -> Option<WorkPermit> {
        let queued = Arc::clone(&self.queue).try_acquire_owned().ok()?;
        let processing = timeout(QUEUE_TIMEOUT, Arc::clone(&self.processing).acquire_owned()).await;
        Some(WorkPermit { _permits: Arc::new((queued, processing.ok()?.ok()?)) })
    }
}

/// A request counts as processed until this is dropped. It is an extension of the response, because a body
/// may be generated only while it is read.
#[derive(Clone)]
pub struct WorkPermit {
    _permits: Arc<(OwnedSemaphorePermit, OwnedSemaphorePermit)>,
}

/// How long a request may take. The steps sum up to 19 s: waiting in the queue (3 s) and for a connection
/// (1 s), testing four idle connections (1 s each), opening a new one (5 s), and a statement (6 s).
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// Limits the requests that are processed at a time. A request that would wait too long is refused.
pub fn with_work_limit<S>(router: Router<S>, limit: &WorkLimit) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(limit.clone(), limit_work))
}

async fn limit_work(State(limit): State<WorkLimit>, request: Request, next: Next) -> Response {
    let Some(permit) = limit.acquire().await else {
        return Problem::too_many().into_response();
    };
    let mut response = next.run(request).await;
    response.extensions_mut().insert(permit);
    response
}

/// Limits every request: it must use GET or HEAD, have no NUL in its URL, and finish in time.
pub fn on_requests<S>(router: Router<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(from_fn(refuse_nul)).layer(from_fn(require_get)).layer(from_fn(limit_time))
}

async fn require_get(request: Request, next: Next) -> Response {
    match *request.method() {
        Method::GET | Method::HEAD => next.run(request).await,
        ref method => {
            let detail = format!("{method} is not allowed: this service is read-only, use GET");
            let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail);
            ([(header::ALLOW, "GET, HEAD")], problem).into_response()
        }
    }
}

/// Refuses the character NUL: PostgreSQL cannot store it, so nothing with it can be found.
async fn refuse_nul(request: Request, next: Next) -> Response {
    if request.uri().to_string().contains("%00") {
        let detail = "the URL contains the character NUL (%00), which is not allowed";
        return Problem::new(StatusCode::BAD_REQUEST, detail).into_response();
    }
    next.run(request).await
}

async fn limit_time(request: Request, next: Next) -> Response {
    let response = timeout(REQUEST_TIMEOUT, next.run(request)).await;
    response.unwrap_or_else(|_| {
        let detail = "the request took too long: ask for fewer days or huts, or try again later";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response()
    })
}

/// The response to a request whose handler panicked. The panic itself is already on stderr.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    let detail = "internal error: this is a fault of the service, not of the request";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail).into_response()
}
