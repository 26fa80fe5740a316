//! `/metrics` for Prometheus: metrics of the service and of its database.

use std::fmt::Error;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use diesel::QueryResult;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};

use super::app::App;
use super::metrics::{PREFIX, RequestLabels, RouteLabel};
use super::problem::Problem;
use crate::db::connection::Db;
use crate::db::status;
use crate::query::status::Huts;

const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The route `/metrics`.
pub fn router() -> Router<App> {
    Router::new().route("/metrics", get(metrics))
}

/// Middleware: counts a request and measures its duration.
pub async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    // A request without a route is answered with 404.
    let route = route.unwrap_or("none").to_owned();
    let method = match *request.method() {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let response = next.run(request).await;
    let metrics = app.metrics();
    let durations = metrics.durations.get_or_create(&RouteLabel { route: route.clone() });
    durations.observe(started.elapsed().as_secs_f64());
    let labels = RequestLabels { method, route, status: response.status().as_u16() };
    metrics.requests.get_or_create(&labels).inc();
    response
}

async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    // A database that cannot be read is a metric (`database_up 0`), not an error.
    let figures = app.probe(figures).await.ok();
    let mut text = String::new();
    let encoded = encode_registry(&mut text, &app.metrics().registry)
        .and_then(|()| encode_registry(&mut text, &database_metrics(figures, app.now())))
        .and_then(|()| encode_eof(&mut text));
    match encoded {
        Ok(()) => Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response()),
        Err(Error) => {
            Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be encoded"))
        }
    }
}

/// The figures of the database.
struct Figures {
    huts: Huts,
    failing: usize,
    last_success: Option<DateTime<Utc>>,
    size_bytes: i64,
}

/// Reads the figures from the tables `hut` and `hut_check`, which have one short row per hut.
fn figures(db: &mut Db) -> QueryResult<Figures> {
    Ok(Figures {
        huts: status::huts(db)?,
        failing: status::failing(db)?.len(),
        last_success: status::last_success(db)?,
        size_bytes: status::size_bytes(db)?,
    })
}

fn database_metrics(figures: Option<Figures>, now: DateTime<Utc>) -> Registry {
    let mut registry = Registry::with_prefix(PREFIX);
    let up = ConstGauge::new(i64::from(figures.is_some()));
    registry.register("database_up", "Whether the database can be read", up);
    let Some(figures) = figures else {
        return registry;
    };
    let huts = Family::<[(&str, &str); 1], Gauge>::default();
    for (state, count) in [("followed", figures.huts.followed), ("failing", figures.failing)] {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        huts.get_or_create(&[("state", state)]).set(count);
    }
    registry.register(
        "huts",
        "Huts that are polled, and those of them whose last check failed",
        huts,
    );
    let size = ConstGauge::new(figures.size_bytes);
    registry.register_with_unit("database_size", "Size of the database", Unit::Bytes, size);
    if let Some(last_success) = figures.last_success {
        let age = ConstGauge::new((now - last_success).num_seconds());
        registry.register_with_unit(
            "last_successful_check_age",
            "Time since any hut was last checked successfully",
            Unit::Seconds,
            age,
        );
    }
    registry
}
