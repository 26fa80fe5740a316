//! Assembles the routes of the service and the layers around them.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::routing::any;

use super::{api, cached, health, limits, metrics_endpoint, pages, rate_limit, security, visitor};
use crate::web::app::App;
use crate::web::problem::unknown_path;

/// The router of the whole service.
pub fn router(app: App) -> Router {
    let cache = cached::ResponseCache::new(app.metrics().clone());
    let work_limit = limits::WorkLimit::new(limits::MAX_IN_WORK);
    let limited_and_cached =
        |router| cached::with_cache(limits::with_work_limit(router, &work_limit), cache.clone());

    let unknown = Router::new()
        .route("/v1", any(unknown_path))
        .route("/v1/", any(unknown_path))
        .route("/v1/{*path}", any(unknown_path));
    let api = limited_and_cached(api::router().merge(unknown));
    let api = rate_limit::limit(api, app.rate_limiter());
    // CORS is the outer layer, so that scripts of other sites can read errors of the limits too.
    let api = limits::on_requests(api)
        .layer(map_response(api::version::add_header))
        .layer(security::cors());
    // The outer layer turns the problems of the limits into pages too.
    let pages = limits::on_requests(limited_and_cached(pages::router()))
        .layer(from_fn(pages::problem_as_page))
        .layer(from_fn(visitor::with_language));
    // Probes are not cached, and not refused under load: a busy service is still alive.
    let probes = limits::on_requests(
        Router::new().merge(health::router()).merge(metrics_endpoint::router()),
    );

    api.merge(pages)
        .merge(probes)
        .layer(map_response(security::add_headers))
        .layer(from_fn_with_state(app.clone(), metrics_endpoint::count))
        .with_state(app)
}
