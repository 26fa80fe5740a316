//! The fields of a state in machine-readable output: JSON over HTTP, JSON and CSV in a terminal.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::views::{Entry, HutHead, TypeOfHut};
use crate::domain::availability::{OccupancyStatus, ReservationStatus, State};
use crate::domain::hut::HutType;

/// The state of a date.
#[derive(Serialize, ToSchema)]
pub struct Day {
    pub date: NaiveDate,
    pub reservation_status: ReservationStatus,
    /// Free places
    #[schema(minimum = 0)]
    pub free: i16,
    /// All places of the hut on this date, free or taken
    #[schema(minimum = 0)]
    pub total: i16,
    /// Taken places as a percentage of `total`; 100 if `total` is 0
    #[schema(minimum = 0, maximum = 100)]
    pub occupancy_percent: f64,
    /// `occupancy_percent` rounded to tens, but not 0 while a place is taken and not 100 while one is free
    #[schema(minimum = 0, maximum = 100)]
    pub occupancy_steps: i16,
    pub occupancy_status: OccupancyStatus,
    /// The hut's type on this date
    pub hut_type: HutType,
    /// The same as `hut_type`
    pub type_slug: HutType,
    /// `standard` if `hut_type` is the hut's type with a warden, `reduced` if it is the type without one
    pub r#type: Option<TypeOfHut>,
}

/// A state of the night, from the first to the last check that found it.
#[derive(Serialize, ToSchema)]
pub struct TrendEntry {
    pub date: NaiveDate,
    /// Free places
    #[schema(minimum = 0)]
    pub free: i16,
    /// All places of the hut, free or taken
    #[schema(minimum = 0)]
    pub total: i16,
    /// Taken places as a percentage of `total`; 100 if `total` is 0
    #[schema(minimum = 0, maximum = 100)]
    pub occupancy_percent: f64,
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
    pub fn new(hut: &HutHead, date: NaiveDate, state: State) -> Self {
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

impl TrendEntry {
    #[must_use]
    pub fn new(date: NaiveDate, entry: &Entry) -> Self {
        let state = entry.state;
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
