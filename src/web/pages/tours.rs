//! The page *Tours*: the starts on which each stage of a tour has room for a group.

mod query;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use self::query::{MAX_SHOWN, Query, SEARCH_PARAMS, encode};
use super::follow::{Follow, without_empty};
use super::format;
use super::group::{WeekdayBox, weekday_boxes};
use super::layout::{Layout, Section, page_with};
use super::page_links::Links;
use super::params::Params;
use super::times::{Moment, Times};
use crate::db::pages::huts;
use crate::db::reading::for_stays::{SearchError, page_of_tours};
use crate::query::stay_fields::{StayFields, TourFields, TourList, TourStage};
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "tours.html")]
struct ToursPage {
    layout: Layout,
    params: Params,
    /// The stages as they were typed, and empty fields for more.
    fields: Vec<String>,
    weekdays: Vec<WeekdayBox>,
    /// Slugs and names, for the fields in which a hut is typed.
    huts: Vec<(String, String)>,
    problem: Option<Problem>,
    follow: Option<Follow>,
    found: Option<Found>,
}

struct Found {
    /// What was found, in a sentence.
    summary: String,
    /// For each stage: its text, and the search for stays in its huts.
    stages: Vec<(String, String)>,
    rows: Vec<Row>,
    links: Links,
}

/// A tour by its start.
struct Row {
    start: String,
    iso_start: String,
    end: String,
    stages: Vec<StageView>,
    /// The oldest last check of its huts.
    checked: Option<Moment>,
}

struct StageView {
    stays: Vec<StayView>,
    /// The number of alternatives that are not shown.
    more: usize,
}

struct StayView {
    url: String,
    name: String,
    free: i16,
}

/// `GET /tours`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    if let Some(response) = without_empty("/tours", &params) {
        return Ok(response);
    }
    let times = Times::new(&app, &visitor);
    let (query, mut problem) = match Query::read(&params, app.today()) {
        Ok(query) => (query, None),
        Err(problem) => (None, Some(problem)),
    };
    let to_find = query.clone();
    let read = app.read(move |db| {
        let huts = huts::load(db)?;
        let Some(query) = to_find else { return diesel::QueryResult::Ok((huts, None)) };
        match page_of_tours(db, &query.search, &query.cursor) {
            Ok(found) => Ok((huts, Some(Ok(found)))),
            Err(SearchError::Filter(error)) => Ok((huts, Some(Err(query::problem(&error))))),
            Err(SearchError::Database(error)) => Err(error),
        }
    });
    let (huts, found) = read.await?;
    let found = match (found, &query) {
        (Some(Ok((list, starts))), Some(query)) => {
            let links = Links::new(&starts, &params, |start| encode(*start));
            Some(view(&list, query, links, &times))
        }
        (Some(Err(error)), _) => {
            problem = Some(error);
            None
        }
        _ => None,
    };
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let followed = huts.iter().filter(|hut| hut.is_active && hut.booking_ref.is_some());
    let page = ToursPage {
        layout: Layout::new(&visitor, visitor.t.get("nav-tours"), Section::Tours),
        fields: query::fields(&params),
        weekdays: weekday_boxes(visitor.t, &params),
        huts: followed.map(|hut| (hut.slug.clone(), format::text(&hut.name))).collect(),
        follow: found.as_ref().map(|_| Follow::new("/v1/tours", &params, &SEARCH_PARAMS, &[])),
        problem,
        found,
        params,
    };
    Ok(page_with(status, &page))
}

fn view(list: &TourList, query: &Query, links: Links, times: &Times) -> Found {
    let t = times.t;
    let id = if list.found == 0 { "no-tour" } else { "tours-found" };
    let summary = (t.count(id, list.found))
        .and("people", t.count("people", list.places).to_string())
        .and("nights", t.count("night-count", list.nights).to_string())
        .and("from", t.day(list.from))
        .and("to", t.day(list.to))
        .to_string();
    let summary = links.caption(t, summary, list.tours.len());
    Found {
        summary,
        stages: query.stage_searches(),
        rows: list.tours.iter().map(|tour| row(tour, times)).collect(),
        links,
    }
}

fn row(tour: &TourFields, times: &Times) -> Row {
    let stays = tour.stages.iter().flat_map(|stage| &stage.stays);
    let checked = stays.filter_map(|stay| {
        let at = stay.hut.last_checked?;
        Some((at, times.checked_at(stay.arrival, at, stay.hut.tier)))
    });
    let oldest = checked.min_by_key(|(at, moment)| (moment.mark.is_none(), *at));
    Row {
        start: times.t.day(tour.start),
        iso_start: tour.start.to_string(),
        end: times.t.day(tour.end),
        stages: tour.stages.iter().map(stage).collect(),
        checked: oldest.map(|(_, moment)| moment),
    }
}

fn stage(TourStage { stays }: &TourStage) -> StageView {
    let view = |stay: &StayFields| StayView {
        url: format::night_url(&stay.hut.slug, stay.arrival),
        name: format::text(&stay.hut.name),
        free: stay.free,
    };
    StageView {
        stays: stays.iter().take(MAX_SHOWN).map(view).collect(),
        more: stays.len().saturating_sub(MAX_SHOWN),
    }
}
