//! What a takeover counts: of one hut, and summed up over all huts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::Display;

/// A kind of value that is corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Display, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Correction {
    /// A number of places below 0 is 0, and one that no hut has is the greatest that is stored.
    PlacesOutOfRange,
    /// Where `free` is above `total`, `total` is raised to it.
    FreeAboveTotal,
    /// A night that is full, or has no places, has 0 free places.
    FreeOfFullNight,
    /// A night that is closed has neither free places nor places.
    PlacesOfClosedNight,
    /// A night without free places cannot be booked.
    BookableWithoutPlaces,
    /// A status that this program does not know is `unknown`.
    ReservationStatus,
    /// A missing hut type, or one that this program does not know, is `unknown`.
    HutType,
    /// A time in the future, or after the last check.
    Instant,
    /// A night's row begins with its first entry.
    RowBegin,
    /// The ID of a night's source was missing, or it was the hut's own ID.
    SourceId,
}

/// Why nights and their entries are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Display, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LeftOut {
    /// The date is infinite, or not of the years 1 to 9999.
    InvalidDate,
    /// Neither the night nor the hut names an organization.
    NoSource,
}

impl LeftOut {
    /// The reason as a text.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::InvalidDate => "the date is not one of the years 1 to 9999",
            Self::NoSource => "neither the night nor its hut has an organization",
        }
    }
}

/// Rows and entries that are not taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    pub rows: u64,
    pub entries: u64,
}

/// What was read, repaired and taken.
///
/// `rows` is `rows_read` and `rows_added` less those left out; `entries` is `entries_read` and `entries_added` less
/// `doubles_merged` and those left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows of nights and entries of their history in the other database.
    pub rows_read: u64,
    pub entries_read: u64,
    /// Rows and entries as this program stores them.
    pub rows: u64,
    pub entries: u64,
    /// Entries that ended before the next one began.
    pub gaps_closed: u64,
    /// Entries that ended after the next one began.
    pub overlaps_ended: u64,
    /// Entries that begin with another one, or repeat the one before them.
    pub doubles_merged: u64,
    /// Entries of rows that had none, or another state than their latest entry.
    pub entries_added: u64,
    /// Rows of nights that had a history only.
    pub rows_added: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub corrected: BTreeMap<Correction, u64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<LeftOut, Records>,
}

impl Counts {
    /// Counts one corrected value.
    pub fn correct(&mut self, correction: Correction) {
        *self.corrected.entry(correction).or_default() += 1;
    }

    /// Counts a night that is not taken.
    pub fn leave_out(&mut self, why: LeftOut, has_row: bool, entries: usize) {
        let records = self.left_out.entry(why).or_default();
        records.rows += u64::from(has_row);
        records.entries += entries as u64;
    }

    /// The number of corrected values.
    #[must_use]
    pub fn values_corrected(&self) -> u64 {
        self.corrected.values().sum()
    }

    /// Adds the counts of another hut.
    pub fn add(&mut self, other: &Self) {
        self.rows_read += other.rows_read;
        self.entries_read += other.entries_read;
        self.rows += other.rows;
        self.entries += other.entries;
        self.gaps_closed += other.gaps_closed;
        self.overlaps_ended += other.overlaps_ended;
        self.doubles_merged += other.doubles_merged;
        self.entries_added += other.entries_added;
        self.rows_added += other.rows_added;
        for (correction, count) in &other.corrected {
            *self.corrected.entry(*correction).or_default() += count;
        }
        for (why, records) in &other.left_out {
            let sum = self.left_out.entry(*why).or_default();
            sum.rows += records.rows;
            sum.entries += records.entries;
        }
    }
}
