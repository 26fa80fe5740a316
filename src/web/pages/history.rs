//! The page *Changes*: what each check changed, before and after, the newest first, and the same as a feed.

mod feed;
mod groups;
pub mod query;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use self::groups::{RunGroup, groups};
use self::query::{FREED_DAYS, Query};
use super::follow::without_empty;
use super::format::counted;
use super::layout::{Layout, Section, page_with};
use super::page_links::Links;
use super::params::{Choice, Params};
use super::times::Times;
use crate::db::connection::Db;
use crate::db::pages::changes::{self, Change};
use crate::db::pages::huts;
use crate::db::update_run::{self, Span};
use crate::domain::hut::HutType;
use crate::query::night::NightStatus;
use crate::query::paging::{Cursor, Page, ROWS_OF_PAGE};
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

/// Changes in the feed.
const ROWS_OF_FEED: usize = 200;

/// How long a reader of feeds may keep an answer.
const FEED_MAX_AGE: &str = "public, max-age=300";

#[derive(Template)]
#[template(path = "history.html")]
struct ChangesPage {
    layout: Layout,
    params: Params,
    occupancy: Vec<Choice>,
    hut_types: Vec<Choice>,
    problem: Option<Problem>,
    caption: String,
    runs: Vec<RunGroup>,
    links: Links,
    feed: String,
    freed_days: i64,
}

/// `GET /history`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    if let Some(response) = without_empty("/history", &params) {
        return Ok(response);
    }
    let times = Times::new(&app, &visitor);
    let (query, problem) = match Query::read(&params, app.today(), app.now()) {
        Ok(query) => (Some(query), None),
        Err(problem) => (None, Some(problem)),
    };
    let data = app.read(move |db| match query {
        Some(query) => load(db, &query, ROWS_OF_PAGE),
        None => {
            let none = Page::new(Vec::new(), &Cursor::<()>::Start, ROWS_OF_PAGE);
            diesel::QueryResult::Ok((none, 0, Vec::new()))
        }
    });
    let (changes, count, runs) = data.await?;
    let t = visitor.t;
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let links = Links::new(&changes, &params, |change| query::encode(&change.key()));
    let page = ChangesPage {
        layout: Layout::new(&visitor, t.get("nav-changes"), Section::Changes),
        occupancy: params.choices::<NightStatus>(t, "occupancy"),
        hut_types: params.choices::<HutType>(t, "hut_type"),
        caption: links.caption(t, counted(t, "change-count", count), ROWS_OF_PAGE),
        runs: groups(&changes.rows, &runs, &times),
        links,
        feed: format!("/history.atom{}", params.link_with(&[])),
        freed_days: FREED_DAYS,
        problem,
        params,
    };
    Ok(page_with(status, &page))
}

/// `GET /history.atom`
pub async fn feed(
    State(app): State<App>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    let times = Times::new(&app, &visitor);
    let query = Query::read(&params, app.today(), app.now())?;
    let (changes, _, runs) = app.read(move |db| load(db, &query, ROWS_OF_FEED)).await?;
    let atom = feed::atom(visitor.t, &visitor.address, &groups(&changes.rows, &runs, &times));
    let headers =
        [(CONTENT_TYPE, "application/atom+xml; charset=utf-8"), (CACHE_CONTROL, FEED_MAX_AGE)];
    Ok((headers, atom).into_response())
}

/// A page of changes, the number of all, and the runs that made them.
fn load(
    db: &mut Db,
    query: &Query,
    rows: usize,
) -> diesel::QueryResult<(Page<Change>, i64, Vec<Span>)> {
    let filter = query.filter(&if query.needs_huts() { huts::load(db)? } else { Vec::new() });
    let page = Page::new(changes::page(db, &filter, &query.cursor, rows)?, &query.cursor, rows);
    let count = match i64::try_from(page.rows.len()) {
        Ok(rows) if page.is_all() => rows,
        _ => changes::count(db, &filter)?,
    };
    let instants = || page.rows.iter().map(|change| change.entry.first_checked);
    let runs = match instants().min().zip(instants().max()) {
        Some((oldest, newest)) => update_run::between(db, oldest, newest)?,
        None => Vec::new(),
    };
    Ok((page, count, runs))
}
