//! The command line of `update-availability`, and the flags that both programs share.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::{Args, Parser, ValueEnum};

use super::values::{REPORT, formats, whole};
use crate::cli::channels::ChannelsArgs;
use crate::cli::database::DatabaseArgs;
use crate::cli::metrics::MetricsArgs;
use crate::cli::requests::RequestArgs;
use crate::cli::values::{parse_checks_per_day, parse_every, parse_instant, parse_timezone};
use crate::cli::window::{DaysArgs, NextDaysArgs};
use crate::text::format::{Format, LogFormat};

const UPDATE_EXAMPLES: &str = "\
Examples:
  update-availability --demo                        try it out: no network, no set-up
  update-availability                               check the huts that are due
  update-availability --hut-slug taellihuette       check one hut, due or not
  update-availability --every 15m --watched         check watched huts until Ctrl-C, and send what opens
  update-availability --all --days 14               check every hut for the next two weeks
  update-availability --dry-run                     fetch and compare, but write nothing
  update-availability --dry-run=plan                which huts are due? sends no request
  update-availability --schedule adaptive           spend 4 checks a hut and day where change is likely
  update-availability --output json > report.json   report for programs; progress goes to stderr

Exit status:
  0    all selected huts were updated, or none was due
  1    some huts failed, or were skipped because their site was abandoned
  2    no hut could be updated: usage error, database error, or all huts failed
  130  stopped by SIGINT, after finishing what was being written (143: by SIGTERM)";

/// Ask hut booking sites how many places are free, and store the current state and every change
///
/// Checks the huts that are due: a hut with a nearly full night in the coming two weeks every half hour, a
/// quiet hut once a day. Add huts with `hut-availability huts discover` or `huts import`.
#[derive(Debug, Parser)]
#[command(name = "update-availability", version, after_help = UPDATE_EXAMPLES)]
pub struct UpdateCli {
    #[command(flatten)]
    pub selection: SelectionArgs,

    /// Run again and again until a signal, with this time between the starts of two runs, such as 15m or 1h
    ///
    /// Each run prints one line, or with --output json one JSON object. For computers without cron or Kubernetes.
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = parse_every,
        conflicts_with_all = ["dry_run", "as_of", "timings"]
    )]
    pub every: Option<Duration>,

    /// Fetch and compare, but write nothing; `=plan` only selects the huts and sends no request
    #[arg(
        long,
        value_name = "WHAT",
        value_enum,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "full"
    )]
    pub dry_run: Option<DryRun>,

    #[command(flatten)]
    pub window: DaysArgs,

    /// Format of the report on stdout; everything else goes to stderr
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats(REPORT))]
    pub output: Format,

    /// Show at the end of the report how much time each stage of the run took
    #[arg(long)]
    pub timings: bool,

    /// Print a line per hut instead of a progress bar (the default if stderr is not a terminal)
    #[arg(long)]
    pub no_progress: bool,

    /// Run the whole job without a network: with built-in fake booking sites and a local SQLite file
    ///
    /// The database is hut-availability-demo.db, unless another one is given. If it has no huts, 32 of
    /// all sites are imported. All huts are due in every run, unless you set one of the intervals.
    #[arg(long)]
    pub demo: bool,

    /// Run as if it were this instant, such as 2026-01-15T10:00:00Z; for replays and tests
    #[arg(long, value_name = "RFC3339", value_parser = parse_instant)]
    pub as_of: Option<DateTime<Utc>>,

    /// Allow an --as-of in the future
    ///
    /// What is stored at a time in the future makes later runs refuse the hut, until `hut-availability repair`
    /// mends it.
    #[arg(long, requires = "as_of")]
    pub allow_future: bool,

    /// IANA time zone that decides when a day begins
    #[arg(long, env = "AVAILABILITY_TIMEZONE", value_name = "TZ", default_value = "Europe/Zurich", value_parser = parse_timezone)]
    pub timezone: Tz,

    /// How long a claim lasts: if a run dies, other runs may check its claimed huts after this time
    #[arg(
        long,
        env = "AVAILABILITY_LEASE",
        value_name = "SECONDS",
        default_value_t = 60,
        value_parser = whole::<u16>(1..=3600)
    )]
    pub lease: u16,

    #[command(flatten)]
    pub priorities: PriorityArgs,

    #[command(flatten)]
    pub requests: RequestArgs,

    #[command(flatten)]
    pub channels: ChannelsArgs,

    #[command(flatten)]
    pub metrics: MetricsArgs,

    #[command(flatten)]
    pub common: CommonArgs,
}

/// The flags that select other huts than the due ones.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct SelectionArgs {
    /// Check only the hut with this slug, due or not
    #[arg(long, value_name = "SLUG")]
    pub hut_slug: Option<String>,

    /// Check only the hut with this ID, due or not
    #[arg(long, value_name = "ID", value_parser = whole::<i32>(1..))]
    pub hut_id: Option<i32>,

    /// Check every hut with a booking reference, due or not
    #[arg(long)]
    pub all: bool,

    /// Check only the huts of active watches, when they are due
    #[arg(long)]
    pub watched: bool,
}

/// The flags that decide which huts are due.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which huts are due")]
pub struct PriorityArgs {
    #[command(flatten)]
    pub intervals: IntervalArgs,

    #[command(flatten)]
    pub window: NextDaysArgs,
}

/// How often huts are polled: by the interval of each tier, or by a budget. The fullest coming date of a hut decides its
/// tier.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Polling intervals")]
pub struct IntervalArgs {
    /// How the due huts are chosen
    #[arg(
        long,
        env = "AVAILABILITY_SCHEDULE",
        value_enum,
        value_name = "SCHEDULE",
        default_value_t = ScheduleKind::Tiers
    )]
    pub schedule: ScheduleKind,

    /// Budget of the adaptive schedule: checks a day for each followed hut, in the mean [default: 4]
    #[arg(
        long,
        env = "AVAILABILITY_CHECKS_PER_DAY",
        value_name = "N",
        value_parser = parse_checks_per_day
    )]
    pub checks_per_day: Option<f64>,

    #[command(flatten)]
    pub tiers: TierArgs,
}

/// The polling interval of each tier.
#[derive(Clone, Debug, Args)]
pub struct TierArgs {
    /// Interval for huts of active watches, besides that of their tier [default: 30]
    #[arg(
        long,
        env = "AVAILABILITY_WATCHED_PRIORITY_MINUTES",
        value_name = "MINUTES",
        value_parser = whole::<u32>(0..)
    )]
    pub watched_priority_minutes: Option<u32>,

    /// Interval for huts with a date above 75 % occupancy [default: 30]
    #[arg(
        long,
        env = "AVAILABILITY_HIGH_PRIORITY_MINUTES",
        value_name = "MINUTES",
        value_parser = whole::<u32>(0..)
    )]
    pub high_priority_minutes: Option<u32>,

    /// Interval for huts with a date above 25 % occupancy [default: 180]
    #[arg(
        long,
        env = "AVAILABILITY_MEDIUM_PRIORITY_MINUTES",
        value_name = "MINUTES",
        value_parser = whole::<u32>(0..)
    )]
    pub medium_priority_minutes: Option<u32>,

    /// Interval for huts with no date above 25 % occupancy [default: 1440]
    #[arg(
        long,
        env = "AVAILABILITY_LOW_PRIORITY_MINUTES",
        value_name = "MINUTES",
        value_parser = whole::<u32>(0..)
    )]
    pub low_priority_minutes: Option<u32>,

    /// Interval for huts without a number of places on any date that the site lists [default: 10080]
    #[arg(
        long,
        env = "AVAILABILITY_INACTIVE_PRIORITY_MINUTES",
        value_name = "MINUTES",
        value_parser = whole::<u32>(0..)
    )]
    pub inactive_priority_minutes: Option<u32>,
}

/// The flags that every command has.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "General")]
pub struct CommonArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,

    /// Format of all messages on stderr; json prints one object per line and no progress bar
    #[arg(
        long,
        env = "AVAILABILITY_LOG_FORMAT",
        value_enum,
        value_name = "FORMAT",
        default_value_t = LogFormat::Text,
        global = true
    )]
    pub log_format: LogFormat,

    /// Print debug messages on stderr
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub verbose: bool,

    /// Print only errors on stderr; the output on stdout stays
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// How the due huts are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ScheduleKind {
    /// At fixed intervals, by how full the coming dates are
    #[default]
    Tiers,
    /// Where change is likely, within the budget of --checks-per-day; the intervals of tiers have no effect
    Adaptive,
}

/// How far a dry run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DryRun {
    /// Select the huts, fetch their answers and compare
    Full,
    /// Select the huts only
    Plan,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::app::HutAvailabilityCli;
    use clap::CommandFactory;

    #[test]
    fn the_clap_definitions_are_valid() {
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
        assert!(error(&["--source-url", "DAV=http://x"]).contains("lower-case"));
        assert!(error(&["--source-url", "hrs=ftp://x"]).contains("http://"));
        assert!(error(&["--days", "732"]).contains("from 1 to 731"));
        assert!(error(&["--all", "--hut-id", "3"]).contains("cannot be used with"));
        assert!(error(&["--database-url", "mysql://x"]).contains("postgres://"));
    }

    #[test]
    fn a_dry_run_is_full_or_plan() {
        let dry_run =
            |arg| UpdateCli::try_parse_from(["update-availability", arg]).unwrap().dry_run;
        assert_eq!(dry_run("--dry-run"), Some(DryRun::Full));
        assert_eq!(dry_run("--dry-run=plan"), Some(DryRun::Plan));
    }
}
