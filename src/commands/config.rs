//! Flags and environment, validated once: nothing below reads the environment.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;

use anyhow::Context;
use chrono::{Days, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use reqwest::Url;

use crate::cli::huts::DiscoverArgs;
use crate::cli::metrics::MetricsArgs;
use crate::cli::reading::DayArgs;
use crate::cli::requests::RequestArgs;
use crate::cli::update::{CommonArgs, DryRun, PriorityArgs, SelectionArgs, UpdateCli};
use crate::db::schedule::Selection;
use crate::domain::database_url::{DEFAULT, DatabaseUrl};
use crate::domain::organization::{Organization, Organizations};
use crate::domain::run::Mode;
use crate::domain::schedule::Intervals;
use crate::metrics::destinations::Destinations;
use crate::query::date::{self, InvalidDate};
use crate::register::discover::Resume;
use crate::runtime::clock::Clock;
use crate::sites::limits::RequestLimits;
use crate::sites::registry::Registry;
use crate::text::format::Output;

/// The database of the demo, unless one is given.
const DEMO_DATABASE: &str = "hut-availability-demo.db";

/// What a run of `update-availability` is to do.
#[derive(Clone, Debug)]
pub struct UpdateConfig {
    pub registry: Registry,
    pub database_url: DatabaseUrl,
    pub selection: Selection,
    pub dry_run: Option<DryRun>,
    pub days: u16,
    pub clock: Clock,
    pub timezone: Tz,
    pub intervals: Intervals,
    /// The dates that make a hut's tier: from today to today + this.
    pub next_days: u64,
    pub limits: RequestLimits,
    /// How long a run that has died keeps the huts that it had in hand.
    pub lease: TimeDelta,
    pub base_urls: HashMap<String, Url>,
    pub demo: bool,
    pub output: Output,
    /// Whether the report says where the time went.
    pub timings: bool,
    pub metrics: Destinations,
    pub no_progress: bool,
    pub quiet: bool,
}

impl UpdateConfig {
    /// Puts defaults where nothing is given. `registry` has the sites that can be asked.
    ///
    /// # Errors
    /// An organization that is not in the registry.
    pub fn new(cli: UpdateCli, registry: Registry) -> anyhow::Result<Self> {
        let default_database = if cli.demo { DEMO_DATABASE } else { DEFAULT };
        Ok(Self {
            database_url: database_url(&cli.common, default_database),
            selection: selection(cli.selection),
            dry_run: cli.dry_run,
            days: cli.days,
            clock: cli.as_of.map_or(Clock::System, Clock::StoppedAt),
            timezone: cli.timezone,
            intervals: intervals(&cli.priorities, cli.demo),
            next_days: cli.priorities.next_days.into(),
            limits: limits(&cli.requests),
            lease: TimeDelta::seconds(cli.lease.into()),
            base_urls: base_urls(&cli.requests, &registry.organizations())?,
            registry,
            demo: cli.demo,
            output: cli.output,
            timings: cli.timings,
            metrics: metrics(cli.metrics, cli.dry_run),
            no_progress: cli.no_progress,
            quiet: cli.common.quiet,
        })
    }

    /// How the huts are selected, for the report.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self.selection {
            Selection::Due => Mode::Due,
            Selection::All => Mode::All,
            Selection::Slug(_) | Selection::Id(_) => Mode::Hut,
        }
    }

    /// The dates that are asked for when it is `today`.
    #[must_use]
    pub fn dates(&self, today: NaiveDate) -> RangeInclusive<NaiveDate> {
        today..=today + Days::new(u64::from(self.days) - 1)
    }
}

/// What `huts discover` is to do.
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
    pub output: Output,
    pub no_progress: bool,
    pub quiet: bool,
}

impl DiscoverConfig {
    /// Puts defaults where nothing is given. `registry` has the sites that can be asked.
    ///
    /// # Errors
    /// An organization that is not in the registry.
    pub fn new(
        args: DiscoverArgs,
        common: &CommonArgs,
        registry: Registry,
    ) -> anyhow::Result<Self> {
        let known = registry.organizations();
        let find = |slug: &String| known.find("organization", slug).map_err(anyhow::Error::msg);
        Ok(Self {
            database_url: database_url(common, DEFAULT),
            organizations: match args.organization {
                given if given.is_empty() => known.iter().collect(),
                given => given.iter().map(find).collect::<anyhow::Result<_>>()?,
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

/// The date that a word of a command line names.
///
/// # Errors
/// It names none.
pub fn date(day: &DayArgs, word: &str) -> Result<NaiveDate, InvalidDate> {
    date::parse(word, clock(day).today(day.timezone))
}

/// The database that a command uses.
#[must_use]
pub fn database_url(common: &CommonArgs, default: &str) -> DatabaseUrl {
    common.database.url.clone().unwrap_or_else(|| DatabaseUrl::Sqlite(default.into()))
}

/// Where figures go: nowhere of a dry run, which leaves no trace.
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
        (.., true) => Selection::All,
        _ => Selection::Due,
    }
}

/// How often huts are asked. In the demo every hut is due unless told otherwise, so that a second run has something to show.
#[must_use]
pub fn intervals(args: &PriorityArgs, demo: bool) -> Intervals {
    let minutes = |given: Option<u32>, default: i64| {
        TimeDelta::minutes(given.map_or(if demo { 0 } else { default }, i64::from))
    };
    Intervals {
        high: minutes(args.high_priority_minutes, 30),
        medium: minutes(args.medium_priority_minutes, 3 * 60),
        low: minutes(args.low_priority_minutes, 24 * 60),
        inactive: minutes(args.inactive_priority_minutes, 7 * 24 * 60),
    }
}

/// How sites are asked.
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

/// The addresses that are asked instead of the sites' own.
///
/// # Errors
/// An organization that is not known.
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
