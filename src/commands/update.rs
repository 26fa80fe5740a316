//! `update-availability`: checks the selected huts and stores their answers.

pub mod every;
mod figures;
mod notifier;
mod selection;
mod sender;
mod suspicions;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use indicatif::MultiProgress;
use tokio::sync::watch;

use self::figures::figures;
use self::notifier::Matching;
use self::selection::RunHuts;
use crate::cli::update::DryRun;
use crate::commands::clock;
use crate::commands::config::UpdateConfig;
use crate::commands::demo::Demo;
use crate::db::connection::count_statements;
use crate::db::open::{Access, OpenedForRun, open_for_run};
use crate::db::resilient::ResilientDb;
use crate::db::write::RunContext;
use crate::domain::day::Now;
use crate::domain::delivery::Notified;
use crate::domain::exit_status::ExitStatus;
use crate::domain::request_slots::RequestSlotStore;
use crate::domain::run::{HutResult, RunResult};
use crate::domain::schedule::SelectedHut;
use crate::domain::signal::Signal;
use crate::domain::timings::Stage;
use crate::metrics::ended::EndedRun;
use crate::report::run;
use crate::runtime::clock::Clock;
use crate::runtime::console::say;
use crate::runtime::timing::Meter;
use crate::sites::registry::Sources;
use crate::update::claims::Claims;
use crate::update::event::{Reporter, RunEvent};
use crate::update::pipeline::{FetchConfig, Updated, update};
use crate::update::run_log::RunLog;
use crate::update::store::Store;

/// Runs the job, then exports its metrics.
pub async fn run(
    mut config: UpdateConfig,
    bars: &MultiProgress,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let (begin, started_at) = (Instant::now(), config.clock.now());
    let meter = Meter::default();
    let result = update_huts(&mut config, bars, &meter, (begin, started_at), stop.clone()).await;
    // The metrics are those of the run, also if nobody reads its report to the end.
    let printed = result.as_ref().map_or(Ok(()), |run| match config.every {
        None => run::print(run, config.output),
        Some(_) => run::print_line(run, config.output),
    });
    if result.is_ok() && printed.is_ok() && config.demo && !config.quiet {
        say(&Demo::after_run(&config));
    }
    let exit_status = match (&result, *stop.borrow()) {
        (Ok(run), _) => ExitStatus::of(run),
        (Err(_), Some(signal)) => ExitStatus::Stopped(signal),
        (Err(_), None) => ExitStatus::NothingDone,
    };
    if !config.metrics.is_none() {
        let ended = EndedRun {
            exit_status,
            started_at,
            finished_at: config.clock.now(),
            elapsed: begin.elapsed(),
            run: result.as_ref().ok(),
            meter: &meter,
            organizations: &config.registry.organizations(),
        };
        let figures = figures(&config, ended.finished_at);
        config.metrics.export(&ended, figures, stop).await;
    }
    result?;
    printed?;
    Ok(exit_status)
}

/// Exports the metrics of a run whose database was silent at its start.
pub fn export_failure(config: &UpdateConfig, (begin, started_at): (Instant, DateTime<Utc>)) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return;
    };
    let ended = EndedRun {
        exit_status: ExitStatus::NothingDone,
        started_at,
        finished_at: config.clock.now(),
        elapsed: begin.elapsed(),
        run: None,
        meter: &Meter::default(),
        organizations: &config.registry.organizations(),
    };
    let figures = || anyhow::bail!("the database does not answer");
    // No signal arrives here.
    let (_sender, stop) = watch::channel(None);
    runtime.block_on(config.metrics.export(&ended, figures, stop));
}

/// Runs the job, in the order in which the data flows.
async fn update_huts(
    config: &mut UpdateConfig,
    bars: &MultiProgress,
    meter: &Meter,
    (begin, started_at): (Instant, DateTime<Utc>),
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<RunResult> {
    let consequence = "later runs would refuse the huts that are stored in the future, until \
        `hut-availability repair` mends them";
    clock::refuse_future(config.clock, config.allow_future, consequence)?;
    clock::refuse_odd_dates(&config.dates(config.clock.today(config.timezone)))?;

    let selecting = Instant::now();
    let OpenedForRun { mut db, url, file } =
        open_for_run(&config.database_url, config.dry_run.is_some())?;
    count_statements(&mut db, &config.database_url, meter);
    // The fake sites stop when this is dropped.
    let _demo = if config.demo { Some(Demo::start(config, &mut db).await?) } else { None };
    clock::compare_with_database(&mut db, config.clock)?;
    let now = Now::new(started_at, config.timezone);
    let mut selected = RunHuts::select(&mut db, config, &now)?;
    meter.since(selecting, Stage::Selecting);
    selected.warn(&mut db, config, &now)?;

    // Of runs again and again, each has its line on stdout.
    let is_quiet = config.quiet || config.every.is_some();
    let mut reporter = run::reporter(bars, config.no_progress, is_quiet);
    let Polled { mut updated, log, notified } = if config.dry_run == Some(DryRun::Plan) {
        reporter.report(&RunEvent::Selected(selected.count()));
        let results = selected.huts.iter().map(HutResult::skipped).collect();
        Polled { updated: Updated { results, ..Updated::default() }, ..Polled::default() }
    } else {
        let access = if config.dry_run.is_some() { Access::ReadOnly } else { Access::ReadWrite };
        let is_coordinated = url.is_some() && config.dry_run.is_none();
        let db = ResilientDb::take_over(db, url, access, stop.clone(), meter).holding(file.clone());
        let polling =
            Polling { config, db, access, is_coordinated, now, meter, stop: stop.clone() };
        polling.run(&mut selected, &mut *reporter).await?
    };
    selected.refused.iter().for_each(|result| reporter.report(&RunEvent::Done(result)));
    updated.results.extend(selected.refused);

    let run = RunResult {
        started_at,
        finished_at: config.clock.now(),
        mode: config.mode(),
        dry_run: config.dry_run.is_some(),
        stopped_by: *stop.borrow(),
        results: updated.results,
        budget: selected.budget.map(|budget| budget.allowance),
        notified,
        elapsed: begin.elapsed(),
        storing: updated.storing,
        timings: config.timings.then(|| meter.timings()),
    };
    if let Some(log) = log {
        log.end(&run, stop).await;
    }
    // No report: nothing of what it would say is in the database that its readers have.
    file.ensure_in_place()?;
    suspicions::warn(&run);
    reporter.report(&RunEvent::Finished(&run));
    Ok(run)
}

/// The polling of the selected huts.
struct Polling<'a> {
    config: &'a UpdateConfig,
    db: ResilientDb,
    access: Access,
    /// Whether other runs may work on the same database.
    is_coordinated: bool,
    now: Now,
    meter: &'a Meter,
    stop: watch::Receiver<Option<Signal>>,
}

/// The outcome of polling.
#[derive(Default)]
struct Polled {
    updated: Updated,
    /// The run in the log of runs, which is still to be ended.
    log: Option<RunLog>,
    notified: Option<Notified>,
}

impl Polling<'_> {
    /// Polls the huts, stores the answers of the sites, and sends the messages of watches meanwhile.
    async fn run(
        self,
        selected: &mut RunHuts,
        reporter: &mut dyn Reporter,
    ) -> anyhow::Result<Polled> {
        let config = self.config;
        let coordination = self.is_coordinated.then(|| self.db.coordinating());
        let notifier = match &coordination {
            Some(db) => notifier::start(config, db.clone()).await,
            None => None,
        };
        let sources = self.sources(&selected.huts, coordination.as_ref())?;
        let log = match coordination {
            Some(db) => Some(self.begin(db, selected).await?),
            None => None,
        };
        reporter.report(&RunEvent::Selected(selected.count()));
        let run = RunContext {
            started_at: self.now.at,
            next_days: config.next_days,
            is_bounded: config.clock == Clock::System,
        };
        let store = Store::new(self.db, self.access, run, self.meter);
        let fetch_config = FetchConfig {
            days: config.days,
            timezone: config.timezone,
            clock: config.clock,
            max_in_flight: config.limits.max_in_flight,
            claims: log.as_ref().map_or(Claims::All, RunLog::claims),
        };
        let mut matching = Matching::new(reporter, notifier.as_ref(), &selected.huts);
        let stop = self.stop;
        let updated =
            update(&selected.huts, &fetch_config, &sources, &store, &mut matching, stop.clone())
                .await;
        drop(matching);
        let notified = match notifier {
            Some(notifier) => notifier.finish(stop).await,
            None => None,
        };
        Ok(Polled { updated, log, notified })
    }

    /// Begins the run in the log of runs, and takes its checks from the budget.
    async fn begin(&self, db: ResilientDb, selected: &mut RunHuts) -> anyhow::Result<RunLog> {
        let (mode, lease) = (self.config.mode(), self.config.lease);
        let wanted = selected.wanted_checks(self.now);
        let (log, granted) =
            RunLog::begin(db, mode, lease, self.now.at, selected.count(), wanted).await?;
        if let Some(granted) = granted {
            selected.keep_budgeted(granted);
        }
        Ok(log)
    }

    /// The clients of the sites of these huts. Organizations that this version does not support are left out.
    fn sources(
        &self,
        huts: &[SelectedHut],
        coordination: Option<&ResilientDb>,
    ) -> anyhow::Result<Sources> {
        let Self { config, meter, .. } = self;
        let organizations: BTreeSet<&str> =
            huts.iter().map(|selected| selected.hut.organization.as_str()).collect();
        let slots = coordination.map(|db| Arc::new(db.clone()) as Arc<dyn RequestSlotStore>);
        let (limits, base_urls) = (&config.limits, &config.base_urls);
        config.registry.clients(organizations, limits, base_urls, slots.as_ref(), meter)
    }
}
