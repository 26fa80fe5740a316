//! The fields of a state in machine-readable output: JSON over HTTP, JSON and CSV in a terminal.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::night::Night;
use super::views::{Entry, HutHead, TypeOfHut};
use crate::domain::hut::HutType;
use crate::domain::state::{OccupancyStatus, ReservationStatus, State};

/// The state of a date.
#[derive(Serialize, ToSchema)]
pub struct Day {
    pub date: NaiveDate,
    pub reservation_status: ReservationStatus,
    /// Free places; 0 if the hut is closed, and null if the site does not publish them
    #[schema(minimum = 0)]
    pub free: Option<i16>,
    /// All places of the hut on this date, free or taken; 0 if it is closed, and null if they are not known
    #[schema(minimum = 0)]
    pub total: Option<i16>,
    /// Taken places as a percentage of `total`; null if `free` or `total` is null or `total` is 0
    #[schema(minimum = 0, maximum = 100)]
    pub occupancy_percent: Option<f64>,
    /// `occupancy_percent` rounded to tens, but not 0 while a place is taken and not 100 while one is free; null if
    /// `occupancy_percent` is null
    #[schema(minimum = 0, maximum = 100)]
    pub occupancy_steps: Option<i16>,
    pub occupancy_status: OccupancyStatus,
    /// The hut's type on this date
    pub hut_type: HutType,
    /// The same as `hut_type`
    pub type_slug: HutType,
    /// `standard` if `hut_type` is the hut's type with a warden, `reduced` if it is the type without one
    pub r#type: Option<TypeOfHut>,
    /// Whether the hut's last successful check listed this date. If the site has withdrawn the date, `free` and
    /// `total` are null, and both statuses are `unknown`
    pub listed: bool,
    /// When a check last listed this date
    pub last_checked: DateTime<Utc>,
}

/// A state of the night, from the first to the last check that found it.
#[derive(Serialize, ToSchema)]
pub struct TrendEntry {
    pub date: NaiveDate,
    /// Free places; null if the site does not publish them
    #[schema(minimum = 0)]
    pub free: Option<i16>,
    /// All places of the hut, free or taken; null if they are not known
    #[schema(minimum = 0)]
    pub total: Option<i16>,
    /// Taken places as a percentage of `total`; null if `free` or `total` is null or `total` is 0
    #[schema(minimum = 0, maximum = 100)]
    pub occupancy_percent: Option<f64>,
    pub occupancy_status: OccupancyStatus,
    pub reservation_status: ReservationStatus,
    pub hut_type: HutType,
    pub first_checked: DateTime<Utc>,
    pub last_checked: DateTime<Utc>,
    /// Time from `first_checked` to `last_checked`, in seconds
    #[schema(minimum = 0)]
    pub duration_seconds: f64,
}

impl Day {
    #[must_use]
    pub fn new(hut: &HutHead, date: NaiveDate, night: &Night) -> Self {
        let state = match night.is_withdrawn {
            false => as_closed(night.state),
            true => State {
                free: None,
                total: None,
                reservation_status: ReservationStatus::Unknown,
                ..night.state
            },
        };
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
            listed: night.is_listed,
            last_checked: night.last_checked,
        }
    }
}

impl TrendEntry {
    #[must_use]
    pub fn new(date: NaiveDate, entry: &Entry) -> Self {
        let state = as_closed(entry.state);
        Self {
            date,
            free: state.free,
            total: state.total,
            occupancy_percent: state.occupancy_percent(),
            occupancy_status: state.occupancy_status(),
            reservation_status: state.reservation_status,
            hut_type: state.hut_type,
            first_checked: entry.first_checked,
            last_checked: entry.last_checked,
            duration_seconds: (entry.last_checked - entry.first_checked).as_seconds_f64(),
        }
    }
}

/// A closed date has no places. Earlier versions stored the numbers that a site gave for it.
fn as_closed(state: State) -> State {
    match state.is_closed() {
        true => State { free: Some(0), total: Some(0), ..state },
        false => state,
    }
}
