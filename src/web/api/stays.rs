//! `/v1/stays` and `/v1/tours`: when huts have room for a group, as JSON and as feeds.

use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::handlers::json_response;
use super::problems;
use super::stay_parameters::{GroupQuery, HutParameter, MAX_LIMIT, StageParameter, StaysQuery};
use crate::db::reading::for_stays::{SearchError, StaySearch, TourSearch, find_stays, find_tours};
use crate::db::register;
use crate::domain::stay::{DEFAULT_ARRIVALS, Group, MAX_STAGES, Stage, after, parse_weekdays};
use crate::query::audience::Audience;
use crate::query::date;
use crate::query::hut_filter::HutFilter;
use crate::query::stay_csv;
use crate::query::stay_fields::{StayList, TourList};
use crate::query::stay_filter::{DEFAULT_KM, Near, StayFilter, parse_km};
use crate::web::app::App;
use crate::web::feed::{self, Feed};
use crate::web::problem::Problem;
use crate::web::query::{Number, Query, values_of};

/// How long a client may cache a response.
const MAX_AGE: &str = "public, max-age=300";

const DEFAULT_LIMIT: u32 = 1_000;
/// The most entries of a feed. A reader of feeds shows no more.
const FEED_LIMIT: usize = 200;

/// Stays
///
/// Consecutive nights in one hut that have room for a group, by arrival. Huts that do not publish how many places are
/// free are not included. The same as feeds: `/v1/stays.ics` and `/v1/stays.atom`; as CSV: `/v1/stays.csv`.
#[utoipa::path(
    get,
    path = "/v1/stays",
    operation_id = "get_stays",
    params(GroupQuery, StaysQuery, HutParameter),
    responses((status = 200, body = StayList), problems::Problems)
)]
pub async fn stays(
    State(app): State<App>,
    group: Query<GroupQuery>,
    query: Query<StaysQuery>,
    uri: Uri,
) -> Result<Response, Problem> {
    let limit = limit(&group);
    Ok(json_response(&found_stays(&app, &group, query, &uri, limit).await?, MAX_AGE))
}

pub async fn stays_csv(
    State(app): State<App>,
    group: Query<GroupQuery>,
    query: Query<StaysQuery>,
    uri: Uri,
) -> Result<Response, Problem> {
    let limit = limit(&group);
    let list = found_stays(&app, &group, query, &uri, limit).await?;
    Ok(csv("stays.csv", stay_csv::stays_csv(&list)))
}

pub async fn stays_ics(
    State(app): State<App>,
    group: Query<GroupQuery>,
    query: Query<StaysQuery>,
    uri: Uri,
) -> Result<Response, Problem> {
    let list = found_stays(&app, &group, query, &uri, FEED_LIMIT).await?;
    Ok(ics(&Feed::of_stays(&list, &uri)))
}

pub async fn stays_atom(
    State(app): State<App>,
    group: Query<GroupQuery>,
    query: Query<StaysQuery>,
    uri: Uri,
) -> Result<Response, Problem> {
    let list = found_stays(&app, &group, query, &uri, FEED_LIMIT).await?;
    Ok(atom(&Feed::of_stays(&list, &uri)))
}

/// Tours
///
/// Stages on consecutive nights that have room for a group, by their start, each with the alternatives that have room.
/// The same as feeds: `/v1/tours.ics` and `/v1/tours.atom`; as CSV: `/v1/tours.csv`.
#[utoipa::path(
    get,
    path = "/v1/tours",
    operation_id = "get_tours",
    params(StageParameter, GroupQuery),
    responses((status = 200, body = TourList), problems::Problems)
)]
pub async fn tours(
    State(app): State<App>,
    group: Query<GroupQuery>,
    uri: Uri,
) -> Result<Response, Problem> {
    let limit = limit(&group);
    Ok(json_response(&found_tours(&app, &group, &uri, limit).await?, MAX_AGE))
}

pub async fn tours_csv(
    State(app): State<App>,
    group: Query<GroupQuery>,
    uri: Uri,
) -> Result<Response, Problem> {
    let limit = limit(&group);
    Ok(csv("tours.csv", stay_csv::tours_csv(&found_tours(&app, &group, &uri, limit).await?)))
}

pub async fn tours_ics(
    State(app): State<App>,
    group: Query<GroupQuery>,
    uri: Uri,
) -> Result<Response, Problem> {
    Ok(ics(&Feed::of_tours(&found_tours(&app, &group, &uri, FEED_LIMIT).await?, &uri)))
}

pub async fn tours_atom(
    State(app): State<App>,
    group: Query<GroupQuery>,
    uri: Uri,
) -> Result<Response, Problem> {
    Ok(atom(&Feed::of_tours(&found_tours(&app, &group, &uri, FEED_LIMIT).await?, &uri)))
}

/// A file that a browser saves under this name.
fn csv(name: &str, csv: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, MAX_AGE.to_owned()),
    ];
    (headers, csv).into_response()
}

fn ics(feed: &Feed) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, MAX_AGE)];
    (headers, feed::ics(feed)).into_response()
}

fn atom(feed: &Feed) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/atom+xml"), (header::CACHE_CONTROL, MAX_AGE)];
    (headers, feed::atom(feed)).into_response()
}

async fn found_stays(
    app: &App,
    Query(group): &Query<GroupQuery>,
    Query(query): Query<StaysQuery>,
    uri: &Uri,
    limit: usize,
) -> Result<StayList, Problem> {
    let bad = |name: &'static str| move |error: String| Problem::bad_parameter(name, error);
    let km = query.km.as_deref().map(parse_km).transpose().map_err(bad("km"))?;
    let near = query.near.as_deref().map(str::parse).transpose().map_err(bad("near"))?;
    let elevation =
        query.elevation.as_deref().map(str::parse).transpose().map_err(bad("elevation"))?;
    let slugs = values_of(uri, "hut");
    let slugs = slugs.iter().flat_map(|list| list.split(','));
    let filter = StayFilter {
        huts: HutFilter::new(query.name.as_deref(), query.country.as_deref()),
        slugs: slugs.map(|slug| slug.trim().to_owned()).filter(|slug| !slug.is_empty()).collect(),
        near: near.map(|at| Near { at, km: km.unwrap_or(DEFAULT_KM) }),
        elevation,
    };
    let nights = query.nights.map_or(1, |nights| u16::try_from(nights.get()).unwrap_or(1));
    let search = StaySearch { group: self::group(group, app.today())?, nights, filter, limit };
    let huts = search.filter.huts.clone();
    if huts.has_country() {
        let there = app.read(|db| register::countries(db, Audience::Public)).await?;
        huts.ensure_huts(&there).map_err(|error| bad("country")(error.to_string()))?;
    }
    let found = app.read(move |db| searched(find_stays(db, &search, Audience::Public))).await?;
    found.map_err(bad("hut"))
}

async fn found_tours(
    app: &App,
    Query(group): &Query<GroupQuery>,
    uri: &Uri,
    limit: usize,
) -> Result<TourList, Problem> {
    let stages: Vec<Stage<String>> = values_of(uri, "stage")
        .iter()
        .map(|text| text.parse::<Stage<String>>())
        .collect::<Result<_, _>>()
        .map_err(|error| Problem::bad_parameter("stage", error.to_string()))?;
    if stages.is_empty() || stages.len() > MAX_STAGES {
        let problem = format!("expected 1 to {MAX_STAGES} stages, got {}", stages.len());
        return Err(Problem::bad_parameter("stage", problem));
    }
    // A tour lists each alternative that has room, and a response at most as many stays as one of `/v1/stays`.
    let alternatives: usize = stages.iter().map(|stage| stage.huts.len()).sum();
    let limit = limit.min(MAX_LIMIT as usize / alternatives.max(1));
    let search = TourSearch { group: self::group(group, app.today())?, stages, limit };
    let found = app.read(move |db| searched(find_tours(db, &search, Audience::Public))).await?;
    found.map_err(|error| Problem::bad_parameter("stage", error))
}

/// Keeps an error of the database apart from one of the request.
fn searched<T>(found: Result<T, SearchError>) -> diesel::QueryResult<Result<T, String>> {
    match found {
        Ok(list) => Ok(Ok(list)),
        Err(SearchError::Filter(error)) => Ok(Err(error.to_string())),
        Err(SearchError::Database(error)) => Err(error),
    }
}

fn group(query: &GroupQuery, today: NaiveDate) -> Result<Group, Problem> {
    let date = |name: &'static str, text: &String| {
        date::parse(text, today).map_err(|error| Problem::bad_parameter(name, error.to_string()))
    };
    let first = query.from.as_ref().map_or(Ok(today), |text| date("from", text))?;
    let last = match &query.to {
        Some(text) => date("to", text)?,
        None => after(first, DEFAULT_ARRIVALS - 1),
    };
    let weekdays = parse_weekdays(query.weekday.as_deref().unwrap_or_default())
        .map_err(|error| Problem::bad_parameter("weekday", error))?;
    let places = query.places.map_or(1, |places| u16::try_from(places.get()).unwrap_or(1));
    Group::new((first, last), weekdays, places)
        .map_err(|error| Problem::bad_parameter("to", error.to_string()))
}

fn limit(Query(query): &Query<GroupQuery>) -> usize {
    query.limit.map_or(DEFAULT_LIMIT, Number::get) as usize
}
