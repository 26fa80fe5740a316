//! The page *Stays*: the huts that have room for a group, and on which nights.

mod grid;
mod query;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use self::grid::Row;
use self::query::{Query, SEARCH_PARAMS};
use super::arrivals::Window;
use super::follow::{Follow, without_empty};
use super::format;
use super::group::{WeekdayBox, weekday_boxes};
use super::layout::{Layout, Section, page_with};
use super::night_columns::NightColumn;
use super::page_links::Links;
use super::params::{Choice, Params};
use super::times::Times;
use crate::db::pages::huts::{self, ListedHut};
use crate::db::reading::for_stays::{SearchError, find_stays_by_hut};
use crate::query::paging::Page;
use crate::query::stay_fields::HutStays;
use crate::text::texts::Texts;
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

/// Rows of a page. On a phone a row is higher than in other lists.
const ROWS: usize = 25;

#[derive(Template)]
#[template(path = "stays.html")]
struct StaysPage {
    layout: Layout,
    params: Params,
    countries: Vec<Choice>,
    weekdays: Vec<WeekdayBox>,
    /// Slugs and names, for the fields in which a hut is typed.
    huts: Vec<(String, String)>,
    problem: Option<Problem>,
    follow: Option<Follow>,
    grid: Option<Grid>,
}

struct Grid {
    /// What was found, in a sentence.
    summary: String,
    /// What to do next if nothing was found.
    advice: Option<String>,
    /// Whether a stay has several nights, so that not each night is an arrival.
    has_arrivals: bool,
    columns: Vec<NightColumn>,
    rows: Vec<Row>,
    links: Links,
    earlier: Option<String>,
    later: Option<String>,
}

/// `GET /stays`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    if let Some(response) = without_empty("/stays", &params) {
        return Ok(response);
    }
    let (times, today) = (Times::new(&app, &visitor), app.today());
    let (to_read, read_params) = (params.clone(), params.clone());
    let read = app.read(move |db| {
        let huts = huts::load(db)?;
        let query = match Query::read(&to_read, &huts, today) {
            Ok(query) => query,
            Err(problem) => return diesel::QueryResult::Ok((huts, Err(problem))),
        };
        let Some(window) = Window::new(&query.group, query.show, &read_params) else {
            return Ok((huts, Ok((query, None))));
        };
        match find_stays_by_hut(db, (&window.group, query.nights), &query.filter) {
            Ok(stays) => Ok((huts, Ok((query, Some((window, stays)))))),
            Err(SearchError::Filter(error)) => {
                let problem = query.problem(&error);
                Ok((huts, Err(problem)))
            }
            Err(SearchError::Database(error)) => Err(error),
        }
    });
    let (huts, found) = read.await?;
    let follow = match &found {
        Ok((query, _)) => {
            Some(Follow::new("/v1/stays", &params, &SEARCH_PARAMS, &query.api_names()))
        }
        Err(_) => None,
    };
    let is_polled = |hut: &&ListedHut| hut.is_active && hut.booking_ref.is_some();
    let polled: Vec<(String, String)> = huts
        .iter()
        .filter(is_polled)
        .map(|hut| (hut.slug.clone(), format::text(&hut.name)))
        .collect();
    let is_empty = polled.is_empty();
    let grid = found.and_then(|(query, found)| match found {
        Some((window, stays)) => {
            let mut grid = grid(&params, &query, window, stays, &times)?;
            if is_empty {
                grid.advice = Some(times.t.get("no-huts-yet"));
            }
            Ok(grid)
        }
        None => Ok(no_arrival(times.t, &query)),
    });
    let (grid, problem) = match grid {
        Ok(grid) => (Some(grid), None),
        Err(problem) => (None, Some(problem)),
    };
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let page = StaysPage {
        layout: Layout::new(&visitor, visitor.t.get("nav-stays"), Section::Stays),
        countries: params.countries(visitor.t, &huts),
        weekdays: weekday_boxes(visitor.t, &params),
        huts: polled,
        follow: if problem.is_none() { follow } else { None },
        problem,
        grid,
        params,
    };
    Ok(page_with(status, &page))
}

/// A page of the huts that were found.
fn grid(
    params: &Params,
    query: &Query,
    window: Window,
    huts: Vec<HutStays>,
    times: &Times,
) -> Result<Grid, Problem> {
    let cursor = query.cursor_in(&huts)?;
    let all = huts.len();
    let with_stays: Vec<(usize, HutStays)> =
        huts.into_iter().enumerate().filter(|(_, hut)| !hut.stays.is_empty()).collect();
    let found = with_stays.len();
    let page = Page::of_sorted(with_stays, &cursor, ROWS, |(at, _), key| at.cmp(key));
    let links = Links::new(&page, params, |(_, hut)| hut.hut.slug.clone());
    let columns = grid::columns(times.t, &window.group, query.nights);
    let dates: Vec<_> = columns.iter().map(|column| column.date).collect();
    let (first, last) = (window.group.arrivals.start(), window.group.arrivals.end());
    let t = times.t;
    let arrivals = if first == last {
        t.with("arriving-on", "date", t.day(*first)).to_string()
    } else {
        t.with("arriving-between", "from", t.day(*first)).and("to", t.day(*last)).to_string()
    };
    let group = (t.with("group-of-stay", "arrivals", arrivals))
        .and("people", t.count("people", query.group.places).to_string())
        .and("nights", t.count("night-count", query.nights).to_string())
        .to_string();
    let (summary, advice) = match (found, all) {
        (0, 0) => (t.get("no-hut-matches"), Some(t.get("other-huts"))),
        (0, all) => {
            let summary = t.count("stays-nowhere", all).and("group", group);
            (summary.to_string(), Some(t.get("other-stay")))
        }
        (found, _) => (t.count("stays-found", found).and("group", group).to_string(), None),
    };
    let summary = links.caption(t, summary, ROWS);
    Ok(Grid {
        summary,
        advice,
        has_arrivals: query.nights > 1,
        rows: page.rows.iter().map(|(_, hut)| grid::row(hut, &dates, times)).collect(),
        columns,
        links,
        earlier: window.earlier,
        later: window.later,
    })
}

/// The weekdays leave no arrival.
fn no_arrival(t: Texts, query: &Query) -> Grid {
    let (first, last) = (query.group.arrivals.start(), query.group.arrivals.end());
    Grid {
        summary: t
            .with("no-such-weekday", "from", t.day(*first))
            .and("to", t.day(*last))
            .to_string(),
        advice: Some(t.get("other-weekdays")),
        has_arrivals: false,
        columns: Vec::new(),
        rows: Vec::new(),
        links: Links::default(),
        earlier: None,
        later: None,
    }
}
