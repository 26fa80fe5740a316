//! `hut-availability huts discover`

use std::sync::Arc;

use anyhow::Context;
use diesel::QueryResult;
use indicatif::MultiProgress;
use tokio::sync::watch;

use crate::cli::Output;
use crate::clock::Clock;
use crate::config::DiscoverConfig;
use crate::db::open::{Access, open, open_to_read};
use crate::discover::{Ledger, Recorder};
use crate::discovery::result::Discovered;
use crate::discovery::twins::likely_twins;
use crate::discovery::{HutChange, Outcome};
use crate::event::Signal;
use crate::exit::ExitStatus;
use crate::hut::Organization;
use crate::report::discovery::{Follower, json, text};
use crate::report::print_text;
use crate::source;
use crate::walk::{self, Told, Walk};

/// The discovery, in the order in which the data flows.
pub async fn run(
    config: DiscoverConfig,
    bars: &MultiProgress,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let started_at = Clock::System.now();
    let url = &config.database_url;
    let db = if config.dry_run { open_to_read(url)? } else { open(url, Access::ReadWrite)? };
    let mut ledger = Ledger::new(db, config.dry_run);
    let organizations = config.organizations.iter().copied();
    let sources = source::clients(organizations, &config.limits, &config.base_urls)?;

    let mut follower = Follower::new(bars, config.no_progress, config.quiet);
    let (mut sites, mut huts) = (Vec::new(), Vec::new());
    // One after another: which of two huts of one name has it for its slug is then no matter of
    // which site is quicker.
    for &organization in &config.organizations {
        if stop.borrow().is_some() {
            break;
        }
        let mut recorder = Recorder::begin(&mut ledger, organization, config.fresh, started_at)?;
        let source = sources.get(&organization.to_string()).context("no client of the site")?;
        let last = match organization {
            Organization::Hrs => Some(config.max_id),
            Organization::HuettenHoliday => None,
        };
        let walk = Walk { source: Arc::clone(source), first: recorder.first_step(), last };
        let mut told = walk::begin(walk, config.limits.max_in_flight, stop.clone());
        while let Some(told) = told.recv().await {
            follower.told(organization, &told);
            let changes = record(&mut ledger, &mut recorder, told).with_context(|| {
                format!("{organization}: what was found is not stored; the next discovery goes on from there")
            })?;
            changes.iter().for_each(|change| follower.change(organization, change));
            huts.extend(changes.into_iter().filter(is_worth_telling));
        }
        sites.push(recorder.result());
    }
    follower.finish();

    let discovered = Discovered {
        started_at,
        finished_at: Clock::System.now(),
        dry_run: config.dry_run,
        interrupted: stop.borrow().is_some(),
        sites,
        huts,
        twins: likely_twins(&ledger.register()?),
    };
    print_text(&match config.output {
        Output::Text => text::format(&discovered),
        Output::Json => json(&discovered),
    })
    .context("cannot write the report to stdout")?;
    Ok(ExitStatus::of_discovery(&discovered, *stop.borrow()))
}

/// Stores what a walk tells.
fn record(ledger: &mut Ledger, recorder: &mut Recorder, told: Told) -> QueryResult<Vec<HutChange>> {
    match told {
        Told::Step { step, listing, .. } => recorder.step(ledger, step, listing),
        Told::End => recorder.finish(ledger, Clock::System.now()),
        Told::Left(why) => {
            recorder.leave(why);
            Ok(Vec::new())
        }
    }
}

fn is_worth_telling(change: &HutChange) -> bool {
    change.outcome != Outcome::Unchanged || !change.unreadable.is_empty()
}
