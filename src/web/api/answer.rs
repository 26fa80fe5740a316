//! The response bodies of the API, with the field names and types of the Wodore backend.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::hut::HutType;
use crate::query::fields::{Day, TrendEntry};
use crate::query::night::Night;
use crate::query::views::{self, DayDetail, DaySource, Entry, HutHead, HutOnMap};

/// Coordinates are rounded to five decimals of a degree, which is about a metre.
const UNITS_PER_DEGREE: f64 = 1e5;

/// Huts on a map as GeoJSON (RFC 7946), sorted by slug. Huts without coordinates are not included.
#[derive(Serialize, ToSchema)]
pub struct FeatureCollection<'a> {
    pub r#type: FeatureCollectionType,
    pub features: Vec<Feature<'a>>,
}

#[derive(Serialize, ToSchema)]
pub enum FeatureCollectionType {
    FeatureCollection,
}

/// A hut on the map.
#[derive(Serialize, ToSchema)]
pub struct Feature<'a> {
    pub r#type: FeatureType,
    pub geometry: Point,
    pub properties: Properties<'a>,
}

#[derive(Serialize, ToSchema)]
pub enum FeatureType {
    Feature,
}

/// The location of a hut.
#[derive(Serialize, ToSchema)]
pub struct Point {
    pub r#type: PointType,
    /// Longitude and latitude in degrees (WGS84), rounded to five decimals
    pub coordinates: [f64; 2],
}

#[derive(Serialize, ToSchema)]
pub enum PointType {
    Point,
}

/// A hut with its availability by date.
#[derive(Serialize, ToSchema)]
pub struct Properties<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    /// The availability by date, in order. Dates without stored data are not included
    pub data: Vec<Day>,
}

/// A hut with its availability by date, and the first and the last check of each state.
#[derive(Serialize, ToSchema)]
pub struct Hut<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    /// The availability by date, in order. Dates without stored data are not included
    pub data: Vec<CheckedDay<'a>>,
}

/// The fields of a hut, and the requested dates.
#[derive(Serialize, ToSchema)]
pub struct Head<'a> {
    pub slug: &'a str,
    pub id: i32,
    /// The hut's ID at the booking site
    pub source_id: &'a str,
    /// The slug of the organization that provides the booking data
    #[schema(example = "hrs")]
    pub source: &'a str,
    /// The URL of the hut's booking page; empty if none is known
    pub source_link: &'a str,
    /// The number of requested dates
    #[schema(minimum = 1, maximum = 365)]
    pub days: u16,
    /// The first requested date
    pub start_date: NaiveDate,
    /// The hut's type with a warden
    pub type_standard_slug: Option<HutType>,
    /// The hut's type without a warden
    pub type_reduced_slug: Option<HutType>,
}

/// The availability on a date, with the first and the last check that found it.
#[derive(Serialize, ToSchema)]
pub struct CheckedDay<'a> {
    #[serde(flatten)]
    pub day: Day,
    /// The URL of the page where this date can be booked; empty if none is known
    pub link: &'a str,
    /// When a check first found this date at the booking site
    pub first_checked: DateTime<Utc>,
}

/// The history of a night: how it filled up.
#[derive(Serialize, ToSchema)]
pub struct Trend<'a> {
    pub slug: &'a str,
    pub id: i32,
    /// The night
    pub target_date: NaiveDate,
    /// The first day of the history: `limit` days before the night, or before today if the night is in the
    /// future
    pub period_start: NaiveDate,
    /// The last day of the history: the night itself
    pub period_end: NaiveDate,
    /// The states that checks found in this period, the newest first
    pub data: Vec<TrendEntry>,
}

impl<'a> Feature<'a> {
    /// The hut as a feature; none if it has no coordinates.
    #[must_use]
    pub fn new(hut: &'a HutOnMap, start_date: NaiveDate, days: u16) -> Option<Self> {
        let coordinates = [hut.hut.longitude?, hut.hut.latitude?].map(rounded);
        let day = |(date, night): &(NaiveDate, Night)| Day::new(&hut.hut, *date, night);
        Some(Self {
            r#type: FeatureType::Feature,
            geometry: Point { r#type: PointType::Point, coordinates },
            properties: Properties {
                head: Head::new(&hut.hut, &hut.source, start_date, days),
                data: hut.days.iter().map(day).collect(),
            },
        })
    }
}

fn rounded(degrees: f64) -> f64 {
    (degrees * UNITS_PER_DEGREE).round() / UNITS_PER_DEGREE
}

impl<'a> Hut<'a> {
    /// The hut on these dates; none if no state is stored for them.
    #[must_use]
    pub fn new(detail: &'a views::HutDetail, start_date: NaiveDate, days: u16) -> Option<Self> {
        let day = |day: &'a DayDetail| CheckedDay {
            day: Day::new(&detail.hut, day.date, &day.night),
            link: day.source.link.as_deref().unwrap_or_default(),
            first_checked: day.first_checked,
        };
        Some(Self {
            head: Head::new(&detail.hut, &detail.days.first()?.source, start_date, days),
            data: detail.days.iter().map(day).collect(),
        })
    }
}

impl<'a> Head<'a> {
    fn new(hut: &'a HutHead, source: &'a DaySource, start_date: NaiveDate, days: u16) -> Self {
        Self {
            slug: &hut.slug,
            id: hut.id,
            source_id: &source.source_hut_id,
            source: &source.organization,
            source_link: source.link.as_deref().unwrap_or_default(),
            days,
            start_date,
            type_standard_slug: hut.hut_type_open,
            type_reduced_slug: hut.hut_type_closed,
        }
    }
}

impl<'a> Trend<'a> {
    /// The history of the night; none if no state is stored for the period.
    #[must_use]
    pub fn new(trend: &'a views::Trend, period_start: NaiveDate) -> Option<Self> {
        let date = trend.target_date;
        let entry = |entry: &Entry| TrendEntry::new(date, entry);
        (!trend.entries.is_empty()).then(|| Self {
            slug: &trend.hut.slug,
            id: trend.hut.id,
            target_date: date,
            period_start,
            period_end: date,
            data: trend.entries.iter().map(entry).collect(),
        })
    }
}
