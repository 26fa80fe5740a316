//! The command lines of what reads: `map`, `hut`, `trend`, `status`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::{Args, ValueEnum};

use super::huts::HutFilterArgs;
use super::update::PriorityArgs;
use super::values::{parse_instant, parse_timezone};
use crate::query::views::{DAYS_OF_HUT_DETAIL, DAYS_OF_MAP, DAYS_OF_TREND};
use crate::text::format::ListOutput;

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

/// `map`
#[derive(Clone, Debug, Args)]
pub struct MapArgs {
    /// The first date: now, today, weekend, 2026-01-15, 15.01.2026, …
    #[arg(value_name = "DATE", default_value = "today")]
    pub date: String,

    /// Dates to show, from DATE on
    #[arg(
        long,
        value_name = "N",
        default_value_t = DAYS_OF_MAP,
        value_parser = clap::value_parser!(u16).range(1..=31)
    )]
    pub days: u16,

    #[command(flatten)]
    pub huts: HutFilterArgs,

    /// Huts that have room for so many on DATE itself; the other dates show where else it would fit
    #[arg(long, value_name = "N")]
    pub min_free: Option<i16>,

    /// The order of the huts; `free`: those with most places on DATE first
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = MapOrder::Name)]
    pub sort: MapOrder,

    /// The form of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ListOutput::Table)]
    pub output: ListOutput,

    #[command(flatten)]
    pub day: DayArgs,
}

/// The order of the huts of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MapOrder {
    Name,
    Country,
    Free,
}

/// `hut`
#[derive(Clone, Debug, Args)]
pub struct HutArgs {
    /// The hut, as `map` and `huts list` show it
    pub slug: String,

    /// The first date: now, today, weekend, 2026-01-15, 15.01.2026, …
    #[arg(value_name = "DATE", default_value = "today")]
    pub date: String,

    /// Dates to show, from DATE on; the calendar shows the whole months that they fall in
    #[arg(
        long,
        value_name = "N",
        default_value_t = DAYS_OF_HUT_DETAIL,
        value_parser = clap::value_parser!(u16).range(1..=731)
    )]
    pub days: u16,

    /// The form of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ListOutput::Table)]
    pub output: ListOutput,

    #[command(flatten)]
    pub day: DayArgs,
}

/// `trend`
#[derive(Clone, Debug, Args)]
pub struct TrendArgs {
    /// The hut, as `map` and `huts list` show it
    pub slug: String,

    /// The night: now, today, weekend, 2026-01-15, 15.01.2026, …
    #[arg(value_name = "DATE")]
    pub date: String,

    /// Days to look back: from today, or from DATE where that has passed
    #[arg(
        long,
        value_name = "N",
        default_value_t = DAYS_OF_TREND,
        value_parser = clap::value_parser!(u16).range(1..=3650)
    )]
    pub days: u16,

    /// The form of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ListOutput::Table)]
    pub output: ListOutput,

    #[command(flatten)]
    pub day: DayArgs,
}

/// `status`
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// The form of the answer; csv: a line for each hut that fails
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ListOutput::Table)]
    pub output: ListOutput,

    #[command(flatten)]
    pub priorities: PriorityArgs,

    #[command(flatten)]
    pub day: DayArgs,
}

pub const MAP_EXAMPLES: &str = "\
Examples:
  hut-availability map                                    all huts, today and the next days
  hut-availability map weekend --min-free 5 --sort free   room for five on Saturday
  hut-availability map 15.08.2026 --days 14 --country CH
  hut-availability map --name bluemlisalp                 Blüemlisalphütte, as keyboards have it
  hut-availability map --output csv > map.csv

A cell is free/all places. Colours are left out where NO_COLOR is set.";

pub const HUT_EXAMPLES: &str = "\
Examples:
  hut-availability hut watzmannhaus                       today, and this month
  hut-availability hut watzmannhaus weekend
  hut-availability hut watzmannhaus --days 365            a year
  hut-availability hut watzmannhaus --output json";

pub const TREND_EXAMPLES: &str = "\
Examples:
  hut-availability trend watzmannhaus weekend
  hut-availability trend watzmannhaus 15.08.2026 --days 365
  hut-availability trend watzmannhaus 15.08.2026 --output csv > trend.csv

The newest state comes first; the chart goes from left to right.";

pub const STATUS_EXAMPLES: &str = "\
Examples:
  hut-availability status
  hut-availability status --output json                   for monitoring
  hut-availability status --output csv                    the huts that fail

A hut is overdue from when `update-availability` with the same intervals would ask it.";
