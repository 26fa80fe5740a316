//! The flags of commands that read: what the current time and date are.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args;

use super::values::{parse_instant, parse_timezone};

/// The flags that decide what the current time and date are.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "General")]
pub struct DayArgs {
    /// IANA time zone that decides when a day begins
    #[arg(long, env = "AVAILABILITY_TIMEZONE", value_name = "TZ", default_value = "Europe/Zurich", value_parser = parse_timezone)]
    pub timezone: Tz,

    /// Answer as if it were this instant, such as 2026-01-15T10:00:00Z: it decides ages and the date of today
    #[arg(long, value_name = "RFC3339", value_parser = parse_instant)]
    pub as_of: Option<DateTime<Utc>>,
}
