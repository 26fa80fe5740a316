//! The command lines of the maintenance commands: `verify`, `repair`, `prune`.

use clap::Args;

use super::day::DayArgs;
use super::values::{REPORT, formats, whole};
use crate::text::format::Format;

/// `verify`
#[derive(Clone, Debug, Args)]
pub struct VerifyArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(REPORT))]
    pub output: Format,
}

/// `repair`
#[derive(Clone, Debug, Args)]
pub struct RepairArgs {
    /// Print what would be mended, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(REPORT))]
    pub output: Format,
}

pub const REPAIR_EXAMPLES: &str = "\
Examples:
  hut-availability repair --dry-run                       what would be mended?
  hut-availability repair

Mends what `verify` finds wherever there is one right way: instants in the future, which a wrong clock has stored; marks
of listed and withdrawn dates; summaries of last checks. Make a backup first. Runs can write meanwhile.

Exit status:
  0    every rule holds now
  1    some violations are left: one line per violation
  2    not done: usage or database error";

/// `prune`
#[derive(Clone, Debug, Args)]
pub struct PruneArgs {
    /// Keep this many past days, with the run log of those days; 0 keeps today and later
    #[arg(long, value_name = "N", value_parser = whole::<u32>(0..=36_500))]
    pub keep_days: u32,

    /// Print how many rows would be deleted, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Run VACUUM afterwards: SQLite shrinks its file, and runs must wait meanwhile; PostgreSQL can reuse the
    /// space at once, without waiting for its autovacuum
    #[arg(long, conflicts_with = "dry_run")]
    pub vacuum: bool,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(REPORT))]
    pub output: Format,

    /// Allow an --as-of in the future
    #[arg(long, requires = "as_of")]
    pub allow_future: bool,

    #[command(flatten)]
    pub day: DayArgs,
}

pub const VERIFY_EXAMPLES: &str = "\
Examples:
  hut-availability verify
  hut-availability verify --output json                   the first 1000 violations, and the total number

Only reads, and is safe while runs write.

Exit status:
  0    every rule holds
  1    some rules are violated: one line per violation
  2    the check could not run: usage or database error";

pub const PRUNE_EXAMPLES: &str = "\
Examples:
  hut-availability prune --keep-days 730 --dry-run        how much is older than two years?
  hut-availability prune --keep-days 730
  hut-availability prune --keep-days 730 --vacuum         and shrink the file (SQLite)

Deletes in small steps, and runs can write between two steps. If the command is stopped, the next one continues.

Exit status:
  0    done
  2    not done: usage or database error
  130  stopped by SIGINT after finishing the current step (143: by SIGTERM)";
