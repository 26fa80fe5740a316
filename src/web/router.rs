//! The read-only service: JSON for programs, pages for people.

use axum::Router;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::any;

use super::{api, cached, health, limits, metrics_endpoint, pages, security};
use crate::web::app::App;
use crate::web::problem::unknown_path;

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
