//! `/v1/stays` and `/v1/tours`: when huts have room for a group, as JSON and as feeds.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::NaiveDate;
use strum::{Display, VariantArray};

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

/// The stays in another format than JSON.
async fn stays_as(
    format: FileFormat,
    State(app): State<App>,
    group: Query<GroupQuery>,
    query: Query<StaysQuery>,
    uri: Uri,
) -> Result<Response, Problem> {
    let list = found_stays(&app, &group, query, &uri, format.limit(&group)).await?;
    Ok(format.response("stays", || stay_csv::stays_csv(&list), || Feed::of_stays(&list, &uri)))
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

/// The tours in another format than JSON.
async fn tours_as(
    format: FileFormat,
    State(app): State<App>,
    group: Query<GroupQuery>,
    uri: Uri,
) -> Result<Response, Problem> {
    let list = found_tours(&app, &group, &uri, format.limit(&group)).await?;
    Ok(format.response("tours", || stay_csv::tours_csv(&list), || Feed::of_tours(&list, &uri)))
}

/// The paths of the other formats: `/v1/stays.csv`, `/v1/tours.ics` and so on.
pub fn file_routes() -> Router<App> {
    FileFormat::VARIANTS.iter().fold(Router::new(), |router, &format| {
        let stays = move |app, group, query, uri| stays_as(format, app, group, query, uri);
        let tours = move |app, group, uri| tours_as(format, app, group, uri);
        router
            .route(&format!("/v1/stays.{format}"), get(stays))
            .route(&format!("/v1/tours.{format}"), get(tours))
    })
}

/// A format of stays and tours other than JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, VariantArray)]
#[strum(serialize_all = "lowercase")]
enum FileFormat {
    Csv,
    Ics,
    Atom,
}

impl FileFormat {
    fn limit(self, group: &Query<GroupQuery>) -> usize {
        match self {
            Self::Csv => limit(group),
            Self::Ics | Self::Atom => FEED_LIMIT,
        }
    }

    /// The list in this format. A browser saves CSV as a file with this name.
    fn response(
        self,
        name: &str,
        csv: impl FnOnce() -> String,
        feed: impl FnOnce() -> Feed,
    ) -> Response {
        let (content_type, body) = match self {
            Self::Csv => ("text/csv; charset=utf-8", csv()),
            Self::Ics => ("text/calendar; charset=utf-8", feed::ics(&feed())),
            Self::Atom => ("application/atom+xml", feed::atom(&feed())),
        };
        let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, MAX_AGE)];
        let mut response = (headers, body).into_response();
        if self == Self::Csv
            && let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}.csv\""))
        {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
        response
    }
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
