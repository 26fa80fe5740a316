//! The answers of the fake hut-reservation.org, modelled on captured answers. They share no code with the
//! client, so that each tests the other.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

/// One date of `getHutAvailability`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Day {
    free_beds_per_category: BTreeMap<&'static str, i16>,
    free_beds: Option<i16>,
    hut_status: String,
    date: String,
    date_formatted: String,
    total_sleeping_places: i16,
    percentage: &'static str,
}

impl Day {
    /// One date. `percentage` is derived from the other fields, because the snapshots do not have it.
    #[must_use]
    pub fn new(date: NaiveDate, free: Option<i16>, total: i16, status: &str) -> Self {
        let percentage = match free {
            _ if status == "CLOSED" => "CLOSED",
            None | Some(0) => "FULL",
            Some(free) if i32::from(free) * 4 <= i32::from(total) => "NEARLY FULL",
            Some(_) => "AVAILABLE",
        };
        // Two kinds of beds, as most huts have.
        let half = free.map(|free| free / 2);
        let categories = half.zip(free).map(|(half, free)| [("5", half), ("36", free - half)]);
        Self {
            free_beds_per_category: categories.into_iter().flatten().collect(),
            free_beds: free,
            hut_status: status.to_owned(),
            date: format!("{date}T00:00:00Z"),
            date_formatted: format!("{:02}.{:02}.{}", date.day(), date.month(), date.year()),
            total_sleeping_places: total,
            percentage,
        }
    }

    /// The free and total places, which a booking changes.
    #[cfg(test)]
    pub(in crate::simulate) fn numbers(&self) -> (Option<i16>, i16) {
        (self.free_beds, self.total_sleeping_places)
    }
}

/// The answer of `hutInfo`, with the fields that a synthetic hut has.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HutInfo {
    pub hut_id: u32,
    pub hut_name: String,
    pub hut_unlocked: bool,
    pub tenant_country: String,
    pub coordinates: String,
    pub altitude: String,
    pub hut_bed_categories: Vec<BedCategory>,
}

/// The places of one category.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BedCategory {
    pub index: u8,
    pub total_sleeping_places: i16,
    pub reservation_mode: &'static str,
}
