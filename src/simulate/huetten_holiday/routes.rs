//! The fake huetten-holiday.com: its routes. It shares no code with the client, so that each tests the other.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::simulate::corrupt::{json, status, with_type};
use crate::simulate::shared::Shared;

/// The routes of the site.
pub fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/huts", get(huts))
        .route("/get-cabins", get(cabins))
        .route("/cabins/get-month-availability", post(month))
}

/// A page that starts a session and sets its cookies.
async fn huts(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let mut page = with_type("text/html", "<!DOCTYPE html>\n<title>Huts</title>\n".into());
    for cookie in shared.sessions.open() {
        let cookie = cookie.parse().expect("no control characters");
        page.headers_mut().append(SET_COOKIE, cookie);
    }
    page
}

#[derive(Deserialize)]
struct PageQuery {
    page: Option<usize>,
}

async fn cabins(
    State(shared): State<Arc<Shared>>,
    Query(PageQuery { page }): Query<PageQuery>,
) -> Response<Body> {
    json(&shared.site.cabins(page.unwrap_or(1).max(1)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MonthQuery {
    cabin_id: u32,
    selected_month: SelectedMonth,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SelectedMonth {
    month_number: u32,
    year: i32,
}

async fn month(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Json(query): Json<MonthQuery>,
) -> Response<Body> {
    if !shared.sessions.admits(&headers) {
        let expired = StatusCode::from_u16(419).expect("a valid constant");
        return status(expired, "CSRF token mismatch.");
    }
    let SelectedMonth { month_number, year } = query.selected_month;
    let Some(month) = NaiveDate::from_ymd_opt(year, month_number, 1) else {
        return status(StatusCode::UNPROCESSABLE_ENTITY, "no such month");
    };
    let days = shared.site.month(&query.cabin_id.to_string(), month, shared.clock.now());
    days.map_or_else(|| status(StatusCode::NOT_FOUND, "Not Found"), |days| json(&days))
}
