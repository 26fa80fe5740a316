//! The results of the queries in [`crate::db::reading`].

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::calendar::{FIRST_DATE, LAST_DATE};
use crate::domain::hut::HutType;
use crate::domain::state::State;
use crate::domain::tier::Tier;
use crate::query::night::Night;

/// The default number of dates on a map.
pub const DAYS_OF_MAP: u16 = 4;
/// The default number of dates of a hut.
pub const DAYS_OF_HUT_DETAIL: u16 = 14;
/// The default number of days of history of a date.
pub const DAYS_OF_TREND: u16 = 30;

/// The range of `days` dates that starts at `from`; shorter if it would pass the last date that the databases
/// store alike.
#[must_use]
pub fn dates(from: NaiveDate, days: u16) -> RangeInclusive<NaiveDate> {
    let last = from.checked_add_days(Days::new(u64::from(days.max(1)) - 1));
    from..=last.unwrap_or(LAST_DATE).min(LAST_DATE)
}

/// The days that a trend covers. It ends at the target date. It starts `days_before` days before that date,
/// or before `today` if the date lies in the future.
#[must_use]
pub fn period_of_trend(
    target_date: NaiveDate,
    today: NaiveDate,
    days_before: u16,
) -> RangeInclusive<NaiveDate> {
    let from = target_date.min(today).checked_sub_days(Days::new(days_before.into()));
    from.unwrap_or(FIRST_DATE).max(FIRST_DATE)..=target_date
}

/// The fields of a hut that every view of it starts with.
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
    /// False: only operators see the hut.
    pub is_public: bool,
}

/// A hut that a group may choose for a stay.
#[derive(Clone, Debug, PartialEq)]
pub struct HutForStay {
    pub hut: HutHead,
    /// Metres
    pub elevation: Option<i16>,
    /// Slug of the organization whose bookings are followed.
    pub organization: String,
    /// The page where the hut is booked.
    pub link: Option<String>,
    /// The hut's last successful check
    pub last_success: Option<DateTime<Utc>>,
    /// See [`Night::tier`].
    pub tier: Option<Tier>,
}

/// The booking site that published the state of a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaySource {
    /// Slug of the organization.
    pub organization: String,
    pub source_hut_id: String,
    /// The page where the hut is booked.
    pub link: Option<String>,
}

/// A hut on a map, with its stored states by date, in order. There is at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct HutOnMap {
    pub hut: HutHead,
    /// The source of the first date.
    pub source: DaySource,
    /// The hut's last successful check
    pub last_success: Option<DateTime<Utc>>,
    pub days: Vec<(NaiveDate, Night)>,
}

/// A hut with its stored states by date, in order. There may be none.
#[derive(Clone, Debug, PartialEq)]
pub struct HutDetail {
    pub hut: HutHead,
    pub days: Vec<DayDetail>,
}

/// The current state of a date, with its source and checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayDetail {
    pub date: NaiveDate,
    pub night: Night,
    pub source: DaySource,
    pub first_checked: DateTime<Utc>,
}

/// How one night of a hut filled up: its states, the newest first. There may be none.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    pub hut: HutHead,
    pub target_date: NaiveDate,
    /// The current state of the night; none if none is stored.
    pub night: Option<Night>,
    pub entries: Vec<Entry>,
}

/// A state of a date, from the first to the last check that found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub state: State,
    pub first_checked: DateTime<Utc>,
    pub last_checked: DateTime<Utc>,
}

/// Whether a hut has its usual type on a date, or its type without a warden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TypeOfHut {
    Standard,
    Reduced,
}

impl HutHead {
    /// Whether a type is the hut's type with a warden or without one; none if it is neither.
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
