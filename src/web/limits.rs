//! What bounds requests: how many are worked on, for how long, with which methods; and what becomes of
//! one that panics.

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

/// Requests that are worked on or wait for that, beyond those that are answered from memory. Further
/// ones are refused at once.
pub const IN_WORK: usize = 64;

/// Requests that are worked on at a time: one for each connection to the database. What a request reads
/// and makes of it is in memory until its answer is packed, so this is what bounds that.
const AT_A_TIME: usize = MAX_CONNECTIONS;

/// How long a request waits for its turn. Most take milliseconds, so that all of [`IN_WORK`] have theirs
/// in time; where they take longer, the last ones are refused.
const WAIT_FOR_TURN: Duration = Duration::from_secs(3);

/// The requests that are worked on, together with those of other routers that share this.
#[derive(Clone)]
pub struct InWork {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl InWork {
    #[must_use]
    pub fn new(most: usize) -> Self {
        let turns = Arc::new(Semaphore::new(AT_A_TIME.min(most)));
        Self { places: Arc::new(Semaphore::new(most)), turns }
    }

    /// None where there are too many.
    async fn turn(&self) -> Option<WorkPermit> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let turn = timeout(WAIT_FOR_TURN, Arc::clone(&self.turns).acquire_owned()).await;
        Some(WorkPermit { _permits: Arc::new((place, turn.ok()?.ok()?)) })
    }
}

/// That a request is worked on, until this is dropped. It goes with the response, since a body may be
/// made only when it is read.
#[derive(Clone)]
pub struct WorkPermit {
    _permits: Arc<(OwnedSemaphorePermit, OwnedSemaphorePermit)>,
}

/// How long a request may take: a wait for its turn (3 s) and a connection (1 s), four looks at kept ones
/// (1 s each), a new one (5 s) and a statement (6 s) are 19.
const REQUEST_TIME: Duration = Duration::from_secs(20);

/// Bounds what is worked on: too many requests are refused rather than left to wait.
pub fn in_work<S>(router: Router<S>, most: &InWork) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(CatchPanicLayer::custom(panicked)).layer(from_fn_with_state(most.clone(), in_turn))
}

async fn in_turn(State(in_work): State<InWork>, request: Request, next: Next) -> Response {
    let Some(turn) = in_work.turn().await else {
        return Problem::too_many().into_response();
    };
    let mut response = next.run(request).await;
    response.extensions_mut().insert(turn);
    response
}

/// Bounds every request: it only reads, asks for what can be, and ends in time.
pub fn on_requests<S>(router: Router<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(from_fn(only_text)).layer(from_fn(only_reading)).layer(from_fn(in_time))
}

async fn only_reading(request: Request, next: Next) -> Response {
    match *request.method() {
        Method::GET | Method::HEAD => next.run(request).await,
        ref method => {
            let detail = format!("{method} is not possible: this service only reads, use GET");
            let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail);
            ([(header::ALLOW, "GET, HEAD")], problem).into_response()
        }
    }
}

/// PostgreSQL has no text with the character NUL, so nothing that is asked for can have it either.
async fn only_text(request: Request, next: Next) -> Response {
    if request.uri().to_string().contains("%00") {
        let detail = "the URL has the character %00 in it, which nothing here has";
        return Problem::new(StatusCode::BAD_REQUEST, detail).into_response();
    }
    next.run(request).await
}

async fn in_time(request: Request, next: Next) -> Response {
    let answer = timeout(REQUEST_TIME, next.run(request)).await;
    answer.unwrap_or_else(|_| {
        let detail = "no answer could be made in time: ask for fewer days or huts, or try again";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response()
    })
}

/// The panic itself has been told on stderr.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    let detail = "this request cannot be answered because of an error in the service";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail).into_response()
}
