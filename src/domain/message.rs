//! What a watch tells its watcher: facts, without a language or a channel. Pure.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The most arrivals that a message lists, of those that opened and of those that closed. More are counted.
pub const MAX_LISTED: usize = 20;

/// One message about one watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The same each time that the message is sent, so that a receiver recognizes repetitions.
    pub id: String,
    /// The name of the watch.
    pub watch: String,
    pub kind: MessageKind,
    /// The number of people.
    pub places: u16,
    /// When the news was found.
    pub at: DateTime<Utc>,
    pub opened: Listed,
    pub closed: Listed,
}

/// Why a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// Arrivals opened or closed.
    News,
    /// What was open already when the watch was made or resumed.
    Summary,
    /// The user asked for a test. Its arrival is made up.
    Test,
}

/// The first arrivals of a message, and the number of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// By date, at most [`MAX_LISTED`].
    pub first: Vec<Visit>,
    pub count: usize,
}

/// An arrival that opened or closed: a stay, or a tour of several stages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub arrival: NaiveDate,
    /// The morning after the last night.
    pub departure: NaiveDate,
    /// The huts of each stage: those that have room if the arrival opened, all of them if it closed. A stay has one
    /// stage with one hut.
    pub stages: Vec<Vec<Offer>>,
    /// Since when there had been no room; none if that is not known, or if the nights were not listed before.
    pub full_since: Option<DateTime<Utc>>,
}

/// Nights in one hut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The slug of the hut.
    pub hut: String,
    pub name: String,
    pub arrival: NaiveDate,
    /// The morning after the last night.
    pub departure: NaiveDate,
    /// The free places of each night. Empty if the arrival closed.
    pub free: Vec<i16>,
    /// The page where the hut is booked.
    pub link: Option<String>,
    /// When the hut was last checked successfully.
    pub checked_at: Option<DateTime<Utc>>,
}

impl Offer {
    /// The places that are free on every night.
    #[must_use]
    pub fn places(&self) -> Option<i16> {
        self.free.iter().copied().min()
    }
}

impl Visit {
    /// How long there had been no room at this instant.
    #[must_use]
    pub fn full_for(&self, at: DateTime<Utc>) -> Option<TimeDelta> {
        self.full_since.map(|since| (at - since).max(TimeDelta::zero()))
    }
}
