//! The pipeline: ask the sites for the selected huts, and store each answer as soon as it is in.
//!
//! ```text
//! selected huts ─┬─ site ─ claim ─ check, check, … (so many at a time) ─┐
//!                └─ site ─ …                                            ├─ store, one by one ─ results
//! ```
//!
//! Sites are asked side by side, each at its own pace, and one that is left ([`crate::sites::circuit_breaker`]) is no
//! concern of the others. Huts are claimed a few at a time, since other runs may be at work.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

pub use crate::update::fetch::{FetchConfig, MAX_CHECKS};

use crate::domain::failure::ErrorKind;
use crate::domain::failure::Failure;
use crate::domain::run::HutResult;
use crate::domain::schedule::SelectedHut;
use crate::domain::signal::Signal;
use crate::runtime::shutdown::stopped;
use crate::sites::registry::Sources;
use crate::update::claims::Claims;
use crate::update::event::{Reporter, RunEvent};
use crate::update::fetch::{FetchEvent, Site, ask_or_leave};
use crate::update::store::{Fetched, Store};

/// The database is lost when so many huts in a row could not be stored, each after its retries: then
/// there is no use in asking for more.
const MAX_UNSTORED: usize = 5;

/// How long after a signal answers that are there already are stored. With what follows it a run is to
/// end within 5 seconds.
const FINISHING: Duration = Duration::from_secs(3);

/// What became of the huts, and how long reading and writing them took.
#[derive(Default)]
pub struct Updated {
    pub results: Vec<HutResult>,
    pub storing: Duration,
}

/// Asks for and stores each of `huts`, until the end or until `stop` says a signal: then those that
/// were not stored are skipped.
pub async fn update(
    huts: &[SelectedHut],
    ask: &FetchConfig,
    sources: &Sources,
    store: &Store,
    reporter: &mut dyn Reporter,
    stop: watch::Receiver<Option<Signal>>,
) -> Updated {
    let (sender, mut told) = mpsc::unbounded_channel();
    // Their end is that of this function, whatever they wait for.
    let mut tasks = JoinSet::new();
    for site in by_site(huts, sources) {
        tasks.spawn(ask_or_leave(site, ask.clone(), sender.clone(), stop.clone()));
    }
    drop(sender);
    let claims = ask.claims.clone();
    tasks.spawn(async move { claims.keep().await });

    let claims = &ask.claims;
    let mut run = Run { huts, claims, reporter, updated: Updated::default(), unstored: 0 };
    let finishing = async {
        stopped(stop).await;
        tokio::time::sleep(FINISHING).await;
    };
    let mut finishing = std::pin::pin!(finishing);
    loop {
        let word = tokio::select! {
            biased;
            word = told.recv() => word,
            () = &mut finishing => None,
        };
        match word {
            Some(FetchEvent::Fetched(answered, _room)) => {
                let (hut_id, in_hand) = (answered.selected.hut.id, answered.selected.clone());
                run.reporter.report(&RunEvent::Answered);
                let begin = Instant::now();
                let result = tokio::select! {
                    biased;
                    result = store.store(*answered) => Some(result),
                    () = &mut finishing => None,
                };
                run.updated.storing += begin.elapsed();
                let Some(result) = result else {
                    run.done(unfinished(&in_hand));
                    break;
                };
                ask.claims.done(hut_id);
                if let Some(why) = run.stored(result) {
                    tasks.abort_all();
                    run.lose_the_database(told_already(&mut told), &why);
                    break;
                }
            }
            Some(FetchEvent::Skipped(selected, why)) => {
                run.done(HutResult { why_skipped: Some(why), ..HutResult::skipped(&selected) });
            }
            Some(FetchEvent::SiteAbandoned { organization, why }) => run.leave(&organization, &why),
            None => break,
        }
    }
    let mut updated = run.updated;
    let skipped = not_done(huts, &updated.results);
    updated.results.extend(skipped.into_iter().map(HutResult::skipped));
    updated
}

/// Answers that wait to be stored.
fn told_already(
    told: &mut mpsc::UnboundedReceiver<FetchEvent>,
) -> impl Iterator<Item = Fetched> + '_ {
    std::iter::from_fn(|| told.try_recv().ok()).filter_map(|told| match told {
        FetchEvent::Fetched(answered, _) => Some(*answered),
        _ => None,
    })
}

fn unfinished(selected: &SelectedHut) -> HutResult {
    let seconds = FINISHING.as_secs();
    let message = format!("not known to be stored {seconds} s after the signal to stop");
    HutResult::failed(selected, Failure::new(ErrorKind::Database, &message))
}

/// What is known of the run so far.
struct Run<'a> {
    huts: &'a [SelectedHut],
    claims: &'a Claims,
    reporter: &'a mut dyn Reporter,
    updated: Updated,
    /// Huts in a row that could not be stored.
    unstored: usize,
}

impl Run<'_> {
    fn done(&mut self, result: HutResult) {
        self.reporter.report(&RunEvent::Done(&result));
        self.updated.results.push(result);
    }

    /// Takes note of a hut that was to be stored. Says why the database is lost, if it is.
    fn stored(&mut self, result: HutResult) -> Option<Failure> {
        let failure = result.failure.clone().filter(|why| why.kind == ErrorKind::Database);
        self.done(result);
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

    /// Neither is what was answered stored, nor is anything asked any more.
    fn lose_the_database(&mut self, answered: impl Iterator<Item = Fetched>, why: &Failure) {
        for answered in answered {
            self.done(HutResult::failed(&answered.selected, why.clone()));
        }
        let organizations: HashSet<&str> =
            self.huts.iter().map(|selected| selected.hut.organization.as_str()).collect();
        for organization in organizations {
            self.leave(organization, why);
        }
    }

    /// A site is not asked any more.
    fn leave(&mut self, organization: &str, why: &Failure) {
        let mut huts = not_done(self.huts, &self.updated.results);
        huts.retain(|selected| selected.hut.organization == organization);
        if huts.is_empty() {
            return;
        }
        self.reporter.report(&RunEvent::SiteAbandoned { organization, skipped: huts.len(), why });
        // Another run may have them, or try.
        huts.iter().for_each(|selected| self.claims.done(selected.hut.id));
        self.updated
            .results
            .extend(huts.into_iter().map(|hut| HutResult::site_abandoned(hut, why)));
    }
}

fn not_done<'a>(huts: &'a [SelectedHut], results: &[HutResult]) -> Vec<&'a SelectedHut> {
    let done: HashSet<_> = results.iter().map(|result| &result.hut).collect();
    huts.iter().filter(|selected| !done.contains(&selected.hut.slug)).collect()
}

/// The sites of the huts. Huts of an organization that this version cannot ask are left out.
fn by_site(huts: &[SelectedHut], sources: &Sources) -> Vec<Site> {
    let mut by_organization: BTreeMap<&str, Vec<SelectedHut>> = BTreeMap::new();
    for selected in huts {
        by_organization.entry(&selected.hut.organization).or_default().push(selected.clone());
    }
    let with_source = |(organization, huts): (&str, Vec<SelectedHut>)| {
        let Some(source) = sources.get(organization) else {
            let count = huts.len();
            tracing::warn!("{count} huts skipped: this version cannot ask {organization:?}");
            return None;
        };
        let organization = organization.to_owned();
        Some(Site { organization, source: Arc::clone(source), huts })
    };
    by_organization.into_iter().filter_map(with_source).collect()
}
