//! The command line of `replay`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::update::TierArgs;
use super::values::{LIST, formats, parse_checks_per_day, whole};
use super::window::{DaysArgs, NextDaysArgs};
use crate::text::format::Format;

pub const EXAMPLES: &str = "\
Examples:
  hut-availability replay                                  your own database, its last 28 days
  hut-availability replay --checks-per-day 8 --copies 20   a larger budget, shared by more huts
  hut-availability replay --captures days.csv.gz --schedule tiers --schedule adaptive --output json

Shares are of open nights, over time: those that are not closed and whose places are known. A night of the coming two
weeks weighs more than a later one, and so do Fridays, Saturdays and nights that are nearly full. The captures show
each night once a day, so the instant of a change is drawn at random, by seed.";

/// `replay`
#[derive(Clone, Debug, Args)]
pub struct ReplayArgs {
    /// CSV file of captured days of hrs (columns: fetched_on, hut_id, date, free_beds, total_sleeping_places,
    /// hut_status) or ffcam (fetched_at, structure, date, free); compressed with gzip if its name ends in .gz
    /// [default: the history in the database]
    #[arg(long, value_name = "FILE")]
    pub captures: Option<PathBuf>,

    /// First day to replay [default: that of the file, or 28 days ago]
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,

    /// Last day to replay [default: that of the file, or today]
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,

    /// A schedule to replay; may be given several times [default: all three]
    #[arg(long, value_enum, value_name = "SCHEDULE")]
    pub schedule: Vec<ReplaySchedule>,

    /// Budget of the schedules even and adaptive: checks a day for each hut, in the mean
    #[arg(
        long,
        env = "AVAILABILITY_CHECKS_PER_DAY",
        value_name = "N",
        default_value_t = 4.0,
        value_parser = parse_checks_per_day
    )]
    pub checks_per_day: f64,

    /// Replay each hut N times, with other instants, as if there were N times as many huts
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = whole::<u32>(1..=1000)
    )]
    pub copies: u32,

    /// Repeat the replay with N seeds, and show the means
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        value_parser = whole::<u32>(1..=1000)
    )]
    pub seeds: u32,

    #[command(flatten)]
    pub window: DaysArgs,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = formats(LIST))]
    pub output: Format,

    #[command(flatten)]
    pub tiers: TierArgs,

    #[command(flatten)]
    pub tier_window: NextDaysArgs,
}

/// A schedule to replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReplaySchedule {
    /// Fixed intervals, by how full the coming dates are
    Tiers,
    /// All huts equally often, within the budget
    Even,
    /// Where change is likely, within the budget
    Adaptive,
}
