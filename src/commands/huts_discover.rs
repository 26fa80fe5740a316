//! `hut-availability huts discover`: finds the huts of the booking sites.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context;
use diesel::QueryResult;
use indicatif::MultiProgress;
use tokio::sync::watch;

use crate::commands::config::DiscoverConfig;
use crate::db::open::{OpenedForRun, open_for_run};
use crate::db::resilient::ResilientDb;
use crate::db::takeover;
use crate::domain::exit_status::ExitStatus;
use crate::domain::failure::Failure;
use crate::domain::organization::{CrawlPlan, Organization};
use crate::domain::request_slots::RequestSlotStore;
use crate::domain::signal::Signal;
use crate::register::discover;
use crate::register::discover::ledger::Ledger;
use crate::register::discover::recorder::Recorder;
use crate::register::discover::result::Discovered;
use crate::register::duplicates::likely_duplicates;
use crate::register::merge::{HutChange, MergeOutcome};
use crate::report::discovery::Follower;
use crate::runtime::clock::Clock;
use crate::runtime::console::print;
use crate::runtime::timing::Meter;
use crate::sites::crawl::{self, Crawl, CrawlEvent, CrawlSteps};
use crate::sites::source::BookingSource;

/// Runs a discovery, in the order in which the data flows.
pub async fn run(
    config: DiscoverConfig,
    bars: &MultiProgress,
    stop: watch::Receiver<Option<Signal>>,
) -> anyhow::Result<ExitStatus> {
    let started_at = Clock::System.now();
    let OpenedForRun { mut db, url, file } = open_for_run(&config.database_url, config.dry_run)?;
    takeover::ensure_none(&mut db)?;
    let mut ledger = Ledger::new(db, config.dry_run);
    ledger.insert_organizations(&config.registry.organizations())?;
    let organizations = || config.organizations.iter().copied();
    let (limits, base_urls, meter) = (&config.limits, &config.base_urls, Meter::default());
    let url = url.filter(|_| !config.dry_run);
    let slots = url.map(|url| ResilientDb::for_coordination(url, stop.clone(), &meter));
    let slots = slots.map(|db| Arc::new(db.holding(file.clone())) as Arc<dyn RequestSlotStore>);
    let sources = config.registry.clients(
        organizations().map(|organization| organization.slug),
        limits,
        base_urls,
        slots.as_ref(),
        &meter,
    )?;
    let ids = ids(&config, &mut ledger)?;
    let last_id = |organization: Organization| {
        ids.get(&organization).and_then(BTreeSet::last).copied().unwrap_or(config.max_id)
    };
    let (recorders, resumed) =
        discover::begin(&mut ledger, organizations(), config.resume, last_id, started_at)?;

    let mut follower = Follower::new(bars, config.no_progress, config.quiet, config.dry_run);
    let (mut sites, mut huts) = (Vec::new(), Vec::new());
    let mut stored = Ok(());
    // Sites are crawled one after another. Otherwise the faster site would decide which of two huts with the
    // same name gets the plain slug.
    for mut recorder in recorders {
        if stop.borrow().is_some() || stored.is_err() {
            sites.push(recorder.result());
            continue;
        }
        let organization = recorder.organization();
        let source = sources.get(&organization.to_string()).context("the site has no client")?;
        let crawl =
            crawl_site(&config, &ids, source, &mut ledger, &mut recorder, &mut follower, &stop);
        let (changes, done) = crawl.await;
        stored = done.with_context(|| format!("{organization}: cannot store the huts found"));
        huts.extend(changes);
        sites.push(recorder.result());
    }
    follower.finish();

    let discovered = Discovered {
        started_at,
        finished_at: Clock::System.now(),
        dry_run: config.dry_run,
        interrupted: stop.borrow().is_some(),
        resumed,
        sites,
        huts,
        // A database error is reported below.
        twins: ledger.register().map(|register| likely_duplicates(&register)).unwrap_or_default(),
    };
    file.ensure_in_place()?;
    print(&discovered, config.output)?;
    stored?;
    Ok(discovered.exit_status(*stop.borrow()))
}

/// Crawls a site to its end, and stores the huts as they are found. Returns the changes to report, and
/// whether everything could be stored.
async fn crawl_site(
    config: &DiscoverConfig,
    ids: &BTreeMap<Organization, BTreeSet<u32>>,
    source: &Arc<dyn BookingSource>,
    ledger: &mut Ledger,
    recorder: &mut Recorder,
    follower: &mut Follower,
    stop: &watch::Receiver<Option<Signal>>,
) -> (Vec<HutChange>, QueryResult<()>) {
    let organization = recorder.organization();
    let mut huts = Vec::new();
    let mut is_done = false;
    while !is_done {
        is_done = true;
        let first = recorder.first_step();
        let steps = match organization.crawl_plan {
            CrawlPlan::Ids => CrawlSteps::Ids(ids[&organization].range(first..).copied().collect()),
            CrawlPlan::Pages => CrawlSteps::PagesFrom(first),
        };
        let crawl = Crawl { source: Arc::clone(source), steps };
        let mut events = crawl::begin(crawl, config.limits.max_in_flight, stop.clone());
        while let Some(event) = events.recv().await {
            follow(follower, organization, &event);
            match record(ledger, recorder, event) {
                Ok(Recorded::Changes(changes)) => {
                    changes.iter().for_each(|change| follower.on_change(organization, change));
                    huts.extend(changes.into_iter().filter(is_reported));
                }
                Ok(Recorded::NeedsSecondPass) => is_done = false,
                Err(error) => return (huts, Err(error)),
            }
        }
    }
    (huts, Ok(()))
}

/// Reports what a crawl has found.
fn follow(follower: &mut Follower, organization: Organization, event: &CrawlEvent) {
    match event {
        CrawlEvent::Step { step, last, listing } => {
            let failure = listing.as_ref().err();
            let failure = failure.map(|error| Failure::new(error.kind(), &error.to_string()));
            follower.step(organization, *step, *last, failure.as_ref());
        }
        CrawlEvent::SiteAbandoned(why) => follower.abandoned(organization, why),
        CrawlEvent::End => {}
    }
}

/// For each organization whose IDs are tried one by one: the IDs up to the limit, and those beyond it that
/// are known.
fn ids(
    config: &DiscoverConfig,
    ledger: &mut Ledger,
) -> QueryResult<BTreeMap<Organization, BTreeSet<u32>>> {
    let mut all = BTreeMap::new();
    for organization in &config.organizations {
        if organization.crawl_plan == CrawlPlan::Ids {
            let known = ledger.source_hut_ids(*organization)?;
            let known = known.iter().filter_map(|id| id.parse().ok());
            let ids = (1..=config.max_id).chain(known.filter(|id| *id > config.max_id)).collect();
            all.insert(*organization, ids);
        }
    }
    Ok(all)
}

enum Recorded {
    Changes(Vec<HutChange>),
    /// The list must be crawled once more.
    NeedsSecondPass,
}

/// Stores one event of a crawl.
fn record(
    ledger: &mut Ledger,
    recorder: &mut Recorder,
    event: CrawlEvent,
) -> QueryResult<Recorded> {
    let changes = match event {
        CrawlEvent::Step { step, listing, .. } => recorder.step(ledger, step, listing)?,
        CrawlEvent::End if recorder.needs_second_pass(ledger)? => {
            return Ok(Recorded::NeedsSecondPass);
        }
        CrawlEvent::End => recorder.finish(ledger, Clock::System.now())?,
        CrawlEvent::SiteAbandoned(why) => {
            recorder.leave(why);
            Vec::new()
        }
    };
    Ok(Recorded::Changes(changes))
}

/// Whether the report needs this change; steady huts are only counted.
fn is_reported(change: &HutChange) -> bool {
    change.outcome != MergeOutcome::Unchanged || !change.unreadable.is_empty()
}
