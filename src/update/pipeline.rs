//! The pipeline: asks the sites for the selected huts, and stores each answer as soon as it arrives.
//!
//! ```text
//! selected huts ─┬─ site ─ claim ─ check, check, … (a few at a time) ─┐
//!                └─ site ─ …                                         ├─ store, one by one ─ results
//! ```
//!
//! Sites are asked in parallel, each with its own rate limit. Abandoning one site
//! ([`crate::sites::circuit_breaker`]) does not affect the others. Huts are claimed a few at a time, because
//! other runs may work on the same database.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use strum::Display;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

pub use crate::update::fetch::FetchConfig;

use crate::domain::failure::{ErrorKind, Failure};
use crate::domain::run::HutResult;
use crate::domain::schedule::SelectedHut;
use crate::domain::signal::Signal;
use crate::runtime::shutdown::stopped;
use crate::sites::registry::Sources;
use crate::text::humanize::pluralize;
use crate::update::claims::Claims;
use crate::update::event::{Reporter, RunEvent};
use crate::update::fetch::{FetchEvent, Site, fetch_site};
use crate::update::store::{Fetched, Store, StoreOutcome};

/// After this many huts in a row that could not be stored, each after its retries, the run gives up: further
/// answers could not be stored either.
const MAX_UNSTORED: usize = 5;

/// After a signal, answers that have already arrived are stored for at most this long. The whole run must end
/// within 5 seconds of the signal.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(3);

/// The results of the huts, and the total time of comparing and storing.
#[derive(Default)]
pub struct Updated {
    pub results: Vec<HutResult>,
    pub storing: Duration,
    /// Huts whose answers were not stored, and that are to be asked once more.
    pub again: Vec<(SelectedHut, WhyAgain)>,
}

/// Why an answer was not stored, although neither the site nor the database failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
pub enum WhyAgain {
    /// The process was frozen, or the database was away for long.
    #[strum(to_string = "the claim of the hut expired before its answer could be stored")]
    ClaimLost,
    #[strum(to_string = "this machine's clock jumped while the site was asked")]
    ClockJumped,
}

/// Checks each of `huts` and stores its answer. Huts whose claims expired, or whose answers were discarded because
/// the clock jumped, are checked once more. After a signal on `stop`, huts that are not stored yet are skipped.
pub async fn update(
    huts: &[SelectedHut],
    config: &FetchConfig,
    sources: &Sources,
    store: &Store,
    reporter: &mut dyn Reporter,
    stop: watch::Receiver<Option<Signal>>,
) -> Updated {
    let mut updated = update_once(huts, config, sources, store, reporter, stop.clone()).await;
    let again = std::mem::take(&mut updated.again);
    if again.is_empty() {
        return updated;
    }
    for (selected, why) in &again {
        tracing::warn!("{}: asking again: {why}", selected.hut.slug);
    }
    let huts: Vec<SelectedHut> = again.into_iter().map(|(selected, _)| selected).collect();
    let second = update_once(&huts, config, sources, store, reporter, stop).await;
    updated.storing += second.storing;
    updated.results.extend(second.results);
    for (selected, why) in &second.again {
        let result = given_up(selected, *why);
        reporter.report(&RunEvent::Done(&result));
        updated.results.push(result);
    }
    updated
}

async fn update_once(
    huts: &[SelectedHut],
    config: &FetchConfig,
    sources: &Sources,
    store: &Store,
    reporter: &mut dyn Reporter,
    stop: watch::Receiver<Option<Signal>>,
) -> Updated {
    let (sender, mut events) = mpsc::unbounded_channel();
    // Dropping the set at the end of this function aborts its tasks.
    let mut tasks = JoinSet::new();
    for site in by_site(huts, sources) {
        tasks.spawn(fetch_site(site, config.clone(), sender.clone(), stop.clone()));
    }
    drop(sender);
    let claims = config.claims.clone();
    tasks.spawn(async move { claims.keep_renewing().await });

    let claims = &config.claims;
    let mut run = RunState { huts, claims, reporter, updated: Updated::default(), unstored: 0 };
    let drained = async {
        stopped(stop).await;
        tokio::time::sleep(DRAIN_TIMEOUT).await;
    };
    let mut drained = std::pin::pin!(drained);
    loop {
        let event = tokio::select! {
            biased;
            event = events.recv() => event,
            () = &mut drained => None,
        };
        match event {
            Some(FetchEvent::Fetched(fetched, _permit)) => {
                let selected = fetched.selected.clone();
                run.reporter.report(&RunEvent::Answered);
                let begin = Instant::now();
                let outcome = tokio::select! {
                    biased;
                    outcome = store.store(*fetched) => Some(outcome),
                    () = &mut drained => None,
                };
                run.updated.storing += begin.elapsed();
                let Some(outcome) = outcome else {
                    run.finish(timed_out(&selected));
                    break;
                };
                claims.release(selected.hut.id);
                let StoreOutcome::Done(result) = outcome else {
                    run.updated.again.push((selected, WhyAgain::ClaimLost));
                    continue;
                };
                if let Some(why) = run.finish_stored(*result) {
                    tasks.abort_all();
                    run.give_up(drain_fetched(&mut events), &why);
                    break;
                }
            }
            Some(FetchEvent::Discarded(selected, _permit)) => {
                run.reporter.report(&RunEvent::Answered);
                claims.release(selected.hut.id);
                run.updated.again.push((*selected, WhyAgain::ClockJumped));
            }
            Some(FetchEvent::Skipped(selected, why)) => {
                run.finish(HutResult { why_skipped: Some(why), ..HutResult::skipped(&selected) });
            }
            Some(FetchEvent::SiteAbandoned { organization, why }) => {
                run.abandon_site(&organization, &why);
            }
            None => break,
        }
    }
    let mut updated = run.updated;
    let mut skipped = unfinished(huts, &updated.results);
    skipped.retain(|hut| !updated.again.iter().any(|(again, _)| again.hut.id == hut.hut.id));
    updated.results.extend(skipped.into_iter().map(HutResult::skipped));
    updated
}

/// The result of a hut whose answers could not be stored.
fn given_up(selected: &SelectedHut, why: WhyAgain) -> HutResult {
    match why {
        WhyAgain::ClaimLost => {
            let why = "its claim expired before the answer could be stored, each time that it was asked: if the \
                database is slow, raise --lease";
            HutResult::failed(selected, Failure::new(ErrorKind::Database, why))
        }
        WhyAgain::ClockJumped => {
            let why = "this machine's clock jumped by more than a minute each time that the site was asked: let NTP set \
                it, and do not suspend the machine during a run";
            HutResult::failed(selected, Failure::new(ErrorKind::Clock, why))
        }
    }
}

/// The answers that have arrived and wait to be stored.
fn drain_fetched(
    events: &mut mpsc::UnboundedReceiver<FetchEvent>,
) -> impl Iterator<Item = Fetched> + '_ {
    std::iter::from_fn(|| events.try_recv().ok()).filter_map(|event| match event {
        FetchEvent::Fetched(fetched, _) => Some(*fetched),
        _ => None,
    })
}

/// The result of a hut whose storing took too long after a signal.
fn timed_out(selected: &SelectedHut) -> HutResult {
    let seconds = DRAIN_TIMEOUT.as_secs();
    let message =
        format!("the database did not confirm the write within {seconds} s of the signal to stop");
    HutResult::failed(selected, Failure::new(ErrorKind::Database, &message))
}

/// The progress of a run.
struct RunState<'a> {
    huts: &'a [SelectedHut],
    claims: &'a Claims,
    reporter: &'a mut dyn Reporter,
    updated: Updated,
    /// Number of huts in a row that could not be stored.
    unstored: usize,
}

impl RunState<'_> {
    fn finish(&mut self, result: HutResult) {
        self.reporter.report(&RunEvent::Done(&result));
        self.updated.results.push(result);
    }

    /// Records the result of storing a hut. Returns a failure once the run must give up on the database.
    fn finish_stored(&mut self, result: HutResult) -> Option<Failure> {
        let failure = result.failure.clone().filter(|why| why.kind == ErrorKind::Database);
        self.finish(result);
        let Some(why) = failure else {
            self.unstored = 0;
            return None;
        };
        self.unstored += 1;
        let huts = self.unstored;
        let message = why.message;
        let why = format!("{huts} huts in a row could not be stored, the last one: {message}");
        (huts >= MAX_UNSTORED).then(|| Failure::new(ErrorKind::Database, &why))
    }

    /// Gives up on the database: the answers in `fetched` fail, and all sites are abandoned.
    fn give_up(&mut self, fetched: impl Iterator<Item = Fetched>, why: &Failure) {
        for fetched in fetched {
            self.finish(HutResult::failed(&fetched.selected, why.clone()));
        }
        let organizations: HashSet<&str> =
            self.huts.iter().map(|selected| selected.hut.organization.as_str()).collect();
        for organization in organizations {
            self.abandon_site(organization, why);
        }
    }

    /// Skips the remaining huts of a site.
    fn abandon_site(&mut self, organization: &str, why: &Failure) {
        let mut huts = unfinished(self.huts, &self.updated.results);
        huts.retain(|selected| selected.hut.organization == organization);
        if huts.is_empty() {
            return;
        }
        self.updated.again.retain(|(selected, _)| selected.hut.organization != organization);
        self.reporter.report(&RunEvent::SiteAbandoned { organization, skipped: huts.len(), why });
        // Other runs may claim these huts now.
        huts.iter().for_each(|selected| self.claims.release(selected.hut.id));
        self.updated
            .results
            .extend(huts.into_iter().map(|hut| HutResult::site_abandoned(hut, why)));
    }
}

fn unfinished<'a>(huts: &'a [SelectedHut], results: &[HutResult]) -> Vec<&'a SelectedHut> {
    let done: HashSet<_> = results.iter().map(|result| &result.hut).collect();
    huts.iter().filter(|selected| !done.contains(&selected.hut.slug)).collect()
}

/// Groups the huts by site. Huts of an organization that this version does not support are left out.
fn by_site(huts: &[SelectedHut], sources: &Sources) -> Vec<Site> {
    let mut by_organization: BTreeMap<&str, Vec<SelectedHut>> = BTreeMap::new();
    for selected in huts {
        by_organization.entry(&selected.hut.organization).or_default().push(selected.clone());
    }
    let with_source = |(organization, huts): (&str, Vec<SelectedHut>)| {
        let Some(source) = sources.get(organization) else {
            let huts = pluralize(huts.len(), "hut");
            tracing::warn!(
                "{huts} skipped: this version does not support the organization {organization:?}"
            );
            return None;
        };
        let organization = organization.to_owned();
        Some(Site { organization, source: Arc::clone(source), huts })
    };
    by_organization.into_iter().filter_map(with_source).collect()
}
