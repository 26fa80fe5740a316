//! What bounds requests: how many are worked on, for how long, with which methods; and what becomes of
//! one that panics.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::error_handling::HandleErrorLayer;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tower::ServiceBuilder;
use tower::load_shed::LoadShedLayer;
use tower_http::catch_panic::CatchPanicLayer;

use super::problem::Problem;

/// How many requests are worked on, together with those of other routers that share this.
pub use tower::limit::GlobalConcurrencyLimitLayer as InWork;

/// Requests that are worked on at a time, beyond those that are answered from memory. Four of them read
/// the database, and the others wait for it: at a few milliseconds each for well under a second.
pub const IN_WORK: usize = 64;

/// How long a request may take: a wait for a connection (5 s) and a statement (10 s), and some time for
/// what is made of its rows.
const REQUEST_TIME: Duration = Duration::from_secs(20);

/// In seconds, to one of too many.
const RETRY_AFTER: &str = "1";

/// Bounds what is worked on: too many requests are refused at once rather than left to wait.
pub fn in_work<S>(router: Router<S>, most: &InWork) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(
        ServiceBuilder::new()
            .layer(HandleErrorLayer::new(async |_| {
                later("too many requests are being worked on: try again in a moment")
            }))
            .layer(LoadShedLayer::new())
            .layer(most.clone())
            .layer(CatchPanicLayer::custom(panicked)),
    )
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
    let answer = tokio::time::timeout(REQUEST_TIME, next.run(request)).await;
    answer.unwrap_or_else(|_| {
        later("no answer could be made in time: ask for fewer days or huts, or try again")
    })
}

fn later(detail: &str) -> Response {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail);
    ([(header::RETRY_AFTER, RETRY_AFTER)], problem).into_response()
}

/// The panic itself has been told on stderr.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    let detail = "this request cannot be answered because of an error in the service";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail).into_response()
}
