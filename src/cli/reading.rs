//! What every command that reads has.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args;

use super::values::{parse_instant, parse_timezone};
use crate::clock::Clock;

/// Which day it is.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "General")]
pub struct DayArgs {
    /// Time zone in which a day begins
    #[arg(long, env = "AVAILABILITY_TIMEZONE", value_name = "TZ", default_value = "Europe/Zurich", value_parser = parse_timezone)]
    pub timezone: Tz,

    /// Read as if it were this instant, such as 2026-01-15T10:00:00Z: ages, and what today is
    #[arg(long, value_name = "RFC3339", value_parser = parse_instant)]
    pub as_of: Option<DateTime<Utc>>,
}

impl DayArgs {
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.as_of.map_or(Clock::System, Clock::StoppedAt)
    }
}
