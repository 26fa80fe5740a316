//! The pipeline: ask the sites for the selected huts, and store each answer as soon as it is in.
//!
//! ```text
//! selected huts ─┬─ site ─ check, check, … (at most so many at a time) ─┐
//!                └─ site ─ …                                            ├─ store, one by one ─ results
//! ```

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::{StreamExt, stream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinError;

use crate::availability::Check;
use crate::clock::Clock;
use crate::due::SelectedHut;
use crate::event::{Event, HutResult, Reporter, Signal};
use crate::source::{BookingSource, SourceError, Sources};
use crate::store::{Answered, Store};

/// Answers that wait to be stored. Requests wait when there are more, so that memory does not grow
/// with the number of huts.
const ANSWERS_WAITING: usize = 16;

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
    let (sender, mut answers) = mpsc::channel(ANSWERS_WAITING);
    for (source, huts) in by_site(huts, sources) {
        tokio::spawn(ask_site(source, huts, ask.clone(), sender.clone(), stop.clone()));
    }
    drop(sender);

    let mut updated = Updated::default();
    while let Some(answered) = answers.recv().await {
        reporter.report(&Event::Answered);
        let begin = Instant::now();
        // The database's calls block; the other tasks move to another thread and go on asking.
        let result = tokio::task::block_in_place(|| store.store(&answered));
        updated.storing += begin.elapsed();
        reporter.report(&Event::Done(&result));
        updated.results.push(result);
    }
    let done: HashSet<_> = updated.results.iter().map(|result| result.hut.clone()).collect();
    let left = huts.iter().filter(|selected| !done.contains(&selected.hut.slug));
    updated.results.extend(left.map(HutResult::skipped));
    updated
}

/// Each site with the huts that it is asked for, in their order. Huts of an organization that this
/// version cannot ask are left out.
fn by_site(
    huts: &[SelectedHut],
    sources: &Sources,
) -> Vec<(Arc<dyn BookingSource>, Vec<SelectedHut>)> {
    let mut sites: BTreeMap<&str, Vec<SelectedHut>> = BTreeMap::new();
    for selected in huts {
        sites.entry(&selected.hut.organization).or_default().push(selected.clone());
    }
    let with_source = |(organization, huts): (&str, Vec<SelectedHut>)| {
        let source = sources.get(organization);
        if source.is_none() {
            let count = huts.len();
            tracing::warn!("{count} huts skipped: this version cannot ask {organization:?}");
        }
        source.map(|source| (Arc::clone(source), huts))
    };
    sites.into_iter().filter_map(with_source).collect()
}

/// Asks one site for its huts, a few at a time, and sends on each answer as it comes.
async fn ask_site(
    source: Arc<dyn BookingSource>,
    huts: Vec<SelectedHut>,
    ask: Ask,
    answers: mpsc::Sender<Answered>,
    mut stop: watch::Receiver<Option<Signal>>,
) {
    let max_in_flight = ask.max_in_flight;
    let stopped = async move {
        // An error means that nobody can say stop any more.
        if stop.wait_for(Option::is_some).await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let checks = stream::iter(huts).map(|selected| {
        // A task of its own: it goes on while answers are waiting, and a panic ends no other.
        let check = tokio::spawn(check(Arc::clone(&source), selected.clone(), ask.clone()));
        async move { (selected, check.await) }
    });
    let mut checks = std::pin::pin!(checks.buffer_unordered(max_in_flight).take_until(stopped));
    while let Some((selected, checked)) = checks.next().await {
        let (at, check) = checked.unwrap_or_else(|error| {
            let error = SourceError::Panic(panic_message(error));
            (ask.clock.now(), Err(error))
        });
        if answers.send(Answered { selected, at, check }).await.is_err() {
            return;
        }
    }
}

/// One check: the site's answer, and when it had arrived.
async fn check(
    source: Arc<dyn BookingSource>,
    selected: SelectedHut,
    ask: Ask,
) -> (DateTime<Utc>, Result<Check, SourceError>) {
    let hut = &selected.hut;
    let answer = source.availability(&hut.source_hut_id, &ask.dates).await;
    let at = ask.clock.now();
    let check = answer.and_then(|answer| {
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
    });
    (at, check)
}

fn panic_message(error: JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => crate::store::panic_message(&*panic),
        Err(error) => error.to_string(),
    }
}
