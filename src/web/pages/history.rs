//! The page *History*: every change of every hut and night, the newest first.

pub mod query;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use self::query::Query;
use super::entries::EntryView;
use super::format::{self, counted};
use super::layout::{Layout, Section, page_with};
use super::page_links::Links;
use super::params::{Choice, Params};
use super::times::Times;
use crate::db::pages::changes::{self, Change};
use crate::db::pages::huts;
use crate::domain::hut::HutType;
use crate::query::night::NightStatus;
use crate::query::paging::{Cursor, Page, ROWS_OF_PAGE};
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    layout: Layout,
    params: Params,
    occupancy: Vec<Choice>,
    hut_types: Vec<Choice>,
    problem: Option<Problem>,
    count: String,
    rows: Vec<Row>,
    links: Links,
}

struct Row {
    hut_url: String,
    night_url: String,
    name: String,
    date: String,
    iso_date: String,
    entry: EntryView,
}

/// `GET /history`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    let times = Times::new(&app, &visitor);
    let (query, problem) = match Query::read(&params, app.today()) {
        Ok(query) => (Some(query), None),
        Err(problem) => (None, Some(problem)),
    };
    let data = app.read(move |db| {
        let Some(query) = query else {
            let page = Page::new(Vec::new(), &Cursor::<()>::Start, ROWS_OF_PAGE);
            return diesel::QueryResult::Ok((page, 0));
        };
        let filter = query.filter(&if query.needs_huts() { huts::load(db)? } else { Vec::new() });
        let rows = changes::page(db, &filter, &query.cursor, ROWS_OF_PAGE)?;
        let page = Page::new(rows, &query.cursor, ROWS_OF_PAGE);
        let count = match i64::try_from(page.rows.len()) {
            Ok(rows) if page.is_all() => rows,
            _ => changes::count(db, &filter)?,
        };
        Ok((page, count))
    });
    let (changes, count) = data.await?;
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let page = HistoryPage {
        layout: Layout::new(&visitor, visitor.t.get("nav-changes"), Section::Changes),
        occupancy: params.choices::<NightStatus>(visitor.t, "occupancy"),
        hut_types: params.choices::<HutType>(visitor.t, "hut_type"),
        count: counted(visitor.t, "change-count", count),
        rows: changes.rows.iter().map(|change| row(change, &times)).collect(),
        links: Links::new(&changes, &params, |change| query::encode(&change.key())),
        problem,
        params,
    };
    Ok(page_with(status, &page))
}

fn row(change: &Change, times: &Times) -> Row {
    Row {
        hut_url: format::hut_url(&change.hut.slug),
        night_url: format::night_url(&change.hut.slug, change.date),
        name: format::text(&change.hut.name),
        date: times.t.day(change.date),
        iso_date: change.date.to_string(),
        entry: EntryView::new(change, times),
    }
}
