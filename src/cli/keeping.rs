//! The command lines of what keeps the database in order: `verify`, `prune`.

use clap::Args;

use super::reading::DayArgs;
use crate::text::format::Output;

/// `verify`
#[derive(Clone, Debug, Args)]
pub struct VerifyArgs {
    /// The form of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Output::Text)]
    pub output: Output,
}

/// `prune`
#[derive(Clone, Debug, Args)]
pub struct PruneArgs {
    /// Keep the dates up to so many days past, and the log of the runs of those days; 0: from today on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=36_500))]
    pub keep_days: u32,

    /// Say how many rows would go, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Have the database take stock of the room at once: SQLite's file shrinks, which holds up runs
    /// meanwhile; PostgreSQL fills the room again without waiting for its autovacuum
    #[arg(long, conflicts_with = "dry_run")]
    pub vacuum: bool,

    /// The form of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Output::Text)]
    pub output: Output,

    #[command(flatten)]
    pub day: DayArgs,
}

pub const VERIFY_EXAMPLES: &str = "\
Examples:
  hut-availability verify
  hut-availability verify --output json                   the first 1000 violations, and how many in all

Reads only, and may look while runs write.

Exit status:
  0    every rule holds
  1    some do not: each violation is a line
  2    it could not be looked at: usage, or the database";

pub const PRUNE_EXAMPLES: &str = "\
Examples:
  hut-availability prune --keep-days 730 --dry-run        how much is older than two years?
  hut-availability prune --keep-days 730
  hut-availability prune --keep-days 730 --vacuum         and give the room back (SQLite)

Removes in small steps between which runs write as ever. Where it is stopped, it goes on the next time.

Exit status:
  0    done
  2    it could not be done: usage, or the database
  130  stopped by SIGINT, after the step that was under way (143: by SIGTERM)";
