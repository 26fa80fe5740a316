//! Writes the results of queries as JSON and CSV for programs, with the field names of the contract.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::query::csv::{DAY_COLUMNS, TREND_COLUMNS};
use crate::query::fields::{Day, TrendEntry};
use crate::query::night::Night;
use crate::query::views::{DayDetail, DaySource, Entry, HutHead, HutOnMap, Trend};
use crate::text::spreadsheet::to_csv;
use crate::text::visible::is_visible;

/// Huts on a range of dates.
#[derive(Serialize)]
pub struct MapData {
    pub start_date: NaiveDate,
    pub days: u16,
    pub huts: Vec<HutData<Day>>,
}

/// A hut and its dates.
#[derive(Serialize)]
pub struct HutData<D> {
    #[serde(flatten)]
    pub hut: HutFields,
    #[serde(flatten)]
    pub source: SourceFields,
    pub type_standard_slug: Option<&'static str>,
    pub type_reduced_slug: Option<&'static str>,
    pub last_success: Option<DateTime<Utc>>,
    pub data: Vec<D>,
}

/// The identity of a hut.
#[derive(Clone, Serialize)]
pub struct HutFields {
    pub slug: String,
    pub id: i32,
    pub name: String,
    pub country: Option<String>,
    /// False: readers over HTTP do not see the hut.
    pub is_public: bool,
}

/// The booking site of a hut.
#[derive(Clone, Default, Serialize)]
pub struct SourceFields {
    pub source_id: Option<String>,
    pub source: Option<String>,
    pub source_link: Option<String>,
}

/// The state of a date, with the first and the last check that found it.
#[derive(Serialize)]
pub struct CheckedDayData {
    #[serde(flatten)]
    pub day: Day,
    pub link: Option<String>,
    pub first_checked: DateTime<Utc>,
}

/// How a night filled up, the newest state first.
#[derive(Serialize)]
pub struct TrendData {
    #[serde(flatten)]
    pub hut: HutFields,
    pub target_date: NaiveDate,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub data: Vec<TrendEntry>,
}

impl From<&HutHead> for HutFields {
    fn from(hut: &HutHead) -> Self {
        let HutHead { slug, id, name, country, is_public, .. } = hut.clone();
        Self { slug, id, name, country, is_public }
    }
}

impl From<&DaySource> for SourceFields {
    fn from(source: &DaySource) -> Self {
        Self {
            source_id: Some(source.source_hut_id.clone()),
            source: Some(source.organization.clone()),
            source_link: source.link.clone(),
        }
    }
}

impl<D> HutData<D> {
    #[must_use]
    pub fn new(
        hut: &HutHead,
        source: SourceFields,
        last_success: Option<DateTime<Utc>>,
        data: Vec<D>,
    ) -> Self {
        Self {
            hut: hut.into(),
            source,
            type_standard_slug: hut.hut_type_open.map(<&str>::from),
            type_reduced_slug: hut.hut_type_closed.map(<&str>::from),
            last_success,
            data,
        }
    }
}

impl From<&HutOnMap> for HutData<Day> {
    fn from(hut: &HutOnMap) -> Self {
        let day = |(date, night): &(NaiveDate, Night)| Day::new(&hut.hut, *date, night);
        let days = hut.days.iter().map(day).collect();
        Self::new(&hut.hut, (&hut.source).into(), hut.last_success, days)
    }
}

impl CheckedDayData {
    #[must_use]
    pub fn new(hut: &HutHead, day: &DayDetail) -> Self {
        Self {
            day: Day::new(hut, day.date, &day.night),
            link: day.source.link.clone(),
            first_checked: day.first_checked,
        }
    }
}

impl TrendData {
    /// The states of a night that were found from `period_start` on.
    #[must_use]
    pub fn new(trend: &Trend, period_start: NaiveDate) -> Self {
        let entry = |entry: &Entry| TrendEntry::new(trend.target_date, entry);
        Self {
            hut: (&trend.hut).into(),
            target_date: trend.target_date,
            period_start,
            period_end: trend.target_date,
            data: trend.entries.iter().map(entry).collect(),
        }
    }
}

/// Serialises a value as one line of JSON.
///
/// Some characters control a terminal although JSON does not require to escape them. They are escaped too,
/// which does not change the meaning of the JSON.
#[must_use]
pub fn to_json(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).expect("plain values have JSON");
    let mut units = [0; 2];
    let mut escaped = |c: char| -> String {
        let units = c.encode_utf16(&mut units).iter();
        units.map(|unit| format!("\\u{unit:04x}")).collect()
    };
    let json: String =
        json.chars().map(|c| if is_visible(c) { c.into() } else { escaped(c) }).collect();
    format!("{json}\n")
}

const HUT_COLUMNS: [&str; 5] = ["slug", "id", "name", "country", "is_public"];

/// CSV with a line for each hut and date.
#[must_use]
pub fn map_csv(map: &MapData) -> String {
    let rows = map.huts.iter().flat_map(|hut| hut.data.iter().map(|day| (&hut.hut, day)));
    to_csv(&[&HUT_COLUMNS[..], &DAY_COLUMNS].concat(), rows)
}

/// CSV with a line for each date.
#[must_use]
pub fn hut_csv(hut: &HutData<CheckedDayData>) -> String {
    let rows = hut.data.iter().map(|day| (&hut.hut, &day.day, &day.link, &day.first_checked));
    let checked = ["link", "first_checked"];
    to_csv(&[&HUT_COLUMNS[..], &DAY_COLUMNS, &checked].concat(), rows)
}

/// CSV with a line for each state.
#[must_use]
pub fn trend_csv(trend: &TrendData) -> String {
    let rows = trend.data.iter().map(|entry| (&trend.hut, entry));
    to_csv(&[&HUT_COLUMNS[..], &TREND_COLUMNS].concat(), rows)
}
