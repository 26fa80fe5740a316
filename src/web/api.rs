//! `/v1`: the API, with the paths of the service before.

pub mod answer;
mod openapi;
pub mod parameters;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderName, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use serde::Serialize;

use self::answer::{Feature, Hut, Trend};
use self::parameters::{HutPath, HutQuery, MapPath, MapQuery, TrendQuery, date};
use super::app::App;
use super::path::Path;
use super::problem::Problem;
use super::query::Query;
use crate::db::reading::for_hut_detail::for_hut_detail;
use crate::db::reading::for_map::for_map;
use crate::db::reading::for_trend::for_trend;
use crate::domain::day::start_of;
use crate::query::views::{HutOnMap, dates, period_of_trend};

/// How many huts of the map were left out because it is not known where they are.
pub const WITHOUT_COORDINATES: HeaderName =
    HeaderName::from_static("hut-availability-without-coordinates");

/// How long a reader may keep an answer, as with the service before.
const MAP_MAX_AGE: &str = "public, max-age=600";
const HUT_MAX_AGE: &str = "public, max-age=300";
const TREND_MAX_AGE: &str = MAP_MAX_AGE;

/// A map of more dates than these is a large answer: at 200 bytes a date, 5 MB for 700 huts.
const DAYS_OF_LARGE_MAP: u16 = 31;

pub fn router() -> Router<App> {
    // A date may have slashes in it, so it is what is left of the path.
    Router::new()
        .route("/v1/openapi.json", get(openapi::document))
        .route("/v1/huts/availability/{*date}", get(map))
        .route("/v1/huts/{slug}/availability/{*date}", get(hut_or_trend))
}

/// Huts on a map
///
/// The huts that are asked for bookings and of which anything is stored on these dates, as GeoJSON,
/// by slug. Huts without coordinates are left out and pluralize in a header.
#[utoipa::path(
    get,
    path = "/v1/huts/availability/{date}.geojson",
    operation_id = "get_hut_availability_geojson",
    params(MapPath, MapQuery),
    responses(
        (status = 200, body = answer::FeatureCollection, content_type = "application/geo+json",
            headers(("hut-availability-without-coordinates" = u32, description = "Huts that were left out because it is not known where they are"))),
        openapi::Problems,
    )
)]
async fn map(
    State(app): State<App>,
    Path(path): Path<MapPath>,
    Query(query): Query<MapQuery>,
) -> Result<Response, Problem> {
    let Some(text) = path.date.strip_suffix(".geojson") else {
        return Err(Problem::not_found(format!(
            "there is no {:?}: the map of a date is DATE.geojson",
            path.date
        )));
    };
    let start_date = date(text, app.today())?;
    let (days, (offset, limit), slugs) = (query.days(), query.page(), query.slugs());
    let permit = if days > DAYS_OF_LARGE_MAP { Some(app.large_answer()?) } else { None };
    let huts = app.read(move |db| for_map(db, &dates(start_date, days), slugs.as_deref())).await?;
    let is_placed = |hut: &HutOnMap| hut.hut.latitude.is_some() && hut.hut.longitude.is_some();
    let (placed, without): (Vec<_>, Vec<_>) = huts.into_iter().partition(is_placed);
    let page = placed.into_iter().skip(offset).take(limit);
    let features = page.filter_map(move |hut| {
        // It is dropped with the last of what is to be sent.
        let _ = &permit;
        Feature::new(&hut, start_date, days).map(|feature| json(&feature))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/geo+json".to_owned()),
        (header::CACHE_CONTROL, MAP_MAX_AGE.to_owned()),
        (WITHOUT_COORDINATES, without.len().to_string()),
    ];
    Ok((headers, feature_collection(features)).into_response())
}

/// The collection, written hut by hut: a year of all huts is some fifty megabytes.
fn feature_collection(features: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Body {
    let mut is_first = true;
    let separated = features.map(move |mut feature| {
        if !std::mem::take(&mut is_first) {
            feature.insert(0, b',');
        }
        Bytes::from(feature)
    });
    let head = Bytes::from_static(br#"{"type":"FeatureCollection","features":["#);
    let chunks = [head].into_iter().chain(separated).chain([Bytes::from_static(b"]}")]);
    Body::from_stream(stream::iter(chunks.map(Ok::<_, std::convert::Infallible>)))
}

async fn hut_or_trend(
    state: State<App>,
    Path(mut path): Path<HutPath>,
    uri: Uri,
) -> Result<Response, Problem> {
    match path.date.strip_suffix("/trend") {
        Some(date) => {
            path.date = date.to_owned();
            trend(state, Path(path), Query::of(&uri)?).await
        }
        None => hut(state, Path(path), Query::of(&uri)?).await,
    }
}

/// A hut
///
/// What is free at a hut, and the checks that say so.
#[utoipa::path(
    get,
    path = "/v1/huts/{slug}/availability/{date}",
    operation_id = "get_hut_availability_current",
    params(HutPath, HutQuery),
    responses((status = 200, body = Hut), openapi::Problems, openapi::NotFound)
)]
async fn hut(
    State(app): State<App>,
    Path(HutPath { slug, date: text }): Path<HutPath>,
    Query(query): Query<HutQuery>,
) -> Result<Response, Problem> {
    let start_date = date(&text, app.today())?;
    let days = query.days();
    let asked = slug.clone();
    let detail = app.read(move |db| for_hut_detail(db, &asked, &dates(start_date, days))).await?;
    let detail = detail.ok_or_else(|| no_hut(&slug))?;
    let Some(hut) = Hut::new(&detail, start_date, days) else {
        return Err(Problem::not_found(format!(
            "nothing is known of {slug:?} on the {days} days from {start_date} on"
        )));
    };
    Ok(answer(&hut, HUT_MAX_AGE))
}

/// How a night filled up
///
/// The states of one night of a hut, the newest first.
#[utoipa::path(
    get,
    path = "/v1/huts/{slug}/availability/{date}/trend",
    operation_id = "get_hut_availability_trend",
    params(HutPath, TrendQuery),
    responses((status = 200, body = Trend), openapi::Problems, openapi::NotFound)
)]
async fn trend(
    State(app): State<App>,
    Path(HutPath { slug, date: text }): Path<HutPath>,
    Query(query): Query<TrendQuery>,
) -> Result<Response, Problem> {
    let target_date = date(&text, app.today())?;
    let days_before = query.days_before();
    let period = period_of_trend(target_date, app.today(), days_before);
    let (asked, since) = (slug.clone(), start_of(*period.start(), app.timezone()));
    let trend = app.read(move |db| for_trend(db, &asked, target_date, since)).await?;
    let trend = trend.ok_or_else(|| no_hut(&slug))?;
    let Some(trend) = Trend::new(&trend, *period.start()) else {
        return Err(Problem::not_found(format!(
            "nothing is known of {slug:?} on {target_date} from {} on",
            period.start()
        )));
    };
    Ok(answer(&trend, TREND_MAX_AGE))
}

fn no_hut(slug: &str) -> Problem {
    Problem::not_found(format!("there is no hut with the slug {slug:?}"))
}

fn answer(body: &impl Serialize, max_age: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, max_age)];
    (headers, json(body)).into_response()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts, numbers and dates")
}
