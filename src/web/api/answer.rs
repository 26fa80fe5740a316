//! The answers of the API, with the names and types that clients of the service before know.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::availability::{OccupancyStatus, ReservationStatus, State};
use crate::hut::HutType;
use crate::reading::{self, DayDetail, DaySource, Entry, HutHead, HutOnMap, TypeOfHut};

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

/// The state of a date.
#[derive(Serialize, ToSchema)]
pub struct Day {
    pub date: NaiveDate,
    pub reservation_status: ReservationStatus,
    /// Free places
    #[schema(minimum = 0)]
    pub free: i16,
    /// Places that can be booked on this date
    #[schema(minimum = 0)]
    pub total: i16,
    /// Taken places in percent of all; 100 where there are none
    #[schema(minimum = 0, maximum = 100)]
    pub occupancy_percent: f64,
    /// The percentage in tens; 10 and 90 also for the first guest and the last free place
    #[schema(minimum = 0, maximum = 100)]
    pub occupancy_steps: i16,
    pub occupancy_status: OccupancyStatus,
    /// What the hut is on this date
    pub hut_type: HutType,
    pub type_slug: HutType,
    /// `standard` where that is its type with a warden, `reduced` where it is that without one
    pub r#type: Option<TypeOfHut>,
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

/// A state of the night, from its first check to the last one that found it so.
#[derive(Serialize, ToSchema)]
pub struct TrendEntry {
    pub date: NaiveDate,
    /// Free places
    #[schema(minimum = 0)]
    pub free: i16,
    /// Places that could be booked
    #[schema(minimum = 0)]
    pub total: i16,
    /// Taken places in percent of all; 100 where there are none
    #[schema(minimum = 0, maximum = 100)]
    pub occupancy_percent: f64,
    pub occupancy_status: OccupancyStatus,
    pub reservation_status: ReservationStatus,
    pub hut_type: HutType,
    pub first_checked: DateTime<Utc>,
    pub last_checked: DateTime<Utc>,
    /// From the one to the other, in seconds
    #[schema(minimum = 0)]
    pub duration_seconds: f64,
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
    pub fn new(detail: &'a reading::HutDetail, start_date: NaiveDate, days: u16) -> Option<Self> {
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

impl Day {
    fn new(hut: &HutHead, date: NaiveDate, state: State) -> Self {
        Self {
            date,
            reservation_status: state.reservation_status,
            free: state.free,
            total: state.total,
            occupancy_percent: state.occupancy_percent(),
            occupancy_steps: state.occupancy_steps(),
            occupancy_status: state.occupancy_status(),
            hut_type: state.hut_type,
            type_slug: state.hut_type,
            r#type: hut.type_of(state.hut_type),
        }
    }
}

impl<'a> Trend<'a> {
    /// The night's states; none where nothing is stored of this time.
    #[must_use]
    pub fn new(trend: &'a reading::Trend, period_start: NaiveDate) -> Option<Self> {
        let date = trend.target_date;
        let entry = |entry: &Entry| TrendEntry {
            date,
            free: entry.state.free,
            total: entry.state.total,
            occupancy_percent: entry.state.occupancy_percent(),
            occupancy_status: entry.state.occupancy_status(),
            reservation_status: entry.state.reservation_status,
            hut_type: entry.state.hut_type,
            first_checked: entry.first_checked,
            last_checked: entry.last_checked,
            duration_seconds: (entry.last_checked - entry.first_checked).as_seconds_f64(),
        };
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
