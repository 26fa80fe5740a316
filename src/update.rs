//! The pipeline: ask the sites for the selected huts, and store each answer as soon as it is in.
//!
//! ```text
//! selected huts ─┬─ site ─ check, check, … (at most so many at a time) ─┐
//!                └─ site ─ …                                            ├─ store, one by one ─ results
//! ```
//!
//! Sites are asked side by side, each at its own pace, and one that is left ([`crate::left`]) is no
//! concern of the others.

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use crate::availability::{Answer, Check};
use crate::clock::Clock;
use crate::due::SelectedHut;
use crate::event::{Event, Failure, HutResult, Reporter, Signal, stopped};
use crate::hut::FollowedHut;
use crate::left::Reach;
use crate::source::{BookingSource, SourceError, Sources};
use crate::store::{Answered, Store, panic_message};

/// Checks of one site that are under way or wait to be stored. A request waits when there are as many,
/// so that memory does not grow with the number of huts.
const MOST_CHECKS: usize = 64;

/// What a run asks the sites for, and how.
#[derive(Clone)]
pub struct Ask {
    /// The dates that are asked for.
    pub dates: RangeInclusive<NaiveDate>,
    pub clock: Clock,
    /// Checks that may wait for a site's answer at the same time, at each site.
    pub max_in_flight: usize,
}

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
    ask: &Ask,
    sources: &Sources,
    store: &mut Store,
    reporter: &mut dyn Reporter,
    stop: watch::Receiver<Option<Signal>>,
) -> Updated {
    let (sender, mut told) = mpsc::unbounded_channel();
    for site in by_site(huts, sources) {
        tokio::spawn(ask_site(site, ask.clone(), sender.clone(), stop.clone()));
    }
    drop(sender);

    let mut updated = Updated::default();
    while let Some(told) = told.recv().await {
        match told {
            Told::Answered(answered, _room) => {
                reporter.report(&Event::Answered);
                let begin = Instant::now();
                // The database's calls block; the other tasks move to another thread and go on
                // asking.
                let result = tokio::task::block_in_place(|| store.store(&answered));
                updated.storing += begin.elapsed();
                reporter.report(&Event::Done(&result));
                updated.results.push(result);
            }
            Told::Left { organization, why } => {
                let mut huts = not_done(huts, &updated.results);
                huts.retain(|selected| selected.hut.organization == organization);
                if huts.is_empty() {
                    continue;
                }
                let organization = &organization;
                reporter.report(&Event::SiteLeft { organization, skipped: huts.len(), why: &why });
                updated.results.extend(huts.into_iter().map(|hut| HutResult::left(hut, &why)));
            }
        }
    }
    let skipped = not_done(huts, &updated.results);
    updated.results.extend(skipped.into_iter().map(HutResult::skipped));
    updated
}

fn not_done<'a>(huts: &'a [SelectedHut], results: &[HutResult]) -> Vec<&'a SelectedHut> {
    let done: HashSet<_> = results.iter().map(|result| &result.hut).collect();
    huts.iter().filter(|selected| !done.contains(&selected.hut.slug)).collect()
}

/// A site, and the huts that it is asked for, in their order.
struct Site {
    /// Slug of its organization.
    organization: String,
    source: Arc<dyn BookingSource>,
    huts: Vec<SelectedHut>,
}

/// What the tasks that ask the sites tell.
enum Told {
    /// A check has ended. It takes room until it is stored.
    Answered(Box<Answered>, OwnedSemaphorePermit),
    /// The last word of a site that is not asked for the rest of its huts.
    Left { organization: String, why: Failure },
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

/// Asks one site for its huts, a few at a time and in their order, and tells of each check as it
/// ends. A site that is left takes with it the checks that are under way: they are dropped.
async fn ask_site(
    site: Site,
    ask: Ask,
    told: mpsc::UnboundedSender<Told>,
    stop: watch::Receiver<Option<Signal>>,
) {
    let room = Arc::new(Semaphore::new(MOST_CHECKS));
    let checks = stream::iter(site.huts).map(|selected| {
        let room = Arc::clone(&room).acquire_owned();
        let check = check(&*site.source, &ask, selected);
        async { (room.await, check.await) }
    });
    let mut checks =
        std::pin::pin!(checks.buffer_unordered(ask.max_in_flight).take_until(stopped(stop)));
    let mut reach = Reach::default();
    while let Some((room, answered)) = checks.next().await {
        let Ok(room) = room else { return };
        let left = reach.note(&answered.check);
        // A hut for which nothing was asked goes with the others of its site.
        let was_asked = !matches!(answered.check, Err(SourceError::ToldToStop(_)));
        if was_asked && told.send(Told::Answered(Box::new(answered), room)).is_err() {
            return;
        }
        if let Some(why) = left {
            // An error means that nobody wants to know any more.
            let _ = told.send(Told::Left { organization: site.organization, why });
            return;
        }
    }
}

/// One check: the site's answer, and when it had arrived. A panic harms no other check.
async fn check(source: &dyn BookingSource, ask: &Ask, selected: SelectedHut) -> Answered {
    let hut = &selected.hut;
    let answer = async {
        let answer = source.availability(&hut.source_hut_id, &ask.dates).await;
        let at = ask.clock.now();
        (at, answer.and_then(|answer| listed(hut, answer, ask, at)))
    };
    let (at, check) = AssertUnwindSafe(answer)
        .catch_unwind()
        .await
        .unwrap_or_else(|panic| (ask.clock.now(), Err(SourceError::Panic(panic_message(&*panic)))));
    Answered { selected, at, check }
}

/// The check that an answer makes, if it lists any date that was asked for.
fn listed(
    hut: &FollowedHut,
    answer: Answer,
    ask: &Ask,
    at: DateTime<Utc>,
) -> Result<Check, SourceError> {
    let listed = answer.days.len();
    let check = Check::new(hut, answer, &ask.dates, at);
    if let Some(first) = &check.adjustments.first {
        let count = check.adjustments.count;
        tracing::warn!("{}: {count} values put right, first {first}", hut.slug);
    }
    if check.days.is_empty() {
        return Err(SourceError::Empty { listed, dates: ask.dates.clone() });
    }
    Ok(check)
}
