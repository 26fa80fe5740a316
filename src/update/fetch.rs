//! One site is asked for its huts, a few at a time and in their order.

use std::ops::RangeInclusive;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::{FutureExt, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use super::claims::{ClaimedHut, Claims};
use crate::domain::availability::{Answer, Check};
use crate::domain::failure::ErrorKind;
use crate::domain::failure::Failure;
use crate::domain::hut::FollowedHut;
use crate::domain::run::WhySkipped;
use crate::domain::schedule::SelectedHut;
use crate::domain::signal::Signal;
use crate::domain::validators::asked_digest;
use crate::runtime::clock::Clock;
use crate::runtime::panic::panic_message;
use crate::runtime::shutdown::stopped;
use crate::sites::circuit_breaker::CircuitBreaker;
use crate::sites::error::SourceError;
use crate::sites::source::{BookingSource, Reply};
use crate::update::store::{Fetched, FetchedCheck};

/// Checks of one site that are under way or wait to be stored. A request waits when there are as many,
/// so that memory does not grow with the number of huts.
pub const MAX_CHECKS: usize = 64;

/// What a run asks the sites for, and how.
#[derive(Clone)]
pub struct FetchConfig {
    /// The dates that are asked for.
    pub dates: RangeInclusive<NaiveDate>,
    pub clock: Clock,
    /// Checks that may wait for a site's answer at the same time, at each site.
    pub max_in_flight: usize,
    pub claims: Claims,
}

/// A site, and the huts that it is asked for, in their order.
pub struct Site {
    /// Slug of its organization.
    pub organization: String,
    pub source: Arc<dyn BookingSource>,
    pub huts: Vec<SelectedHut>,
}

/// What the tasks that ask the sites tell.
pub enum FetchEvent {
    /// A check has ended. It takes room until it is stored.
    Fetched(Box<Fetched>, OwnedSemaphorePermit),
    /// A hut is left to another run.
    Skipped(Box<SelectedHut>, WhySkipped),
    /// The last word of a site that is not asked for the rest of its huts.
    SiteAbandoned { organization: String, why: Failure },
}

/// Asks one site for its huts. A panic leaves the site, and harms no other.
pub async fn ask_or_leave(
    site: Site,
    ask: FetchConfig,
    told: mpsc::UnboundedSender<FetchEvent>,
    stop: watch::Receiver<Option<Signal>>,
) {
    let organization = site.organization.clone();
    let asked = AssertUnwindSafe(ask_site(site, ask, told.clone(), stop)).catch_unwind().await;
    if let Err(panic) = asked {
        let message = panic_message(&*panic);
        let why = format!("the site was left: the program failed, which is a bug: {message}");
        let why = Failure::new(ErrorKind::Malformed, &why);
        let _ = told.send(FetchEvent::SiteAbandoned { organization, why });
    }
}

/// Asks one site for its huts, and tells of each check as it ends. A site that is left takes with it the
/// checks that are under way: they are dropped. So are they when `stop` says a signal.
async fn ask_site(
    site: Site,
    ask: FetchConfig,
    told: mpsc::UnboundedSender<FetchEvent>,
    stop: watch::Receiver<Option<Signal>>,
) {
    let room = Arc::new(Semaphore::new(MAX_CHECKS));
    let source = Arc::clone(&site.source);
    let turns = ask.claims.turns(site.huts).then(move |turn| {
        let source = Arc::clone(&source);
        async move {
            // What was begun before gets as far as to its own wait.
            tokio::task::yield_now().await;
            source.ready().await;
            turn
        }
    });
    let turns = turns.boxed();
    let asked = turns.map(|turn| {
        let room = Arc::clone(&room).acquire_owned();
        let (ask, source) = (&ask, &*site.source);
        async move {
            match turn {
                Ok(ClaimedHut::Ask(selected)) => {
                    let room = room.await.expect("nobody closes it");
                    FetchOutcome::Ended(Box::new(check(source, ask, selected).await), room)
                }
                Ok(ClaimedHut::Skip(selected, why)) => FetchOutcome::Skipped(selected, why),
                Err(error) => FetchOutcome::Lost(error.to_string()),
            }
        }
    });
    let mut asked =
        std::pin::pin!(asked.buffer_unordered(ask.max_in_flight).take_until(stopped(stop)));
    let mut reach = CircuitBreaker::default();
    while let Some(asked) = asked.next().await {
        let (word, left) = match asked {
            FetchOutcome::Ended(answered, room) => {
                let left = reach.note(&answered.check);
                // A hut for which nothing was asked goes with the others of its site.
                let is_unasked = answered.check.as_ref().is_err_and(SourceError::is_unasked);
                ((!is_unasked).then(|| FetchEvent::Fetched(answered, room)), left)
            }
            FetchOutcome::Skipped(selected, why) => {
                (Some(FetchEvent::Skipped(Box::new(selected), why)), None)
            }
            FetchOutcome::Lost(message) => {
                let why = format!("no more huts could be claimed: {message}");
                (None, Some(Failure::new(ErrorKind::Database, &why)))
            }
        };
        // An error means that nobody wants to know any more.
        if word.is_some_and(|word| told.send(word).is_err()) {
            return;
        }
        if let Some(why) = left {
            let _ = told.send(FetchEvent::SiteAbandoned { organization: site.organization, why });
            return;
        }
    }
}

/// What became of a turn.
enum FetchOutcome {
    Ended(Box<Fetched>, OwnedSemaphorePermit),
    Skipped(SelectedHut, WhySkipped),
    /// The database is gone by which huts are claimed.
    Lost(String),
}

/// One check: the site's answer, and when it had arrived. A panic harms no other check.
async fn check(source: &dyn BookingSource, ask: &FetchConfig, selected: SelectedHut) -> Fetched {
    let begin = Instant::now();
    let hut = &selected.hut;
    let answer = async {
        let known = selected.cached.for_request(&asked_digest(hut, &ask.dates));
        let reply = source.availability(&hut.source_hut_id, &ask.dates, &known).await;
        let at = ask.clock.now();
        let checked = reply.and_then(|reply| match reply {
            Reply::Answer(answer) => {
                listed(hut, answer, ask, at).map(|check| FetchedCheck::Listed(check.into()))
            }
            Reply::Unmodified => Ok(FetchedCheck::Unmodified),
        });
        (at, checked)
    };
    let (at, check) = AssertUnwindSafe(answer)
        .catch_unwind()
        .await
        .unwrap_or_else(|panic| (ask.clock.now(), Err(SourceError::Panic(panic_message(&*panic)))));
    Fetched { selected, at, check, begin }
}

/// The check that an answer makes, if it lists any date that was asked for.
fn listed(
    hut: &FollowedHut,
    answer: Answer,
    ask: &FetchConfig,
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
