//! `hut-availability huts discover`

use std::collections::BTreeMap;

use anyhow::Context;
use indicatif::MultiProgress;
use tokio::sync::watch;

use crate::cli::Output;
use crate::clock::Clock;
use crate::config::DiscoverConfig;
use crate::db::connection::Db;
use crate::db::open::{Access, open, open_to_read};
use crate::db::register;
use crate::discover::{Discovered, Recorder};
use crate::discovery::twins::likely_twins;
use crate::discovery::{HutChange, Outcome};
use crate::event::{Failure, Signal};
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
    let mut db = if config.dry_run { open_to_read(url)? } else { open(url, Access::ReadWrite)? };

    let organizations = config.organizations.iter().copied();
    let sources = source::clients(organizations, &config.limits, &config.base_urls)?;
    let mut recorders = BTreeMap::new();
    let mut walks = Vec::new();
    for organization in config.organizations {
        let recorder =
            Recorder::begin(&mut db, organization, config.fresh, config.dry_run, started_at)?;
        let last = match organization {
            Organization::Hrs => Some(config.max_id),
            Organization::HuettenHoliday => None,
        };
        let source = sources.get(&organization.to_string()).context("no client of the site")?;
        walks.push(Walk {
            organization,
            source: source.clone(),
            first: recorder.first_step(),
            last,
        });
        recorders.insert(organization, recorder);
    }

    let mut follower = Follower::new(bars, config.no_progress, config.quiet);
    let mut told = walk::begin(walks, config.limits.max_in_flight, &stop);
    let mut huts = Vec::new();
    while let Some(told) = told.recv().await {
        huts.extend(record(&mut db, &mut recorders, &mut follower, told)?);
    }
    follower.finish();

    let mut register = register::load(&mut db)?;
    let mut sites = Vec::new();
    for recorder in recorders.into_values() {
        let (site, overlay) = recorder.result();
        sites.push(site);
        register.extend(overlay);
    }
    let discovered = Discovered {
        started_at,
        finished_at: Clock::System.now(),
        dry_run: config.dry_run,
        interrupted: stop.borrow().is_some(),
        sites,
        huts,
        twins: likely_twins(&register),
    };
    print_text(&match config.output {
        Output::Text => text::format(&discovered),
        Output::Json => json(&discovered),
    })
    .context("cannot write the report to stdout")?;
    Ok(ExitStatus::of_discovery(&discovered, *stop.borrow()))
}

/// Stores what a walk tells, says it, and returns the huts of which there is something to say.
fn record(
    db: &mut Db,
    recorders: &mut BTreeMap<Organization, Recorder>,
    follower: &mut Follower,
    told: Told,
) -> anyhow::Result<Vec<HutChange>> {
    let cannot = "cannot store what was found; what was stored before is there, and the next \
                  discovery goes on from it";
    let (organization, changes) = match told {
        Told::Step { organization, step, last, listing } => {
            let Some(recorder) = recorders.get_mut(&organization) else { return Ok(Vec::new()) };
            if let Err(error) = &listing {
                let why = Failure::new(error.kind(), &error.to_string());
                follower.failed(organization, step, &why);
            }
            follower.step(organization, step, last);
            (organization, recorder.step(db, step, listing).context(cannot)?)
        }
        Told::End { organization } => {
            let Some(recorder) = recorders.get_mut(&organization) else { return Ok(Vec::new()) };
            let now = Clock::System.now();
            (organization, recorder.finish(db, now).context(cannot)?)
        }
        Told::Left { organization, why } => {
            follower.left(organization, &why);
            if let Some(recorder) = recorders.get_mut(&organization) {
                recorder.leave(why);
            }
            return Ok(Vec::new());
        }
    };
    changes.iter().for_each(|change| follower.change(organization, change));
    let is_worth_telling =
        |change: &HutChange| change.outcome != Outcome::Unchanged || !change.unreadable.is_empty();
    Ok(changes.into_iter().filter(is_worth_telling).collect())
}
