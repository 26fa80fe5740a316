//! The requests of the API.

use axum::extract::State;
use axum::http::{HeaderName, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::answer::{Feature, Hut, Trend, Types};
use super::parameters::{HutPath, HutQuery, MapPath, MapQuery, TrendQuery, date, language};
use super::stream::{self, DAYS_OF_LARGE_MAP, FEATURE_COLLECTION, json};
use super::{answer, problems};
use crate::db::reading::for_hut_detail::for_hut_detail;
use crate::db::reading::for_map::{MapFilter, for_filtered_map};
use crate::db::reading::for_trend::for_trend;
use crate::domain::day::start_of;
use crate::query::audience::Audience;
use crate::query::views::{HutHead, HutOnMap, dates, period_of_trend};
use crate::web::app::App;
use crate::web::path::Path;
use crate::web::problem::Problem;
use crate::web::query::Query;

/// The response header with the number of huts that are not on the map because they have no coordinates.
pub const WITHOUT_COORDINATES: HeaderName =
    HeaderName::from_static("hut-availability-without-coordinates");

/// How long a client may cache a response; the same as the Wodore backend.
const MAP_MAX_AGE: &str = "public, max-age=600";
const HUT_MAX_AGE: &str = "public, max-age=300";
const TREND_MAX_AGE: &str = MAP_MAX_AGE;

/// Huts on a map
///
/// The active huts that have data for these dates, as GeoJSON, sorted by ID. Huts without coordinates are not
/// included; the header `hut-availability-without-coordinates` has their number, which is 0 if `bbox` is given.
#[utoipa::path(
    get,
    path = "/v1/huts/availability/{date}.geojson",
    operation_id = "get_hut_availability_geojson",
    params(MapPath, MapQuery),
    responses(
        (status = 200, body = answer::FeatureCollection, content_type = "application/geo+json",
            headers(("hut-availability-without-coordinates" = u32, description = "Number of huts that are not included because they have no coordinates"))),
        problems::Problems,
    )
)]
pub async fn map(
    State(app): State<App>,
    Path(path): Path<MapPath>,
    Query(query): Query<MapQuery>,
) -> Result<Response, Problem> {
    let Some(text) = path.date.strip_suffix(".geojson") else {
        return Err(Problem::not_found(format!(
            "there is no resource {:?}: the map of a date is DATE.geojson",
            path.date
        )));
    };
    let start_date = date(text, app.today())?;
    let (days, (offset, limit), language) = (query.days(), query.page(), language(query.lang));
    let (slugs, bounds) = (query.slugs(), query.bbox.map(|bbox| bbox.0));
    let permit = if days > DAYS_OF_LARGE_MAP { Some(app.large_answer()?) } else { None };
    let read = app.read_with_types(move |db| {
        // Also huts that are no longer followed, as long as they have states.
        let filter = MapFilter {
            audience: Audience::Public,
            only_followed: false,
            slugs: slugs.as_deref(),
            bounds,
        };
        for_filtered_map(db, &dates(start_date, days), &filter)
    });
    let (huts, styles) = read.await?;
    let has_coordinates =
        |hut: &HutOnMap| hut.hut.latitude.is_some() && hut.hut.longitude.is_some();
    let (located, unlocated): (Vec<_>, Vec<_>) = huts.into_iter().partition(has_coordinates);
    let page = located.into_iter().skip(offset).take(limit);
    let features = page.filter_map(move |hut| {
        // The closure owns the permit, so it is dropped when the whole response has been sent.
        let _ = &permit;
        let types = Types { styles: &styles, language };
        Feature::new(&hut, (start_date, days), types).map(|feature| json(&feature))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/geo+json".to_owned()),
        (header::CACHE_CONTROL, MAP_MAX_AGE.to_owned()),
        (header::CONTENT_LANGUAGE, language.to_string()),
        (WITHOUT_COORDINATES, unlocated.len().to_string()),
    ];
    Ok((headers, stream::body(FEATURE_COLLECTION, features)).into_response())
}

pub async fn hut_or_trend(
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
/// The availability of one hut by date, with the first and the last check of each state.
#[utoipa::path(
    get,
    path = "/v1/huts/{slug}/availability/{date}",
    operation_id = "get_hut_availability_current",
    params(HutPath, HutQuery),
    responses((status = 200, body = Hut), problems::Problems, problems::NotFound)
)]
pub async fn hut(
    State(app): State<App>,
    Path(HutPath { slug, date: text }): Path<HutPath>,
    Query(query): Query<HutQuery>,
) -> Result<Response, Problem> {
    let start_date = date(&text, app.today())?;
    let (days, language) = (query.days(), language(query.lang));
    let slug_to_read = slug.clone();
    let read =
        app.read_with_types(move |db| for_hut_detail(db, &slug_to_read, &dates(start_date, days)));
    let (detail, styles) = read.await?;
    let detail = detail.filter(|detail| is_shown(&detail.hut)).ok_or_else(|| unknown_hut(&slug))?;
    let types = Types { styles: &styles, language };
    let Some(hut) = Hut::new(&detail, (start_date, days), types) else {
        return Err(Problem::not_found(format!(
            "no data is stored for the hut {slug:?} on the {days} dates from {start_date} on"
        )));
    };
    let language = [(header::CONTENT_LANGUAGE, language.to_string())];
    Ok((language, json_response(&hut, HUT_MAX_AGE)).into_response())
}

/// The history of a night
///
/// How one night of a hut filled up: its states over time, the newest first.
#[utoipa::path(
    get,
    path = "/v1/huts/{slug}/availability/{date}/trend",
    operation_id = "get_hut_availability_trend",
    params(HutPath, TrendQuery),
    responses((status = 200, body = Trend), problems::Problems, problems::NotFound)
)]
pub async fn trend(
    State(app): State<App>,
    Path(HutPath { slug, date: text }): Path<HutPath>,
    Query(query): Query<TrendQuery>,
) -> Result<Response, Problem> {
    let target_date = date(&text, app.today())?;
    let days_before = query.days_before();
    let period = period_of_trend(target_date, app.today(), days_before);
    let (slug_to_read, since) = (slug.clone(), start_of(*period.start(), app.timezone()));
    let trend = app.read(move |db| for_trend(db, &slug_to_read, target_date, since)).await?;
    let trend = trend.filter(|trend| is_shown(&trend.hut)).ok_or_else(|| unknown_hut(&slug))?;
    let Some(trend) = Trend::new(&trend, *period.start()) else {
        return Err(Problem::not_found(format!(
            "no state of the hut {slug:?} for the night of {target_date} is stored since {}",
            period.start()
        )));
    };
    Ok(json_response(&trend, TREND_MAX_AGE))
}

/// Whether the API shows a hut: an inactive one, and one that is not public, do not exist for its clients.
fn is_shown(hut: &HutHead) -> bool {
    hut.is_active && hut.is_public
}

fn unknown_hut(slug: &str) -> Problem {
    Problem::not_found(format!("there is no hut with the slug {slug:?}"))
}

pub(super) fn json_response(body: &impl Serialize, max_age: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, max_age)];
    (headers, json(body)).into_response()
}
