//! `update-availability`

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::Context;
use indicatif::MultiProgress;
use tokio::sync::watch;

use crate::cli::DryRun;
use crate::config::UpdateConfig;
use crate::db::due::get_huts_needing_update;
use crate::db::open::{Access, open_for_run};
use crate::db::register;
use crate::demo::Demo;
use crate::event::{Event, HutResult, RunResult, Signal};
use crate::exit::ExitStatus;
use crate::hut::Organization;
use crate::store::Store;
use crate::update::{Ask, Updated, update};
use crate::{report, source};

/// The run, in the order in which the data flows.
pub async fn run(
    mut config: UpdateConfig,
    bars: &MultiProgress,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let begin = Instant::now();
    let started_at = config.clock.now();
    let today = config.clock.today(config.timezone);

    let demo = if config.demo { Some(Demo::start(&mut config).await?) } else { None };
    let (mut db, url) = open_for_run(&config.database_url, config.dry_run.is_some())?;
    if demo.is_some() {
        Demo::import_huts(&mut db)?;
    }
    let huts = get_huts_needing_update(
        &mut db,
        &config.selection,
        started_at,
        today,
        config.next_days,
        &config.intervals,
    )?;
    if huts.is_empty() && register::count(&mut db)? == 0 {
        tracing::warn!(
            "there are no huts in {}: `hut-availability huts discover` finds those of the booking \
             sites, and `update-availability --demo` shows the whole job without",
            config.database_url
        );
    }

    let mut reporter = report::reporter(bars, config.no_progress, config.quiet);
    reporter.report(&Event::Selected(&huts));
    let updated = if config.dry_run == Some(DryRun::Plan) {
        Updated { results: huts.iter().map(HutResult::skipped).collect(), ..Updated::default() }
    } else {
        // Those of the selected huts that this version can ask.
        let organizations: BTreeSet<Organization> =
            huts.iter().filter_map(|selected| selected.hut.organization.parse().ok()).collect();
        let sources = source::clients(organizations, &config.limits, &config.base_urls)?;
        let ask = Ask {
            dates: config.dates(today),
            clock: config.clock,
            max_in_flight: config.limits.max_in_flight,
        };
        let mut store = Store::new(db, url, access(&config), started_at);
        update(&huts, &ask, &sources, &mut store, &mut *reporter, stop.clone()).await
    };

    let run = RunResult {
        started_at,
        finished_at: config.clock.now(),
        mode: config.mode(),
        dry_run: config.dry_run.is_some(),
        stopped_by: *stop.borrow(),
        results: updated.results,
        elapsed: begin.elapsed(),
        storing: updated.storing,
    };
    reporter.report(&Event::Finished(&run));
    report::print(&run, config.output).context("cannot write the report to stdout")?;
    if demo.is_some() && !config.quiet {
        report::say(&Demo::what_next(&config));
    }
    Ok(ExitStatus::of(&run))
}

fn access(config: &UpdateConfig) -> Access {
    if config.dry_run.is_some() { Access::ReadOnly } else { Access::ReadWrite }
}
