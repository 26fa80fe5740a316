//! `/v1/huts/bookings` and `/v1/huts/bookings.geojson`: the map in the form of the paths that the Wodore backend has
//! deprecated. Older web clients read it until the paths end.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{FeatureCollectionType, FeatureType, Point};
use super::parameters::{BookingsQuery, date};
use super::problems;
use super::stream::{self, ARRAY, DAYS_OF_LARGE_MAP, FEATURE_COLLECTION, json};
use crate::db::reading::for_map::{MapFilter, for_filtered_map};
use crate::domain::hut::HutType;
use crate::domain::state::{OccupancyStatus, ReservationStatus};
use crate::query::audience::Audience;
use crate::query::fields::Day;
use crate::query::night::Night;
use crate::query::views::{HutOnMap, dates};
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::web::query::Query;

/// What replaces the deprecated paths.
const SUCCESSOR: &str = "/v1/huts/availability/{date}.geojson";

/// The last day of the deprecated paths, as the Wodore backend has announced it.
const SUNSET: NaiveDate = NaiveDate::from_ymd_opt(2027, 4, 1).expect("a date of the calendar");

/// The headers of a deprecated path: since when it is deprecated (RFC 9745: 1 October 2026), its last day (RFC 8594),
/// and its successor.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (HeaderName::from_static("deprecation"), HeaderValue::from_static("@1790812800")),
    (HeaderName::from_static("sunset"), HeaderValue::from_static("Thu, 01 Apr 2027 00:00:00 GMT")),
    (
        header::LINK,
        HeaderValue::from_static("</v1/huts/availability/now.geojson>; rel=\"successor-version\""),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=600")),
];

/// Huts with their bookings as GeoJSON.
#[derive(Serialize, ToSchema)]
#[schema(as = HutBookingsFeatureCollection)]
pub struct BookingsCollection<'a> {
    pub r#type: FeatureCollectionType,
    pub features: Vec<BookingsFeature<'a>>,
}

/// A hut on the map.
#[derive(Serialize, ToSchema)]
#[schema(as = HutBookingsFeature)]
pub struct BookingsFeature<'a> {
    pub id: i32,
    pub r#type: FeatureType,
    pub geometry: Point,
    pub properties: HutBookings<'a>,
}

/// A hut with its bookings by date.
#[derive(Serialize, ToSchema)]
#[schema(as = HutBookingsProps)]
pub struct HutBookings<'a> {
    pub slug: &'a str,
    pub id: i32,
    /// The hut's ID at the booking site
    pub source_id: &'a str,
    /// The slug of the organization that provides the booking data
    pub source: &'a str,
    /// The number of requested dates
    pub days: u16,
    /// The URL of the hut's booking page; empty if none is known
    pub link: &'a str,
    /// The first requested date
    pub start_date: NaiveDate,
    pub bookings: Vec<Booking<'a>>,
}

/// A hut with its place and its bookings.
#[derive(Serialize, ToSchema)]
#[schema(as = HutBookingsSchema)]
pub struct HutWithBookings<'a> {
    #[serde(flatten)]
    pub hut: HutBookings<'a>,
    pub location: Location,
}

/// A place in degrees (WGS84), rounded to five decimals.
#[derive(Serialize, ToSchema)]
#[schema(as = LocationSchema)]
pub struct Location {
    pub lat: f64,
    pub lon: f64,
}

/// The availability on a date.
#[derive(Serialize, ToSchema)]
#[schema(as = HutBookingSchema)]
pub struct Booking<'a> {
    pub link: &'a str,
    pub date: NaiveDate,
    pub reservation_status: ReservationStatus,
    /// Free places; null if the site does not publish them
    #[schema(minimum = 0)]
    pub free: Option<i16>,
    #[schema(minimum = 0)]
    pub total: Option<i16>,
    pub occupancy_percent: Option<f64>,
    pub occupancy_steps: Option<i16>,
    pub occupancy_status: OccupancyStatus,
    pub hut_type: HutType,
}

/// Bookings (deprecated)
///
/// The availability of huts by date. Deprecated: `/v1/huts/availability/{date}.geojson` replaces it. After 1 April 2027
/// the path answers 410.
#[utoipa::path(
    get,
    path = "/v1/huts/bookings",
    operation_id = "get_hut_bookings",
    params(BookingsQuery),
    responses((status = 200, body = [HutWithBookings]), problems::Problems, problems::Gone)
)]
#[deprecated = "the path ends on 1 April 2027"]
pub async fn bookings(
    State(app): State<App>,
    Query(query): Query<BookingsQuery>,
) -> Result<Response, Problem> {
    let answer = answer(&app, &query, ARRAY, |hut, dates| {
        let [lon, lat] = Point::new(hut)?.coordinates;
        let location = Location { lat, lon };
        Some(json(&HutWithBookings { hut: HutBookings::new(hut, dates), location }))
    });
    answer
        .await
        .map(|answer| ([(header::CONTENT_TYPE, "application/json")], answer).into_response())
}

/// Bookings on a map (deprecated)
///
/// The availability of huts by date as GeoJSON. Deprecated: `/v1/huts/availability/{date}.geojson` replaces it. After
/// 1 April 2027 the path answers 410.
#[utoipa::path(
    get,
    path = "/v1/huts/bookings.geojson",
    operation_id = "get_hut_bookings_geojson",
    params(BookingsQuery),
    responses(
        (status = 200, body = BookingsCollection, content_type = "application/geo+json"),
        problems::Problems,
        problems::Gone,
    )
)]
#[deprecated = "the path ends on 1 April 2027"]
pub async fn bookings_geojson(
    State(app): State<App>,
    Query(query): Query<BookingsQuery>,
) -> Result<Response, Problem> {
    let answer = answer(&app, &query, FEATURE_COLLECTION, |hut, dates| {
        let feature = BookingsFeature {
            id: hut.hut.id,
            r#type: FeatureType::Feature,
            geometry: Point::new(hut)?,
            properties: HutBookings::new(hut, dates),
        };
        Some(json(&feature))
    });
    let content_type = [(header::CONTENT_TYPE, "application/geo+json")];
    answer.await.map(|answer| (content_type, answer).into_response())
}

/// Answers with the huts of a request, each as `item` writes it. A hut without coordinates is none.
async fn answer(
    app: &App,
    query: &BookingsQuery,
    around: [&'static str; 2],
    item: fn(&HutOnMap, (NaiveDate, u16)) -> Option<Vec<u8>>,
) -> Result<impl IntoResponse, Problem> {
    if app.today() > SUNSET {
        let detail = format!("this path ended on {SUNSET}: ask {SUCCESSOR} instead");
        return Err(Problem::new(StatusCode::GONE, detail));
    }
    let start_date = date(query.date(), app.today())?;
    let (days, slugs) = (query.days(), query.slugs());
    let permit = if days > DAYS_OF_LARGE_MAP { Some(app.large_answer()?) } else { None };
    let huts = app.read(move |db| {
        let slugs = slugs.as_deref();
        let filter = MapFilter { audience: Audience::Public, slugs, ..MapFilter::default() };
        for_filtered_map(db, &dates(start_date, days), &filter)
    });
    let items = huts.await?.into_iter().filter_map(move |hut| {
        // The closure owns the permit, so it is dropped when the whole response has been sent.
        let _ = &permit;
        item(&hut, (start_date, days))
    });
    Ok((HEADERS, stream::body(around, items)))
}

impl<'a> HutBookings<'a> {
    fn new(hut: &'a HutOnMap, (start_date, days): (NaiveDate, u16)) -> Self {
        let link = hut.source.link.as_deref().unwrap_or_default();
        let booking = |(date, night): &(NaiveDate, Night)| {
            let day = Day::new(&hut.hut, *date, night);
            Booking {
                link,
                date: day.date,
                reservation_status: day.reservation_status,
                free: day.free,
                total: day.total,
                occupancy_percent: day.occupancy_percent,
                occupancy_steps: day.occupancy_steps,
                occupancy_status: day.occupancy_status,
                hut_type: day.hut_type,
            }
        };
        Self {
            slug: &hut.hut.slug,
            id: hut.hut.id,
            source_id: &hut.source.source_hut_id,
            source: &hut.source.organization,
            days,
            link,
            start_date,
            bookings: hut.days.iter().map(booking).collect(),
        }
    }
}
