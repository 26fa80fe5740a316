//! Answers of the service's handlers, without a socket between.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use hut_availability::runtime::clock::Clock;
use hut_availability::web::app::App;
use serde_json::Value;
use tower::ServiceExt;

use super::database::TestDatabase;

/// An answer.
#[derive(Debug)]
pub struct Asked {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Asked {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Asks a router for a path as if it were an instant, in Zurich.
pub fn ask(router: fn() -> Router<App>, database: &TestDatabase, as_of: &str, path: &str) -> Asked {
    let clock = Clock::StoppedAt(as_of.parse().unwrap());
    let app = App::new(database.url(), clock, chrono_tz::Europe::Zurich).unwrap();
    let request = Request::get(path).body(Body::empty()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let response = router().with_state(app).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        Asked { status: parts.status, headers: parts.headers, text }
    })
}
