//! Health probes: whether the process runs, and whether it can read the database.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use super::app::App;
use super::problem::Problem;
use crate::db::migrations;

/// `/healthz` and `/readyz`.
pub fn router() -> Router<App> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready))
}

/// Answers within 7 seconds unless a statement is slow: 1 s to wait for a connection, 1 s to test it, and 5 s
/// to open a new one.
async fn ready(State(app): State<App>) -> Result<&'static str, Problem> {
    match app.probe(migrations::state).await?.problem() {
        None => Ok("ready\n"),
        Some(problem) => {
            let detail = format!("the database {problem}");
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail))
        }
    }
}
