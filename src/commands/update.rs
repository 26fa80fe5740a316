//! `update-availability`: checks the selected huts and stores their answers.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use chrono::{DateTime, Utc};
use indicatif::MultiProgress;
use tokio::sync::watch;

use crate::cli::update::DryRun;
use crate::commands::clock;
use crate::commands::config::UpdateConfig;
use crate::commands::demo::Demo;
use crate::commands::update_notifier::{self, Matching};
use crate::db::connection::count_statements;
use crate::db::open::{Access, OpenedForRun, connect, open_for_run};
use crate::db::polling;
use crate::db::register;
use crate::db::resilient::ResilientDb;
use crate::db::schedule::{Selected, candidates, get_huts_needing_update};
use crate::db::status::checked_after;
use crate::db::takeover;
use crate::db::update_run::WantedChecks;
use crate::db::watch::delivery;
use crate::db::write::RunContext;
use crate::domain::day::Now;
use crate::domain::exit_status::ExitStatus;
use crate::domain::mass_change::MassChange;
use crate::domain::request_slots::RequestSlotStore;
use crate::domain::run::{HutResult, RunResult};
use crate::domain::schedule::{Schedule, SelectedHut, stalest_high};
use crate::domain::shrunk::Shrunk;
use crate::domain::signal::Signal;
use crate::domain::timings::Stage;
use crate::domain::unknown_values::UnknownValue;
use crate::metrics::ended::{EndedRun, Figures, PollingFigures};
use crate::query::polling::shortfall;
use crate::report::run;
use crate::runtime::clock::{Clock, MAX_DIFFERENCE, clock_warning};
use crate::runtime::console::say;
use crate::runtime::timing::Meter;
use crate::sites::registry::Sources;
use crate::update::claims::Claims;
use crate::update::event::RunEvent;
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

/// Reads what the database says: how old the checks are, and the messages of watches. It uses a connection of its own,
/// and reads at the end of the run, so that the checks of concurrent runs count, too.
fn figures(
    config: &UpdateConfig,
    now: DateTime<Utc>,
) -> impl FnOnce() -> anyhow::Result<Figures> + Send + use<> {
    let (url, next_days) = (config.database_url.clone(), config.next_days);
    let (schedule, now) = (config.schedule, Now::new(now, config.timezone));
    move || {
        let mut db = connect(&url, Access::ReadOnly)?;
        let polling = match schedule {
            Schedule::Tiers(_) => {
                let candidates = candidates(&mut db, now.today, next_days)?;
                PollingFigures::Tiers { stalest_high: stalest_high(&candidates, now.at) }
            }
            Schedule::Adaptive(_) => {
                PollingFigures::Adaptive(polling::load(&mut db, &schedule, &now, next_days)?.1)
            }
        };
        Ok(Figures { polling, notifications: delivery::notifications(&mut db)? })
    }
}

/// Runs the job, in the order in which the data flows.
async fn update_huts(
    config: &mut UpdateConfig,
    bars: &MultiProgress,
    meter: &Meter,
    (begin, started_at): (Instant, DateTime<Utc>),
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<RunResult> {
    let today = config.clock.today(config.timezone);
    let consequence = "later runs would refuse the huts that are stored in the future, until \
        `hut-availability repair` mends them";
    clock::refuse_future(config.clock, config.allow_future, consequence)?;

    clock::refuse_odd_dates(&config.dates(today))?;

    let selecting = Instant::now();
    let OpenedForRun { mut db, url, file } =
        open_for_run(&config.database_url, config.dry_run.is_some())?;
    count_statements(&mut db, &config.database_url, meter);
    // The fake sites stop when this is dropped.
    let _demo = if config.demo { Some(Demo::start(config, &mut db).await?) } else { None };
    clock::compare_with_database(&mut db, config.clock)?;
    let is_real = config.clock == Clock::System;
    let now = Now::new(started_at, config.timezone);
    let Selected { huts, budget } = get_huts_needing_update(
        &mut db,
        &config.selection,
        &now,
        config.next_days,
        &config.schedule,
        is_real.then_some(MAX_DIFFERENCE),
    )?;
    meter.since(selecting, Stage::Selecting);
    if !is_real
        && let (huts, Some(last)) = checked_after(&mut db, started_at + MAX_DIFFERENCE)
            .context("cannot read the last checks")?
    {
        tracing::warn!("{}", clock_warning(huts, last, started_at));
    }
    if huts.is_empty() && register::count(&mut db).context("cannot count the huts")? == 0 {
        tracing::warn!(
            "there are no huts in {}: `hut-availability huts discover` finds the huts of the booking \
             sites, and `update-availability --demo` runs the whole job without a network",
            config.database_url
        );
    }

    if huts.is_empty()
        && let Some(pending) = takeover::pending(&mut db).context("cannot read the huts")?
    {
        tracing::warn!("{pending}");
    }

    let mut reporter = {
        // Of runs again and again, each has its line on stdout.
        let is_quiet = config.quiet || config.every.is_some();
        run::reporter(bars, config.no_progress, is_quiet)
    };
    if let Some(warning) = budget.as_ref().and_then(shortfall) {
        tracing::warn!("{warning}");
    }
    let (mut huts, refused) = clock::refuse_huts_of_the_future(huts, config.clock, started_at);
    let selected = huts.len() + refused.len();
    let (mut log, mut updated, mut notified) = (None, Updated::default(), None);
    if config.dry_run == Some(DryRun::Plan) {
        reporter.report(&RunEvent::Selected(selected));
        updated.results = huts.iter().map(HutResult::skipped).collect();
    } else {
        let access = if config.dry_run.is_some() { Access::ReadOnly } else { Access::ReadWrite };
        let is_coordinated = url.is_some() && config.dry_run.is_none();
        let db = ResilientDb::take_over(db, url, access, stop.clone(), meter).holding(file.clone());
        let coordination = is_coordinated.then(|| db.coordinating());
        let notifier = match &coordination {
            Some(db) => update_notifier::start(config, db.clone()).await,
            None => None,
        };
        let sources = sources(config, &huts, coordination.as_ref(), meter)?;
        if let Some(db) = coordination {
            let (mode, lease) = (config.mode(), config.lease);
            let wanted = budget.map(|budget| WantedChecks {
                checks: u32::try_from(budgeted(&huts)).unwrap_or(u32::MAX),
                daily: budget.daily,
                now,
            });
            let (begun, granted) =
                RunLog::begin(db, mode, lease, started_at, selected, wanted).await?;
            log = Some(begun);
            if let Some(granted) = granted {
                keep_budgeted(&mut huts, granted as usize);
            }
        }
        reporter.report(&RunEvent::Selected(huts.len() + refused.len()));
        let run = RunContext {
            started_at,
            next_days: config.next_days,
            is_bounded: config.clock == Clock::System,
        };
        let store = Store::new(db, access, run, meter);
        let fetch_config = FetchConfig {
            days: config.days,
            timezone: config.timezone,
            clock: config.clock,
            max_in_flight: config.limits.max_in_flight,
            claims: log.as_ref().map_or(Claims::All, RunLog::claims),
        };
        let mut matching = Matching::new(&mut *reporter, notifier.as_ref(), &huts);
        updated = update(&huts, &fetch_config, &sources, &store, &mut matching, stop.clone()).await;
        drop(matching);
        if let Some(notifier) = notifier {
            notified = notifier.finish(stop.clone()).await;
        }
    }
    refused.iter().for_each(|result| reporter.report(&RunEvent::Done(result)));
    updated.results.extend(refused);

    let run = RunResult {
        started_at,
        finished_at: config.clock.now(),
        mode: config.mode(),
        dry_run: config.dry_run.is_some(),
        stopped_by: *stop.borrow(),
        results: updated.results,
        budget: budget.map(|budget| budget.allowance),
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
    for site in run.sites() {
        if let Some(MassChange { huts, share }) = site.mass_change {
            let organization = site.organization;
            tracing::warn!(
                organization,
                huts,
                share,
                "mass change: check whether the site's answers are right"
            );
        }
        if let Some(Shrunk { huts, nights, share }) = site.shrunk {
            let organization = site.organization;
            tracing::warn!(
                organization,
                huts,
                nights,
                share,
                "huts no longer list many of their coming nights: check whether the site's answers are right"
            );
        }
        for UnknownValue { field, value, count } in site.unknown_values.iter() {
            let organization = site.organization;
            tracing::warn!(
                organization,
                field,
                value,
                count,
                "this version does not know a value of the site"
            );
        }
    }
    reporter.report(&RunEvent::Finished(&run));
    Ok(run)
}

/// The number of huts whose checks are taken from the budget.
fn budgeted(huts: &[SelectedHut]) -> usize {
    huts.iter().filter(|hut| hut.is_budgeted).count()
}

/// Keeps the first of these huts if another run has taken a part of the budget meanwhile.
fn keep_budgeted(huts: &mut Vec<SelectedHut>, granted: usize) {
    let mut left = granted;
    huts.retain(|hut| {
        let is_kept = !hut.is_budgeted || left > 0;
        left -= usize::from(hut.is_budgeted && is_kept);
        is_kept
    });
}

/// The clients of the sites of these huts. Organizations that this version does not support are left out.
fn sources(
    config: &UpdateConfig,
    huts: &[SelectedHut],
    coordination: Option<&ResilientDb>,
    meter: &Meter,
) -> anyhow::Result<Sources> {
    let organizations: BTreeSet<&str> =
        huts.iter().map(|selected| selected.hut.organization.as_str()).collect();
    let slots = coordination.map(|db| Arc::new(db.clone()) as Arc<dyn RequestSlotStore>);
    config.registry.clients(organizations, &config.limits, &config.base_urls, slots.as_ref(), meter)
}
