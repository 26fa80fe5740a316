//! What is read of the stored data, as the queries of [`crate::db::reading`] return it.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::availability::State;
use crate::domain::hut::HutType;

/// How many dates a map shows unless a command is told otherwise.
pub const DAYS_OF_MAP: u16 = 4;
/// How many dates of a hut are shown unless a command is told otherwise.
pub const DAYS_OF_HUT_DETAIL: u16 = 14;
/// How many days of history of a date are shown unless a command is told otherwise.
pub const DAYS_OF_TREND: u16 = 30;

/// So many dates from one on; fewer where the calendar ends.
#[must_use]
pub fn dates(from: NaiveDate, days: u16) -> RangeInclusive<NaiveDate> {
    let last = from.checked_add_days(Days::new(u64::from(days.max(1)) - 1));
    from..=last.unwrap_or(NaiveDate::MAX)
}

/// The days over which a trend goes: to the date itself, from so many days before it on, or before
/// `today` while the date is still to come.
#[must_use]
pub fn period_of_trend(
    target_date: NaiveDate,
    today: NaiveDate,
    days_before: u16,
) -> RangeInclusive<NaiveDate> {
    let from = target_date.min(today).checked_sub_days(Days::new(days_before.into()));
    from.unwrap_or(NaiveDate::MIN)..=target_date
}

/// A hut, as it stands at the head of what is read of it.
#[derive(Clone, Debug, PartialEq)]
pub struct HutHead {
    pub id: i32,
    pub slug: String,
    pub name: String,
    /// Two letters, ISO 3166
    pub country: Option<String>,
    /// Degrees, WGS84
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub hut_type_open: Option<HutType>,
    pub hut_type_closed: Option<HutType>,
    pub is_active: bool,
}

/// Where the state of a date is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaySource {
    /// Slug of the organization.
    pub organization: String,
    pub source_hut_id: String,
    /// The page where the hut is booked.
    pub link: Option<String>,
}

/// A hut on a map, with the dates of which a state is stored, in order. There is at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct HutOnMap {
    pub hut: HutHead,
    /// Where the first of the dates is from.
    pub source: DaySource,
    /// The hut's last successful check.
    pub last_success: Option<DateTime<Utc>>,
    pub days: Vec<(NaiveDate, State)>,
}

/// A hut with the dates of which a state is stored, in order. There may be none.
#[derive(Clone, Debug, PartialEq)]
pub struct HutDetail {
    pub hut: HutHead,
    pub days: Vec<DayDetail>,
}

/// All that is known of a date now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayDetail {
    pub date: NaiveDate,
    pub state: State,
    pub source: DaySource,
    pub first_checked: DateTime<Utc>,
    pub last_checked: DateTime<Utc>,
}

/// How one night of a hut filled up: its states, the newest first. There may be none.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    pub hut: HutHead,
    pub target_date: NaiveDate,
    pub entries: Vec<Entry>,
}

/// A state of a date, from its first check to the last one that found it so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub state: State,
    pub first_checked: DateTime<Utc>,
    pub last_checked: DateTime<Utc>,
}

/// Whether a hut's type on a date is its usual one, or the one without a warden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TypeOfHut {
    Standard,
    Reduced,
}

impl HutHead {
    /// What a type of this hut is to it; none where it is neither of its two.
    #[must_use]
    pub fn type_of(&self, hut_type: HutType) -> Option<TypeOfHut> {
        if self.hut_type_open == Some(hut_type) {
            Some(TypeOfHut::Standard)
        } else if self.hut_type_closed == Some(hut_type) {
            Some(TypeOfHut::Reduced)
        } else {
            None
        }
    }
}
