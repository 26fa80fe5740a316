//! The response bodies of the API, with the field names and types of the Wodore backend.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::hut::HutType;
use crate::domain::type_style::{TypeStyle, TypeStyles};
use crate::query::fields::{Day, TrendEntry};
use crate::query::night::Night;
use crate::query::type_names::type_name;
use crate::query::views::{self, DayDetail, DaySource, Entry, HutHead, HutOnMap};
use crate::text::language::Language;

/// Coordinates are rounded to five decimals of a degree, which is about a metre.
const UNITS_PER_DEGREE: f64 = 1e5;

/// How types of huts are described to a client.
#[derive(Clone, Copy)]
pub struct Types<'a> {
    pub styles: &'a TypeStyles,
    /// The language of their names.
    pub language: Language,
}

/// Huts on a map as GeoJSON (RFC 7946), sorted by ID. Huts without coordinates are not included.
#[derive(Serialize, ToSchema)]
#[schema(as = HutAvailabilityFeatureCollection)]
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
#[schema(as = HutAvailabilityFeature)]
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
#[schema(as = HutAvailabilityPropertiesSchema)]
pub struct Properties<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    /// The availability by date, in order. Dates without stored data are not included
    pub data: Vec<TypedDay<'a>>,
}

/// A hut with its availability by date, and the first and the last check of each state.
#[derive(Serialize, ToSchema)]
#[schema(as = CurrentAvailabilitySchema)]
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
    /// A symbol for this type, such as an emoji
    #[schema(example = "🛖")]
    pub type_standard_identifier: Option<&'a str>,
    /// A colour for this type
    #[schema(pattern = "^#[0-9a-f]{6}$", example = "#c1440e")]
    pub type_standard_color: Option<&'a str>,
    /// The place of this type in a list of types, the lowest first
    pub type_standard_order: Option<i32>,
    /// The name of this type in the language that `lang` asks for
    #[schema(example = "hut")]
    pub type_standard_name: Option<&'static str>,
    /// The hut's type without a warden
    pub type_reduced_slug: Option<HutType>,
    /// A symbol for this type, such as an emoji
    #[schema(example = "🔑")]
    pub type_reduced_identifier: Option<&'a str>,
    /// A colour for this type
    #[schema(pattern = "^#[0-9a-f]{6}$", example = "#d98e04")]
    pub type_reduced_color: Option<&'a str>,
    /// The place of this type in a list of types, the lowest first
    pub type_reduced_order: Option<i32>,
    /// The name of this type in the language that `lang` asks for
    #[schema(example = "self-service hut")]
    pub type_reduced_name: Option<&'static str>,
}

/// The availability on a date, with what a client needs to show the type of the hut.
#[derive(Serialize, ToSchema)]
#[schema(as = AvailabilityDaySchema)]
pub struct TypedDay<'a> {
    #[serde(flatten)]
    pub day: Day,
    /// By how many places `free` may be wrong: 0, because it is what the booking site says; null if `free` is null
    #[schema(minimum = 0)]
    pub free_tolerance: Option<i16>,
    /// A symbol for the type of the hut on this date, such as an emoji
    #[schema(example = "🛖")]
    pub type_identifier: Option<&'a str>,
    /// A colour for the type of the hut on this date
    #[schema(pattern = "^#[0-9a-f]{6}$", example = "#c1440e")]
    pub type_color: Option<&'a str>,
}

/// The availability on a date, with the first and the last check that found it.
#[derive(Serialize, ToSchema)]
#[schema(as = CurrentAvailabilityDaySchema)]
pub struct CheckedDay<'a> {
    #[serde(flatten)]
    pub day: TypedDay<'a>,
    /// The URL of the page where this date can be booked; empty if none is known
    pub link: &'a str,
    /// When a check first found this date at the booking site
    pub first_checked: DateTime<Utc>,
}

/// The history of a night: how it filled up.
#[derive(Serialize, ToSchema)]
#[schema(as = AvailabilityTrendSchema)]
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
    pub data: Vec<TrendDay>,
}

/// A state of the night, from the first to the last check that found it.
#[derive(Serialize, ToSchema)]
#[schema(as = AvailabilityTrendDaySchema)]
pub struct TrendDay {
    #[serde(flatten)]
    pub entry: TrendEntry,
    /// By how many places `free` may be wrong: 0, because it is what the booking site says; null if `free` is null
    #[schema(minimum = 0)]
    pub free_tolerance: Option<i16>,
}

impl<'a> Feature<'a> {
    /// The hut as a feature; none if it has no coordinates.
    #[must_use]
    pub fn new(
        hut: &'a HutOnMap,
        (start_date, days): (NaiveDate, u16),
        types: Types<'a>,
    ) -> Option<Self> {
        let day = |(date, night): &(NaiveDate, Night)| TypedDay::new(&hut.hut, *date, night, types);
        Some(Self {
            r#type: FeatureType::Feature,
            geometry: Point::new(hut)?,
            properties: Properties {
                head: Head::new(&hut.hut, &hut.source, (start_date, days), types),
                data: hut.days.iter().map(day).collect(),
            },
        })
    }
}

impl Point {
    /// The place of a hut; none if it has no coordinates.
    #[must_use]
    pub fn new(hut: &HutOnMap) -> Option<Self> {
        let coordinates = [hut.hut.longitude?, hut.hut.latitude?].map(rounded);
        Some(Self { r#type: PointType::Point, coordinates })
    }
}

fn rounded(degrees: f64) -> f64 {
    (degrees * UNITS_PER_DEGREE).round() / UNITS_PER_DEGREE
}

impl<'a> Hut<'a> {
    /// The hut on these dates; none if no state is stored for them.
    #[must_use]
    pub fn new(
        detail: &'a views::HutDetail,
        dates: (NaiveDate, u16),
        types: Types<'a>,
    ) -> Option<Self> {
        let day = |day: &'a DayDetail| CheckedDay {
            day: TypedDay::new(&detail.hut, day.date, &day.night, types),
            link: day.source.link.as_deref().unwrap_or_default(),
            first_checked: day.first_checked,
        };
        Some(Self {
            head: Head::new(&detail.hut, &detail.days.first()?.source, dates, types),
            data: detail.days.iter().map(day).collect(),
        })
    }
}

impl<'a> Head<'a> {
    fn new(
        hut: &'a HutHead,
        source: &'a DaySource,
        (start_date, days): (NaiveDate, u16),
        Types { styles, language }: Types<'a>,
    ) -> Self {
        let style = |hut_type: Option<HutType>| styles.of(hut_type?);
        let name = |hut_type: Option<HutType>| Some(type_name(language, hut_type?));
        let (standard, reduced) = (hut.hut_type_open, hut.hut_type_closed);
        Self {
            slug: &hut.slug,
            id: hut.id,
            source_id: &source.source_hut_id,
            source: &source.organization,
            source_link: source.link.as_deref().unwrap_or_default(),
            days,
            start_date,
            type_standard_slug: standard,
            type_standard_identifier: style(standard).map(|style| &*style.identifier),
            type_standard_color: style(standard).map(|style| &*style.color),
            type_standard_order: style(standard).map(|style| style.order),
            type_standard_name: name(standard),
            type_reduced_slug: reduced,
            type_reduced_identifier: style(reduced).map(|style| &*style.identifier),
            type_reduced_color: style(reduced).map(|style| &*style.color),
            type_reduced_order: style(reduced).map(|style| style.order),
            type_reduced_name: name(reduced),
        }
    }
}

impl<'a> TypedDay<'a> {
    fn new(hut: &HutHead, date: NaiveDate, night: &Night, types: Types<'a>) -> Self {
        let day = Day::new(hut, date, night);
        let style: Option<&TypeStyle> = types.styles.of(day.hut_type);
        Self {
            free_tolerance: tolerance(day.free),
            type_identifier: style.map(|style| &*style.identifier),
            type_color: style.map(|style| &*style.color),
            day,
        }
    }
}

/// By how many places a number may be wrong. Every number is stored as the booking site says it.
fn tolerance(free: Option<i16>) -> Option<i16> {
    free.map(|_| 0)
}

impl<'a> Trend<'a> {
    /// The history of the night; none if no state is stored for the period.
    #[must_use]
    pub fn new(trend: &'a views::Trend, period_start: NaiveDate) -> Option<Self> {
        let date = trend.target_date;
        let entry = |entry: &Entry| {
            let entry = TrendEntry::new(date, entry);
            TrendDay { free_tolerance: tolerance(entry.free), entry }
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
