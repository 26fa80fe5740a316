//! Walks through all huts of a site: a few steps are under way at a time, and told in their order.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::{mpsc, watch};

use crate::domain::failure::Failure;
use crate::domain::signal::Signal;
use crate::runtime::panic::panic_message;
use crate::runtime::shutdown::stopped;
use crate::sites::circuit_breaker::{CircuitBreaker, MAX_UNREACHED};
use crate::sites::error::SourceError;
use crate::sites::listing::Listing;
use crate::sites::source::BookingSource;

/// CrawlSteps that are walked and wait to be stored, at most.
const MAX_STEPS: usize = 64;

/// A site and the steps that are walked there.
pub struct Crawl {
    pub source: Arc<dyn BookingSource>,
    pub steps: CrawlSteps,
}

/// What is walked.
pub enum CrawlSteps {
    /// IDs that are tried one by one, in their order.
    Ids(Vec<u32>),
    /// Pages from this one on; the site says how many there are.
    PagesFrom(u32),
}

/// What a walk tells.
#[derive(Debug)]
pub enum CrawlEvent {
    /// What one step found. `last` is the last step, as far as is known.
    Step { step: u32, last: Option<u32>, listing: Result<Listing, SourceError> },
    /// The site is not walked further for now.
    SiteAbandoned(Failure),
    /// There are no more steps.
    End,
}

/// Begins a walk. It ends when `stop` says a signal, or when nobody listens.
#[must_use]
pub fn begin(
    walk: Crawl,
    max_in_flight: usize,
    stop: watch::Receiver<Option<Signal>>,
) -> mpsc::Receiver<CrawlEvent> {
    let (told, receiver) = mpsc::channel(MAX_STEPS);
    tokio::spawn(async move {
        let walked = tokio::select! {
            () = stopped(stop) => return,
            walked = walk_steps(&walk, max_in_flight, &told) => walked,
        };
        let last_word = match walked {
            Ok(()) => CrawlEvent::End,
            Err(Some(why)) => CrawlEvent::SiteAbandoned(why),
            Err(None) => return,
        };
        // An error means that nobody wants to know any more.
        let _ = told.send(last_word).await;
    });
    receiver
}

/// Walks to the end. An error is why the site is left, or that nobody listens.
async fn walk_steps(
    walk: &Crawl,
    max_in_flight: usize,
    told: &mpsc::Sender<CrawlEvent>,
) -> Result<(), Option<Failure>> {
    let source = &*walk.source;
    let mut walker = Crawler { told, last: None, failed: 0, reach: CircuitBreaker::default() };
    match &walk.steps {
        CrawlSteps::Ids(ids) => {
            walker.last = ids.last().copied();
            walker.walk(source, ids.iter().copied(), max_in_flight).await
        }
        CrawlSteps::PagesFrom(first) => {
            // How many pages there are stands on each. Where the first one of a walk that goes on is
            // broken, another one says it.
            let listing = step(source, *first).await;
            if listing.is_err() && *first > 1 {
                walker.last = step(source, 1).await.ok().and_then(|listing| listing.last_step);
            }
            let why = listing.as_ref().err().map(|error| {
                let why = format!("the site was left: its list of huts cannot be read: {error}");
                Failure::new(error.kind(), &why)
            });
            walker.tell(*first, listing).await?;
            let mut next = first + 1;
            let Some(mut last) = walker.last else { return Err(why) };
            while next <= last {
                walker.walk(source, next..=last, max_in_flight).await?;
                next = last + 1;
                // Pages may have been added on the way.
                last = walker.last.unwrap_or(last);
            }
            Ok(())
        }
    }
}

/// How far a walk is.
struct Crawler<'a> {
    told: &'a mpsc::Sender<CrawlEvent>,
    /// The last step, as far as is known.
    last: Option<u32>,
    /// CrawlSteps that failed since the last one that did not.
    failed: usize,
    reach: CircuitBreaker,
}

impl Crawler<'_> {
    async fn walk(
        &mut self,
        source: &dyn BookingSource,
        steps: impl Iterator<Item = u32> + Send,
        max_in_flight: usize,
    ) -> Result<(), Option<Failure>> {
        let listings = stream::iter(steps)
            .map(|number| async move { (number, step(source, number).await) })
            .buffered(max_in_flight);
        let mut listings = std::pin::pin!(listings);
        while let Some((number, listing)) = listings.next().await {
            self.tell(number, listing).await?;
        }
        Ok(())
    }

    /// Tells of a step. An error is why the site is left after it: it is down, or fails at whatever
    /// it is asked, as an interface that has changed would.
    async fn tell(
        &mut self,
        step: u32,
        listing: Result<Listing, SourceError>,
    ) -> Result<(), Option<Failure>> {
        self.last = self.last.max(listing.as_ref().ok().and_then(|listing| listing.last_step));
        self.failed = if listing.is_ok() { 0 } else { self.failed + 1 };
        let (failed, stop) = (self.failed, self.reach.note(&listing));
        let why = match &listing {
            Err(error) if failed >= MAX_UNREACHED => {
                let why = format!("the site was left: {failed} in a row failed, the last: {error}");
                Some(Failure::new(error.kind(), &why))
            }
            _ => stop,
        };
        let last = self.last;
        self.told.send(CrawlEvent::Step { step, last, listing }).await.map_err(|_| None)?;
        why.map_or(Ok(()), |why| Err(Some(why)))
    }
}

/// One step. A panic harms no other.
async fn step(source: &dyn BookingSource, number: u32) -> Result<Listing, SourceError> {
    let listing = AssertUnwindSafe(source.discover(number)).catch_unwind().await;
    listing.unwrap_or_else(|panic| Err(SourceError::Panic(panic_message(&*panic))))
}
