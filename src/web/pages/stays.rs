//! The page *Stays*: the huts that have room for a group, and on which nights.

mod grid;
mod query;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use self::grid::{Column, Row};
use self::query::{Query, SEARCH_PARAMS};
use super::arrivals::Window;
use super::follow::{Follow, without_empty};
use super::format;
use super::group::{WeekdayBox, people, weekday_boxes};
use super::layout::{Layout, Section, page_with};
use super::page_links::Links;
use super::params::{Choice, Params};
use super::times::Times;
use crate::db::pages::huts::{self, ListedHut};
use crate::db::reading::for_stays::{SearchError, find_stays_by_hut};
use crate::query::paging::Page;
use crate::query::stay_fields::HutStays;
use crate::text::humanize::{day, pluralize};
use crate::web::app::App;
use crate::web::problem::Problem;

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
    advice: Option<&'static str>,
    /// Whether a stay has several nights, so that not each night is an arrival.
    has_arrivals: bool,
    columns: Vec<Column>,
    rows: Vec<Row>,
    links: Links,
    earlier: Option<String>,
    later: Option<String>,
}

/// `GET /stays`
pub async fn show(State(app): State<App>, params: Params) -> Result<Response, Problem> {
    if let Some(response) = without_empty("/stays", &params) {
        return Ok(response);
    }
    let (times, today) = (Times::new(&app), app.today());
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
                grid.advice = Some(query::NO_HUTS);
            }
            Ok(grid)
        }
        None => Ok(no_arrival(&query)),
    });
    let (grid, problem) = match grid {
        Ok(grid) => (Some(grid), None),
        Err(problem) => (None, Some(problem)),
    };
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let page = StaysPage {
        layout: Layout::new("Stays", Section::Stays),
        countries: params.countries(&huts),
        weekdays: weekday_boxes(&params),
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
    let columns = grid::columns(&window.group, query.nights);
    let dates: Vec<_> = columns.iter().map(|column| column.date).collect();
    let (first, last) = (window.group.arrivals.start(), window.group.arrivals.end());
    let arrivals = if first == last {
        format!("arriving on {}", day(*first))
    } else {
        format!("arriving from {} to {}", day(*first), day(*last))
    };
    let group = format!(
        "for {} for {}, {arrivals}",
        people(query.group.places),
        pluralize(query.nights.into(), "night")
    );
    let (summary, advice) = match (found, all) {
        (0, 0) => ("No hut matches.".to_owned(), Some(query::NO_HUT)),
        (0, 1) => (format!("The hut has no room {group}."), Some(query::NO_ROOM)),
        (0, all) => (format!("None of the {all} huts has room {group}."), Some(query::NO_ROOM)),
        (1, _) => (format!("1 hut has room {group}"), None),
        (found, _) => (format!("{found} huts have room {group}"), None),
    };
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
fn no_arrival(query: &Query) -> Grid {
    let (first, last) = (query.group.arrivals.start(), query.group.arrivals.end());
    Grid {
        summary: format!("There is no such weekday from {} to {}.", day(*first), day(*last)),
        advice: Some("Choose more weekdays, or a later last arrival."),
        has_arrivals: false,
        columns: Vec::new(),
        rows: Vec::new(),
        links: Links::default(),
        earlier: None,
        later: None,
    }
}
