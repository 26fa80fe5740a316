//! The answers of the API, with the names and types that clients of the service before know.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::availability::State;
use crate::domain::hut::HutType;
use crate::query::fields::{Day, TrendEntry};
use crate::query::views::{self, DayDetail, DaySource, Entry, HutHead, HutOnMap};

/// A coordinate has five decimals, which is about a metre.
const PER_DEGREE: f64 = 1e5;

/// Huts on a map, as GeoJSON (RFC 7946), by slug. Huts without coordinates are left out.
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

/// Where a hut is.
#[derive(Serialize, ToSchema)]
pub struct Point {
    pub r#type: PointType,
    /// Longitude and latitude in degrees (WGS84), with five decimals
    pub coordinates: [f64; 2],
}

#[derive(Serialize, ToSchema)]
pub enum PointType {
    Point,
}

/// A hut and what is free there.
#[derive(Serialize, ToSchema)]
pub struct Properties<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    /// The dates of which a state is stored, in order
    pub data: Vec<Day>,
}

/// A hut and what is free there, with the checks that say so.
#[derive(Serialize, ToSchema)]
pub struct Hut<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    /// The dates of which a state is stored, in order
    pub data: Vec<CheckedDay<'a>>,
}

/// A hut, and what was asked for.
#[derive(Serialize, ToSchema)]
pub struct Head<'a> {
    pub slug: &'a str,
    pub id: i32,
    /// The hut's ID at the source
    pub source_id: &'a str,
    /// The organization whose bookings these are, by slug
    #[schema(example = "hrs")]
    pub source: &'a str,
    /// The page where the hut is booked; empty where none is known
    pub source_link: &'a str,
    /// How many dates were asked for
    #[schema(minimum = 1, maximum = 365)]
    pub days: u16,
    /// The first date that was asked for
    pub start_date: NaiveDate,
    /// What the hut is with a warden
    pub type_standard_slug: Option<HutType>,
    /// What the hut is without one
    pub type_reduced_slug: Option<HutType>,
}

/// The state of a date, and the checks that say so.
#[derive(Serialize, ToSchema)]
pub struct CheckedDay<'a> {
    #[serde(flatten)]
    pub day: Day,
    /// The page where the date is booked; empty where none is known
    pub link: &'a str,
    /// When the date was first found at the booking site
    pub first_checked: DateTime<Utc>,
    /// When the booking site last said so
    pub last_checked: DateTime<Utc>,
}

/// How a night of a hut filled up.
#[derive(Serialize, ToSchema)]
pub struct Trend<'a> {
    pub slug: &'a str,
    pub id: i32,
    /// The night
    pub target_date: NaiveDate,
    /// The day from which on states are listed: so many days before the night, or before today while
    /// the night is to come
    pub period_start: NaiveDate,
    /// The night itself
    pub period_end: NaiveDate,
    /// The states that were found in this time, the newest first
    pub data: Vec<TrendEntry>,
}

impl<'a> Feature<'a> {
    /// The hut on the map; none where it is not known where it is.
    #[must_use]
    pub fn new(hut: &'a HutOnMap, start_date: NaiveDate, days: u16) -> Option<Self> {
        let coordinates = [hut.hut.longitude?, hut.hut.latitude?].map(rounded);
        let day = |&(date, state): &(NaiveDate, State)| Day::new(&hut.hut, date, state);
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
    (degrees * PER_DEGREE).round() / PER_DEGREE
}

impl<'a> Hut<'a> {
    /// The hut on these dates; none where nothing is stored of them.
    #[must_use]
    pub fn new(detail: &'a views::HutDetail, start_date: NaiveDate, days: u16) -> Option<Self> {
        let day = |day: &'a DayDetail| CheckedDay {
            day: Day::new(&detail.hut, day.date, day.state),
            link: day.source.link.as_deref().unwrap_or_default(),
            first_checked: day.first_checked,
            last_checked: day.last_checked,
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
    /// The night's states; none where nothing is stored of this time.
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
