//! The command lines of `stays` and `tours`.

use chrono::WeekdaySet;
use clap::Args;

use super::day::DayArgs;
use super::values::{LIST, formats, whole};
use crate::domain::stay::{MAX_NIGHTS, Stage, parse_weekdays};
use crate::query::stay_filter::{DEFAULT_KM, Elevations, NearText, parse_km};
use crate::text::format::Format;

/// When a group may arrive, and how many places it needs.
#[derive(Clone, Debug, Args)]
pub struct GroupArgs {
    /// Number of people; each night must have that many free places
    #[arg(
        long,
        value_name = "P",
        default_value_t = 1,
        value_parser = whole::<u16>(1..=999)
    )]
    pub places: u16,

    /// First arrival: today, tomorrow, weekend, saturday, 18.7., 18 July, 2026-01-15, …
    #[arg(long, value_name = "DATE", default_value = "today")]
    pub from: String,

    /// Last arrival [default: 89 days after the first one]
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,

    /// Weekdays of the arrival, such as fri,sat [default: all]
    #[arg(
        long,
        value_name = "DAYS",
        default_value = "",
        hide_default_value = true,
        value_parser = parse_weekdays
    )]
    pub weekday: WeekdaySet,

    /// Most results to list [default: 100 in a table, else all]
    #[arg(long, value_name = "N", value_parser = whole::<usize>(0..))]
    pub limit: Option<usize>,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = formats(LIST))]
    pub output: Format,

    #[command(flatten)]
    pub day: DayArgs,
}

/// `stays`
#[derive(Clone, Debug, Args)]
pub struct StaysArgs {
    /// Number of consecutive nights in one hut
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = whole::<u16>(1..=MAX_NIGHTS)
    )]
    pub nights: u16,

    /// Only this hut, by its slug, or a part of its slug or name that no other hut has; may be repeated, or given as a
    /// list with commas
    #[arg(long, value_name = "SLUG", value_delimiter = ',')]
    pub hut: Vec<String>,

    #[command(flatten)]
    pub filter: super::huts::HutFilterArgs,

    /// Only huts around a place, the nearest first: degrees such as 47.42,12.11 or the slug of a hut
    #[arg(long, value_name = "LAT,LON|SLUG")]
    pub near: Option<NearText>,

    /// Greatest distance from that place in kilometres, as the crow flies
    #[arg(long, value_name = "KM", requires = "near", default_value_t = DEFAULT_KM, value_parser = parse_km)]
    pub km: f64,

    /// Only huts at these elevations in metres, such as 1500..2500, 1500.. or ..2500
    #[arg(long, value_name = "MIN..MAX", allow_hyphen_values = true)]
    pub elevation: Option<Elevations>,

    // Last, because its last flags have a heading of their own in the help.
    #[command(flatten)]
    pub group: GroupArgs,
}

/// `tours`
#[derive(Clone, Debug, Args)]
pub struct ToursArgs {
    /// A stage: the slug of a hut, or several as alternatives, and the number of its nights if that is not 1;
    /// repeat it for each stage, in their order
    #[arg(long = "stage", value_name = "SLUG[,SLUG…][:NIGHTS]", required = true)]
    pub stages: Vec<Stage<String>>,

    #[command(flatten)]
    pub group: GroupArgs,
}

pub const STAYS_EXAMPLES: &str = "\
Examples:
  hut-availability stays --nights 2 --places 4 --weekday fri,sat      weekends with room for four
  hut-availability stays --places 2 --from 1.8.2026 --to 15.8.2026 --country AT
  hut-availability stays --places 2 --near watzmannhaus --km 30       the nearest huts first
  hut-availability stays --near 47.42,12.11 --elevation 1500..2500
  hut-availability stays --hut watzmannhaus --nights 3 --output json

A stay is listed if each of its nights has room for all people. Huts that do not publish how many places are free
are not listed.";

pub const TOURS_EXAMPLES: &str = "\
Examples:
  hut-availability tours --stage hut-a --stage hut-b,hut-c --stage hut-d:2 --places 4
  hut-availability tours --stage hut-a --stage hut-b --from 1.7.2026 --to 31.8.2026 --weekday sat

A tour is listed by its start if each stage has room for all people, with the alternatives that have. The example
needs four nights: one in hut-a, one in hut-b or hut-c, and two in hut-d.";
