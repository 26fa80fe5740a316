//! The command lines, as typed: flags, their environment variables and help. Here that of
//! `update-availability` and what both have.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::{Args, Parser, ValueEnum};

use crate::cli::database::DatabaseArgs;
use crate::cli::metrics::MetricsArgs;
use crate::cli::requests::RequestArgs;
use crate::cli::values::{parse_instant, parse_timezone};
use crate::text::format::{LogFormat, Output};

const UPDATE_EXAMPLES: &str = "\
Examples:
  update-availability --demo                        see it work: no network, no set-up
  update-availability                               ask for the huts that are due
  update-availability --hut-slug taellihuette       one hut, due or not
  update-availability --all --days 14               every hut, the next two weeks
  update-availability --dry-run                     compare, and write nothing
  update-availability --dry-run=plan                which huts are due? asks no site
  update-availability --output json > report.json   for programs; progress stays on stderr

Exit status:
  0    all selected huts were updated, or none was due
  1    some huts failed, or were skipped because their site was left
  2    nothing could be done: usage, database, or every hut failed or had its site left
  130  stopped by SIGINT, after finishing what was being written (143: by SIGTERM)";

/// Ask hut booking sites how many places are free, and keep the current state and every change
///
/// Asks the huts that are due: those with a nearly full night in the coming two weeks every half
/// hour, quiet ones once a day. Huts come from `hut-availability huts discover` or `huts import`.
#[derive(Debug, Parser)]
#[command(name = "update-availability", version, after_help = UPDATE_EXAMPLES)]
pub struct UpdateCli {
    #[command(flatten)]
    pub selection: SelectionArgs,

    /// Compare and write nothing at all; `=plan` stops after the selection and asks no site
    #[arg(
        long,
        value_name = "WHAT",
        value_enum,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "full"
    )]
    pub dry_run: Option<DryRun>,

    /// Dates to ask for: from today to today + DAYS - 1
    #[arg(
        long,
        env = "AVAILABILITY_DAYS",
        value_name = "DAYS",
        default_value_t = 365,
        value_parser = clap::value_parser!(u16).range(1..=731)
    )]
    pub days: u16,

    /// The report on stdout; everything else goes to stderr
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Output::Text)]
    pub output: Output,

    /// Say where the run's time went, at the end of the report
    #[arg(long)]
    pub timings: bool,

    /// A line for each hut instead of a progress bar (the default where stderr is no terminal)
    #[arg(long)]
    pub no_progress: bool,

    /// A built-in booking site and a local SQLite file: the whole job, with no network
    ///
    /// Uses hut-availability-demo.db unless a database is given, imports two dozen huts if there
    /// are none, and takes every hut as due unless told otherwise.
    #[arg(long)]
    pub demo: bool,

    /// Run as if it were this instant, such as 2026-01-15T10:00:00Z: for replays and tests
    #[arg(long, value_name = "RFC3339", value_parser = parse_instant)]
    pub as_of: Option<DateTime<Utc>>,

    /// Time zone in which a day begins
    #[arg(long, env = "AVAILABILITY_TIMEZONE", value_name = "TZ", default_value = "Europe/Zurich", value_parser = parse_timezone)]
    pub timezone: Tz,

    /// How long the few huts that a run has in hand are kept from other runs when it dies
    #[arg(
        long,
        env = "AVAILABILITY_LEASE",
        value_name = "SECONDS",
        default_value_t = 60,
        value_parser = clap::value_parser!(u16).range(1..=3600)
    )]
    pub lease: u16,

    #[command(flatten)]
    pub priorities: PriorityArgs,

    #[command(flatten)]
    pub requests: RequestArgs,

    #[command(flatten)]
    pub metrics: MetricsArgs,

    #[command(flatten)]
    pub common: CommonArgs,
}

/// Which huts, where it is not those that are due.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct SelectionArgs {
    /// One hut, due or not
    #[arg(long, value_name = "SLUG")]
    pub hut_slug: Option<String>,

    /// One hut, due or not
    #[arg(long, value_name = "ID")]
    pub hut_id: Option<i32>,

    /// Every hut with a booking reference, due or not
    #[arg(long)]
    pub all: bool,
}

/// How often huts are asked. A hut's tier goes by its fullest coming date.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which huts are due")]
pub struct PriorityArgs {
    /// Huts with a date above 75 % [default: 30]
    #[arg(long, env = "AVAILABILITY_HIGH_PRIORITY_MINUTES", value_name = "MINUTES")]
    pub high_priority_minutes: Option<u32>,

    /// Huts with a date above 25 % [default: 180]
    #[arg(long, env = "AVAILABILITY_MEDIUM_PRIORITY_MINUTES", value_name = "MINUTES")]
    pub medium_priority_minutes: Option<u32>,

    /// Huts with no date above 25 % [default: 1440]
    #[arg(long, env = "AVAILABILITY_LOW_PRIORITY_MINUTES", value_name = "MINUTES")]
    pub low_priority_minutes: Option<u32>,

    /// Huts of which no places are known [default: 10080]
    #[arg(long, env = "AVAILABILITY_INACTIVE_PRIORITY_MINUTES", value_name = "MINUTES")]
    pub inactive_priority_minutes: Option<u32>,

    /// The dates that make the tier: from today to today + DAYS
    #[arg(
        long,
        env = "AVAILABILITY_NEXT_DAYS",
        value_name = "DAYS",
        default_value_t = 14,
        value_parser = clap::value_parser!(u16).range(0..=731)
    )]
    pub next_days: u16,
}

/// What every command has.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "General")]
pub struct CommonArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,

    /// The form of everything on stderr: JSON is one object a line, without a progress bar
    #[arg(
        long,
        env = "AVAILABILITY_LOG_FORMAT",
        value_enum,
        value_name = "FORMAT",
        default_value_t = LogFormat::Text,
        global = true
    )]
    pub log_format: LogFormat,

    /// Say more on stderr
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub verbose: bool,

    /// Say only what failed on stderr
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// How far a dry run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DryRun {
    /// Select, fetch and compare
    Full,
    /// Select only
    Plan,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::app::HutAvailabilityCli;
    use clap::CommandFactory;

    #[test]
    fn the_command_lines_are_sound() {
        UpdateCli::command().debug_assert();
        HutAvailabilityCli::command().debug_assert();
    }

    fn error(args: &[&str]) -> String {
        let args = ["update-availability"].iter().chain(args);
        UpdateCli::try_parse_from(args).unwrap_err().to_string()
    }

    #[test]
    fn errors_quote_the_value_and_say_what_to_do() {
        assert!(error(&["--as-of", "yesterday"]).contains("2026-01-15T10:00:00Z"));
        assert!(error(&["--timezone", "Alps"]).contains("Europe/Zurich"));
        assert!(error(&["--request-interval=-1"]).contains("'-1'"));
        assert!(error(&["--request-interval", "NaN"]).contains("from 0 to"));
        assert!(error(&["--source-url", "hrs"]).contains("ORG=URL"));
        assert!(error(&["--source-url", "dav=http://x"]).contains("expected one of: hrs"));
        assert!(error(&["--source-url", "hrs=ftp://x"]).contains("http://"));
        assert!(error(&["--days", "732"]).contains("1..=731"));
        assert!(error(&["--all", "--hut-id", "3"]).contains("cannot be used with"));
        assert!(error(&["--database-url", "mysql://x"]).contains("postgres://"));
    }

    #[test]
    fn a_dry_run_has_two_depths() {
        let dry_run =
            |arg| UpdateCli::try_parse_from(["update-availability", arg]).unwrap().dry_run;
        assert_eq!(dry_run("--dry-run"), Some(DryRun::Full));
        assert_eq!(dry_run("--dry-run=plan"), Some(DryRun::Plan));
    }
}
