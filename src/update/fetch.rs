//! Asks one site for its huts, a few at a time and in their order.

use std::ops::RangeInclusive;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use super::claims::{ClaimedHut, Claims};
use crate::domain::availability::{Answer, Check};
use crate::domain::failure::{ErrorKind, Failure};
use crate::domain::hut::FollowedHut;
use crate::domain::lease::ClaimToken;
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
use crate::text::humanize::pluralize;
use crate::update::store::{Fetched, FetchedCheck};

/// Maximum number of checks of one site that are in flight or wait to be stored. Further requests wait, so
/// that memory does not grow with the number of huts.
const MAX_CHECKS: usize = 64;

/// The settings of a run that apply to the requests to every site.
#[derive(Clone)]
pub struct FetchConfig {
    /// The number of dates to ask for, from today on.
    pub days: u16,
    /// The time zone in which a date begins.
    pub timezone: Tz,
    pub clock: Clock,
    /// Maximum number of checks per site that wait for an answer at the same time.
    pub max_in_flight: usize,
    pub claims: Claims,
}

impl FetchConfig {
    /// The dates to ask for. A run may last beyond midnight, so they are computed for each check.
    fn dates(&self) -> RangeInclusive<NaiveDate> {
        let today = self.clock.today(self.timezone);
        today..=today + Days::new(u64::from(self.days.max(1)) - 1)
    }
}

/// A site, and its selected huts in their order.
pub struct Site {
    /// Slug of its organization.
    pub organization: String,
    pub source: Arc<dyn BookingSource>,
    pub huts: Vec<SelectedHut>,
}

/// The messages of the tasks that ask the sites.
pub enum FetchEvent {
    /// A check has ended. The permit is held until the check is stored.
    Fetched(Box<Fetched>, OwnedSemaphorePermit),
    /// The clock of this machine jumped while the site was asked, so the answer was discarded.
    Discarded(Box<SelectedHut>, OwnedSemaphorePermit),
    /// A hut is skipped, because another run checks it.
    Skipped(Box<SelectedHut>, WhySkipped),
    /// The last message about a site: it is not asked for its remaining huts.
    SiteAbandoned { organization: String, why: Failure },
}

/// Asks one site for its huts. A panic abandons this site only.
pub async fn fetch_site(
    site: Site,
    config: FetchConfig,
    events: mpsc::UnboundedSender<FetchEvent>,
    stop: watch::Receiver<Option<Signal>>,
) {
    let organization = site.organization.clone();
    let fetched = AssertUnwindSafe(fetch_huts(site, config, events.clone(), stop));
    if let Err(panic) = fetched.catch_unwind().await {
        let message = panic_message(&*panic);
        let why = format!("the site was abandoned: this is a bug in the program: {message}");
        let why = Failure::new(ErrorKind::Internal, &why);
        let _ = events.send(FetchEvent::SiteAbandoned { organization, why });
    }
}

/// Asks one site for its huts, and sends an event for each check as it ends. When the site is abandoned, or
/// `stop` reports a signal, the checks in flight are dropped.
async fn fetch_huts(
    site: Site,
    config: FetchConfig,
    events: mpsc::UnboundedSender<FetchEvent>,
    stop: watch::Receiver<Option<Signal>>,
) {
    let permits = Arc::new(Semaphore::new(MAX_CHECKS));
    let source = Arc::clone(&site.source);
    let huts = config.claims.stream(site.huts).then(move |hut| {
        let source = Arc::clone(&source);
        async move {
            // Lets the checks that began earlier reserve their request slots first.
            tokio::task::yield_now().await;
            source.ready().await;
            hut
        }
    });
    let huts = huts.boxed();
    let outcomes = huts.map(|hut| {
        let permit = Arc::clone(&permits).acquire_owned();
        let (config, source) = (&config, &*site.source);
        async move {
            match hut {
                Ok(ClaimedHut::Ask(selected, claim)) => {
                    let permit = permit.await.expect("the semaphore is never closed");
                    match check(source, config, selected, claim).await {
                        Ok(fetched) => FetchOutcome::Ended(Box::new(fetched), permit),
                        Err(selected) => FetchOutcome::Discarded(selected, permit),
                    }
                }
                Ok(ClaimedHut::Skip(selected, why)) => FetchOutcome::Skipped(selected, why),
                Err(error) => FetchOutcome::ClaimFailed(error.to_string()),
            }
        }
    });
    let mut outcomes =
        std::pin::pin!(outcomes.buffer_unordered(config.max_in_flight).take_until(stopped(stop)));
    let mut circuit_breaker = CircuitBreaker::default();
    while let Some(outcome) = outcomes.next().await {
        let (event, abandoned) = match outcome {
            FetchOutcome::Ended(fetched, permit) => {
                let abandoned = circuit_breaker.note(&fetched.check);
                // A hut for which no request was sent is skipped together with the rest of its site.
                let is_unasked = fetched.check.as_ref().is_err_and(SourceError::is_unasked);
                ((!is_unasked).then(|| FetchEvent::Fetched(fetched, permit)), abandoned)
            }
            FetchOutcome::Discarded(selected, permit) => {
                (Some(FetchEvent::Discarded(Box::new(selected), permit)), None)
            }
            FetchOutcome::Skipped(selected, why) => {
                (Some(FetchEvent::Skipped(Box::new(selected), why)), None)
            }
            FetchOutcome::ClaimFailed(message) => {
                let why = format!("cannot claim more huts: {message}");
                (None, Some(Failure::new(ErrorKind::Database, &why)))
            }
        };
        // An error means that the receiver is gone: the run is over.
        if event.is_some_and(|event| events.send(event).is_err()) {
            return;
        }
        if let Some(why) = abandoned {
            let _ = events.send(FetchEvent::SiteAbandoned { organization: site.organization, why });
            return;
        }
    }
}

/// How the check of one hut ended.
enum FetchOutcome {
    Ended(Box<Fetched>, OwnedSemaphorePermit),
    Discarded(SelectedHut, OwnedSemaphorePermit),
    Skipped(SelectedHut, WhySkipped),
    /// The database failed, so no more huts can be claimed.
    ClaimFailed(String),
}

/// Runs one check: asks the site, and notes when the answer arrived. A panic fails this check only. If the clock
/// of this machine jumps meanwhile, the answer is discarded, because nobody knows when it arrived.
async fn check(
    source: &dyn BookingSource,
    config: &FetchConfig,
    selected: SelectedHut,
    claim: Option<ClaimToken>,
) -> Result<Fetched, SelectedHut> {
    let (begin, begin_at) = (Instant::now(), config.clock.now());
    let hut = &selected.hut;
    let dates = config.dates();
    let answer = async {
        let cached = selected.cached.for_request(&asked_digest(hut, &dates));
        let reply = source.availability(&hut.source_hut_id, &dates, &cached).await;
        let at = config.clock.now().max(begin_at);
        let checked = reply.and_then(|reply| match reply {
            Reply::Answer(answer) => {
                // The site lists its dates from the day of the answer on.
                let range =
                    (*dates.start()).max(config.clock.today(config.timezone))..=*dates.end();
                check_of(hut, answer, &range, at).map(|check| FetchedCheck::Listed(check.into()))
            }
            Reply::Unmodified => Ok(FetchedCheck::Unmodified),
        });
        (at, checked)
    };
    let (at, check) = AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|panic| {
        (config.clock.now().max(begin_at), Err(SourceError::Panic(panic_message(&*panic))))
    });
    if config.clock.has_jumped(begin_at, begin.elapsed()) {
        return Err(selected);
    }
    Ok(Fetched { selected, at, check, begin, claim })
}

/// Makes a check of an answer. An answer that lists none of the dates is an error.
fn check_of(
    hut: &FollowedHut,
    answer: Answer,
    dates: &RangeInclusive<NaiveDate>,
    at: DateTime<Utc>,
) -> Result<Check, SourceError> {
    let listed = answer.days.len();
    let check = Check::new(hut, answer, dates, at);
    if let Some(first) = &check.adjustments.first {
        let values = pluralize(check.adjustments.count, "invalid value");
        tracing::warn!("{}: {values} corrected, the first: {first}", hut.slug);
    }
    if check.days.is_empty() {
        return Err(SourceError::Empty { listed, dates: dates.clone() });
    }
    Ok(check)
}
