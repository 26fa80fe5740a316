//! The read-only service: JSON for programs, pages for people.

pub mod api;
pub mod app;
pub mod cached;
pub mod health;
pub mod limits;
pub mod metrics;
pub mod metrics_endpoint;
pub mod pages;
pub mod path;
pub mod problem;
pub mod query;
pub mod security;
pub mod server;

use axum::Router;
use axum::http::Uri;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::any;

use self::app::App;
use self::problem::Problem;

/// Everything that is served.
pub fn router(app: App) -> Router {
    let answers = cached::Answers::new(app.metrics().clone());
    let in_work = limits::InWork::new(limits::IN_WORK);
    let worked_on = |router| cached::kept(limits::in_work(router, &in_work), answers.clone());

    let unknown = Router::new()
        .route("/v1", any(unknown_path))
        .route("/v1/", any(unknown_path))
        .route("/v1/{*path}", any(unknown_path));
    let api = worked_on(api::router().merge(unknown));
    // CORS also lets other sites read why they get no answer.
    let api = limits::on_requests(api).layer(security::cors());
    // What is refused is told to people as well.
    let pages =
        limits::on_requests(worked_on(pages::router())).layer(map_response(pages::problem_as_page));
    // Apart from what is kept and refused: a service with much to do is still alive.
    let probes = limits::on_requests(
        Router::new().merge(health::router()).merge(metrics_endpoint::router()),
    );

    api.merge(pages)
        .merge(probes)
        .layer(map_response(security::guard))
        .layer(from_fn_with_state(app.clone(), metrics_endpoint::count))
        .with_state(app)
}

async fn unknown_path(uri: Uri) -> Problem {
    Problem::not_found(format!("there is nothing at {:?}", uri.path()))
}
