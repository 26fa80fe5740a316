//! Calls the service's handlers directly, without a socket.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode};
use hut_availability::domain::framing::Framing;
use hut_availability::domain::schedule::{Intervals, Schedule};
use hut_availability::runtime::clock::Clock;
use hut_availability::web::app::{App, AppConfig};
use hut_availability::web::rate_limit::RateLimits;
use serde_json::Value;
use tower::ServiceExt;

use super::database::TestDatabase;

/// The response of a handler.
#[derive(Debug)]
pub struct HandlerResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl HandlerResponse {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Sends a GET request to a router whose clock stands still at `as_of`, in the time zone of Zurich, with the
/// default polling intervals.
pub fn get_from(
    router: fn() -> Router<App>,
    database: &TestDatabase,
    as_of: &str,
    path: &str,
) -> HandlerResponse {
    request(false, Request::get(path), router, database, as_of)
}

/// The same for a browser that accepts some languages.
pub fn get_in(
    languages: &str,
    router: fn() -> Router<App>,
    database: &TestDatabase,
    as_of: &str,
    path: &str,
) -> HandlerResponse {
    let get = Request::get(path).header(ACCEPT_LANGUAGE, languages);
    request(false, get, router, database, as_of)
}

/// The same with or without the page of watches.
pub fn get_with(
    show_watches: bool,
    router: fn() -> Router<App>,
    database: &TestDatabase,
    as_of: &str,
    path: &str,
) -> HandlerResponse {
    request(show_watches, Request::get(path), router, database, as_of)
}

fn request(
    show_watches: bool,
    request: Builder,
    router: fn() -> Router<App>,
    database: &TestDatabase,
    as_of: &str,
) -> HandlerResponse {
    let clock = Clock::StoppedAt(as_of.parse().unwrap());
    let schedule = Schedule::Tiers(Intervals::default());
    let timezone = chrono_tz::Europe::Zurich;
    let rate_limits = RateLimits::default();
    let (map_tiles, framing) = (None, Framing::default());
    let config =
        AppConfig { clock, timezone, schedule, show_watches, rate_limits, map_tiles, framing };
    let app = App::new(database.url(), config).unwrap();
    let request = request.body(Body::empty()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let response = router().with_state(app).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        HandlerResponse { status: parts.status, headers: parts.headers, text }
    })
}
