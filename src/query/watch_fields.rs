//! Watches with the field names of their flags, for programs and for people.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::domain::watch::WatchState;

/// A watch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WatchFields {
    pub name: String,
    pub state: WatchState,
    /// For a stay: the slugs of its huts.
    pub hut: Vec<String>,
    /// For a tour: its stages, as their flag says them.
    pub stage: Vec<String>,
    /// First and last arrival.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Of a stay.
    pub nights: Option<u16>,
    pub places: u16,
    /// Such as `fri,sat`; empty for all.
    pub weekday: String,
    pub notify: Vec<String>,
    pub quiet_start: bool,
    pub closings: bool,
    pub cooldown_seconds: i64,
    /// The file from which `watches apply` took it.
    pub file: Option<String>,
    pub created_at: DateTime<Utc>,
    pub paused_at: Option<DateTime<Utc>>,
    /// The arrivals that are open.
    pub open: Vec<OpenArrival>,
}

/// An arrival that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenArrival {
    pub arrival: NaiveDate,
    /// The hut of a stay.
    pub hut: Option<String>,
}

/// A message to a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryFields {
    pub watch: String,
    pub channel: String,
    /// `pending`, `sent` or `failed`.
    pub state: String,
    pub attempts: i32,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub last_error: Option<String>,
}
