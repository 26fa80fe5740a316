//! Turns flags and environment into one validated configuration. No other code reads the environment.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use chrono::{Days, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use reqwest::Url;

use crate::cli::day::DayArgs;
use crate::cli::huts::DiscoverArgs;
use crate::cli::metrics::MetricsArgs;
use crate::cli::requests::RequestArgs;
use crate::cli::update::{
    CommonArgs, DryRun, IntervalArgs, ScheduleKind, SelectionArgs, TierArgs, UpdateCli,
};
use crate::commands::channels::channels_file;
use crate::db::schedule::Selection;
use crate::domain::database_url::{DEFAULT, DatabaseUrl};
use crate::domain::organization::{Organization, Organizations};
use crate::domain::run::Mode;
use crate::domain::schedule::{Adaptive, Intervals, Schedule};
use crate::metrics::destinations::Destinations;
use crate::query::date::{self, InvalidDate};
use crate::query::freshness::AgeLimits;
use crate::register::discover::Resume;
use crate::runtime::clock::Clock;
use crate::sites::limits::RequestLimits;
use crate::sites::registry::Registry;
use crate::text::format::Format;

/// The database of the demo, unless another one is given.
const DEMO_DATABASE: &str = "hut-availability-demo.db";

/// The configuration of a run of `update-availability`.
#[derive(Clone, Debug)]
pub struct UpdateConfig {
    pub registry: Registry,
    pub database_url: DatabaseUrl,
    pub selection: Selection,
    /// The time between the starts of two runs; none for one run.
    pub every: Option<Duration>,
    pub dry_run: Option<DryRun>,
    pub days: u16,
    pub clock: Clock,
    pub allow_future: bool,
    pub timezone: Tz,
    pub schedule: Schedule,
    /// A hut's tier depends on the dates from today to today + `next_days`.
    pub next_days: u64,
    pub limits: RequestLimits,
    /// How long the claims of a run last after it dies.
    pub lease: TimeDelta,
    pub base_urls: HashMap<String, Url>,
    pub demo: bool,
    pub output: Format,
    /// Whether the report shows the time per stage.
    pub timings: bool,
    pub metrics: Destinations,
    /// The file of channels to which messages go.
    pub channels: Option<PathBuf>,
    pub no_progress: bool,
    pub quiet: bool,
}

impl UpdateConfig {
    /// Applies the defaults. `registry` has the sites that can be asked.
    ///
    /// # Errors
    /// An organization is not in the registry.
    pub fn new(cli: UpdateCli, registry: Registry) -> anyhow::Result<Self> {
        let default_database = if cli.demo { DEMO_DATABASE } else { DEFAULT };
        Ok(Self {
            database_url: database_url(&cli.common, default_database),
            selection: selection(cli.selection),
            every: cli.every,
            dry_run: cli.dry_run,
            days: cli.window.days,
            clock: cli.as_of.map_or(Clock::System, Clock::StoppedAt),
            allow_future: cli.allow_future,
            timezone: cli.timezone,
            schedule: schedule(&cli.priorities.intervals, cli.demo),
            next_days: cli.priorities.window.next_days.into(),
            limits: limits(&cli.requests),
            lease: TimeDelta::seconds(cli.lease.into()),
            base_urls: base_urls(&cli.requests, &registry.organizations())?,
            registry,
            demo: cli.demo,
            output: cli.output,
            timings: cli.timings,
            metrics: metrics(cli.metrics, cli.dry_run),
            channels: channels_file(&cli.channels),
            no_progress: cli.no_progress,
            quiet: cli.common.quiet,
        })
    }

    /// The selection mode, as the report names it.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self.selection {
            Selection::Due | Selection::Watched => Mode::Due,
            Selection::All => Mode::All,
            Selection::Slug(_) | Selection::Id(_) => Mode::Hut,
        }
    }

    /// The dates to ask for, starting at `today`.
    #[must_use]
    pub fn dates(&self, today: NaiveDate) -> RangeInclusive<NaiveDate> {
        today..=today + Days::new(u64::from(self.days) - 1)
    }
}

/// The configuration of `huts discover`.
#[derive(Clone, Debug)]
pub struct DiscoverConfig {
    pub registry: Registry,
    pub database_url: DatabaseUrl,
    pub organizations: BTreeSet<Organization>,
    pub max_id: u32,
    pub resume: Resume,
    pub dry_run: bool,
    pub limits: RequestLimits,
    pub base_urls: HashMap<String, Url>,
    pub output: Format,
    pub no_progress: bool,
    pub quiet: bool,
}

impl DiscoverConfig {
    /// Applies the defaults. `registry` has the sites that can be asked.
    ///
    /// # Errors
    /// An organization is not in the registry.
    pub fn new(
        args: DiscoverArgs,
        common: &CommonArgs,
        registry: Registry,
    ) -> anyhow::Result<Self> {
        let known = registry.organizations();
        Ok(Self {
            database_url: database_url(common, DEFAULT),
            organizations: match args.organization {
                given if given.is_empty() => known.iter().collect(),
                given => {
                    let find = |slug: &String| find_organization(&known, slug);
                    given.iter().map(find).collect::<anyhow::Result<_>>()?
                }
            },
            max_id: args.max_id,
            resume: match (args.resume, args.fresh) {
                (true, _) => Resume::Always,
                (_, true) => Resume::Never,
                _ => Resume::Recent,
            },
            dry_run: args.dry_run,
            limits: limits(&args.requests),
            base_urls: base_urls(&args.requests, &known)?,
            registry,
            output: args.output,
            no_progress: args.no_progress,
            quiet: common.quiet,
        })
    }
}

/// The clock of a command that reads.
#[must_use]
pub fn clock(day: &DayArgs) -> Clock {
    day.as_of.map_or(Clock::System, Clock::StoppedAt)
}

/// What makes a figure old, for a command that reads.
#[must_use]
pub fn age_limits(day: &DayArgs, intervals: &IntervalArgs) -> AgeLimits {
    let clock = clock(day);
    AgeLimits {
        now: clock.now(),
        today: clock.today(day.timezone),
        intervals: schedule(intervals, false).max_intervals(),
    }
}

/// Parses a date such as `2026-01-15` or `weekend`, relative to today.
///
/// # Errors
/// The text is not a date.
pub fn date(day: &DayArgs, text: &str) -> Result<NaiveDate, InvalidDate> {
    date::parse(text, clock(day).today(day.timezone))
}

/// The database that was given, or `default`.
#[must_use]
pub fn database_url(common: &CommonArgs, default: &str) -> DatabaseUrl {
    common.database.url.clone().unwrap_or_else(|| DatabaseUrl::Sqlite(default.into()))
}

/// Where the metrics go. A dry run exports none, because it must leave no trace.
fn metrics(args: MetricsArgs, dry_run: Option<DryRun>) -> Destinations {
    match dry_run {
        Some(_) => Destinations::default(),
        None => Destinations { file: args.metrics_file, pushgateway: args.pushgateway_url },
    }
}

fn selection(args: SelectionArgs) -> Selection {
    match (args.hut_slug, args.hut_id, args.all) {
        (Some(slug), ..) => Selection::Slug(slug),
        (_, Some(id), _) => Selection::Id(id),
        _ if args.watched => Selection::Watched,
        (.., true) => Selection::All,
        _ => Selection::Due,
    }
}

/// The checks a day for each hut, unless a flag says otherwise.
const DEFAULT_CHECKS_PER_DAY: f64 = 4.0;

/// How the due huts are chosen.
#[must_use]
pub fn schedule(args: &IntervalArgs, demo: bool) -> Schedule {
    let intervals = intervals(&args.tiers, demo);
    match args.schedule {
        ScheduleKind::Tiers => Schedule::Tiers(intervals),
        ScheduleKind::Adaptive => Schedule::Adaptive(Adaptive {
            checks_per_day: args.checks_per_day.unwrap_or(DEFAULT_CHECKS_PER_DAY),
            watched: intervals.watched,
        }),
    }
}

/// The polling interval of each tier. In the demo every interval is 0 unless given, so that a second run also
/// checks every hut.
#[must_use]
pub fn intervals(args: &TierArgs, demo: bool) -> Intervals {
    let minutes = |given: Option<u32>, default: i64| {
        TimeDelta::minutes(given.map_or(if demo { 0 } else { default }, i64::from))
    };
    Intervals {
        watched: minutes(args.watched_priority_minutes, 30),
        high: minutes(args.high_priority_minutes, 30),
        medium: minutes(args.medium_priority_minutes, 3 * 60),
        low: minutes(args.low_priority_minutes, 24 * 60),
        inactive: minutes(args.inactive_priority_minutes, 7 * 24 * 60),
    }
}

/// The limits on requests to booking sites.
#[must_use]
pub fn limits(args: &RequestArgs) -> RequestLimits {
    RequestLimits {
        request_interval: args.request_interval,
        force_request_interval: args.force_request_interval,
        max_in_flight: args.max_in_flight.into(),
        request_timeout: args.request_timeout,
        retries: args.retries.into(),
        contact: args.contact.clone(),
    }
}

/// The base URLs of the sites whose requests go elsewhere, by organization.
///
/// # Errors
/// An organization is not known.
pub fn base_urls(
    args: &RequestArgs,
    known: &Organizations,
) -> anyhow::Result<HashMap<String, Url>> {
    let checked = |(slug, url): &(String, Url)| {
        let organization = known.find("organization", slug).map_err(anyhow::Error::msg);
        let organization = organization.with_context(|| format!("--source-url {slug}={url}"))?;
        Ok((organization.to_string(), url.clone()))
    };
    args.source_url.iter().map(checked).collect()
}

/// The organization that `--organization` names.
///
/// # Errors
/// The organization is not known.
pub fn find_organization(known: &Organizations, slug: &str) -> anyhow::Result<Organization> {
    let found = known.find("organization", slug).map_err(anyhow::Error::msg);
    found.with_context(|| format!("--organization {slug}"))
}
