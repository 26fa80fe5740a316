//! The columns that say which arrival a row belongs to.

use chrono::NaiveDate;

use crate::domain::opening::Arrival;

/// `hut_id` of the arrivals of a tour, which have no single hut.
const NO_HUT: i32 = 0;

/// The columns of an arrival.
#[must_use]
pub fn key(arrival: Arrival) -> (NaiveDate, i32) {
    (arrival.date, arrival.hut_id.unwrap_or(NO_HUT))
}

/// The arrival of two columns.
#[must_use]
pub fn of_key(date: NaiveDate, hut_id: i32) -> Arrival {
    Arrival { date, hut_id: (hut_id != NO_HUT).then_some(hut_id) }
}
