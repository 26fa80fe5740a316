//! The command lines of the reading commands: `map`, `hut`, `trend`, `status`.

use clap::{Args, ValueEnum};

use super::day::DayArgs;
use super::huts::HutFilterArgs;
use super::update::{IntervalArgs, PriorityArgs};
use super::values::{LIST, formats, whole};
use crate::query::views::{DAYS_OF_HUT_DETAIL, DAYS_OF_MAP, DAYS_OF_TREND};
use crate::text::format::Format;

/// `map`
#[derive(Clone, Debug, Args)]
pub struct MapArgs {
    /// First date: today, tomorrow, weekend, saturday, 18.7., 18 July, 2026-01-15, …
    #[arg(value_name = "DATE", default_value = "today")]
    pub date: String,

    /// Number of dates to show, starting at DATE
    #[arg(
        long,
        value_name = "N",
        default_value_t = DAYS_OF_MAP,
        value_parser = whole::<u16>(1..=31)
    )]
    pub days: u16,

    #[command(flatten)]
    pub huts: HutFilterArgs,

    /// Only huts where N places can be booked on DATE itself; the other dates are shown too
    #[arg(long, value_name = "N", value_parser = whole::<u16>(0..=u16::MAX))]
    pub min_free: Option<u16>,

    /// With --min-free, also huts that can be booked on DATE but do not publish how many places are free
    #[arg(long, requires = "min_free")]
    pub ask: bool,

    /// Order of the huts; `free` lists the huts with the most bookable places on DATE first
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = MapOrder::Name)]
    pub sort: MapOrder,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = formats(LIST))]
    pub output: Format,

    #[command(flatten)]
    pub intervals: IntervalArgs,

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
    /// Slug of the hut, or a part of its slug or name that no other hut has
    pub slug: String,

    /// First date: today, tomorrow, weekend, saturday, 18.7., 18 July, 2026-01-15, …
    #[arg(value_name = "DATE", default_value = "today")]
    pub date: String,

    /// Number of dates to show, starting at DATE; the calendar shows the whole months of these dates
    #[arg(
        long,
        value_name = "N",
        default_value_t = DAYS_OF_HUT_DETAIL,
        value_parser = whole::<u16>(1..=731)
    )]
    pub days: u16,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = formats(LIST))]
    pub output: Format,

    #[command(flatten)]
    pub intervals: IntervalArgs,

    #[command(flatten)]
    pub day: DayArgs,
}

/// `trend`
#[derive(Clone, Debug, Args)]
pub struct TrendArgs {
    /// Slug of the hut, or a part of its slug or name that no other hut has
    pub slug: String,

    /// Night to show: today, tomorrow, weekend, saturday, 18.7., 18 July, 2026-01-15, …
    #[arg(value_name = "DATE")]
    pub date: String,

    /// Number of days to look back from today, or from DATE if it is in the past
    #[arg(
        long,
        value_name = "N",
        default_value_t = DAYS_OF_TREND,
        value_parser = whole::<u16>(1..=3650)
    )]
    pub days: u16,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = formats(LIST))]
    pub output: Format,

    #[command(flatten)]
    pub intervals: IntervalArgs,

    #[command(flatten)]
    pub day: DayArgs,
}

/// `status`
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Output format; csv prints one line per failing hut
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = formats(LIST))]
    pub output: Format,

    #[command(flatten)]
    pub priorities: PriorityArgs,

    #[command(flatten)]
    pub day: DayArgs,
}

pub const MAP_EXAMPLES: &str = "\
Examples:
  hut-availability map                                    all huts, today and the next days
  hut-availability map weekend --min-free 5 --sort free   huts with room for five on Saturday
  hut-availability map 15.08.2026 --days 14 --country CH
  hut-availability map '18. Juli' --country Schweiz       dates and countries in five languages
  hut-availability map --name bluemlisalp                 finds Blüemlisalphütte: accents are ignored
  hut-availability map --output csv > map.csv

A cell shows free places/total places. CHECKED is the age of the oldest figure in the row. It is marked as old
after twice the polling interval of the hut: give the intervals of `update-availability`, if they are not the
defaults. Set NO_COLOR to turn off colours.";

pub const HUT_EXAMPLES: &str = "\
Examples:
  hut-availability hut watzmannhaus                       today, and this month
  hut-availability hut watzmannhaus weekend
  hut-availability hut konkordia morgen                   a part of its name, and words of its guests
  hut-availability hut watzmannhaus --days 365            a year
  hut-availability hut watzmannhaus --output json";

pub const TREND_EXAMPLES: &str = "\
Examples:
  hut-availability trend watzmannhaus weekend
  hut-availability trend watzmannhaus 15.08.2026 --days 365
  hut-availability trend watzmannhaus 15.08.2026 --output csv > trend.csv

The table lists the newest state first. In the chart, time runs from left to right.";

pub const STATUS_EXAMPLES: &str = "\
Examples:
  hut-availability status
  hut-availability status --output json                   for monitoring
  hut-availability status --output csv                    the failing huts

A hut is overdue when `update-availability` with the same intervals would select it.";
