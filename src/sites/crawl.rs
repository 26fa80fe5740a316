//! Crawls all huts of a site, step by step. A few steps run at a time; their results are sent in order.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::{mpsc, watch};

use crate::domain::failure::Failure;
use crate::domain::signal::Signal;
use crate::runtime::panic::panic_message;
use crate::runtime::shutdown::stopped;
use crate::sites::circuit_breaker::{CircuitBreaker, MAX_UNREACHED_IN_A_ROW};
use crate::sites::error::SourceError;
use crate::sites::listing::Listing;
use crate::sites::source::BookingSource;

/// The most results that may wait to be stored.
const MAX_WAITING_EVENTS: usize = 64;

/// A site, and the steps of its crawl.
pub struct Crawl {
    pub source: Arc<dyn BookingSource>,
    pub steps: CrawlSteps,
}

/// The steps of a crawl.
pub enum CrawlSteps {
    /// The IDs to try one by one, in this order.
    Ids(Vec<u32>),
    /// The pages from this number on. Each page of the site says how many pages there are.
    PagesFrom(u32),
}

/// An event of a crawl.
#[derive(Debug)]
pub enum CrawlEvent {
    /// The result of one step. `last` is the number of the last step, if it is known.
    Step { step: u32, last: Option<u32>, listing: Result<Listing, SourceError> },
    /// The crawl stops before its end, and why.
    SiteAbandoned(Failure),
    /// The crawl has done all its steps.
    End,
}

/// Starts a crawl. It stops when `stop` has a signal, or when the receiver is dropped.
#[must_use]
pub fn begin(
    crawl: Crawl,
    max_in_flight: usize,
    stop: watch::Receiver<Option<Signal>>,
) -> mpsc::Receiver<CrawlEvent> {
    let (events, receiver) = mpsc::channel(MAX_WAITING_EVENTS);
    tokio::spawn(async move {
        let crawled = tokio::select! {
            () = stopped(stop) => return,
            crawled = crawl_to_end(&crawl, max_in_flight, &events) => crawled,
        };
        let last_event = match crawled {
            Ok(()) => CrawlEvent::End,
            Err(Some(why)) => CrawlEvent::SiteAbandoned(why),
            Err(None) => return,
        };
        // Sending fails only if the receiver is dropped.
        let _ = events.send(last_event).await;
    });
    receiver
}

/// Does all steps. The error is the reason why the site is abandoned, or `None` if the receiver is dropped.
async fn crawl_to_end(
    crawl: &Crawl,
    max_in_flight: usize,
    events: &mpsc::Sender<CrawlEvent>,
) -> Result<(), Option<Failure>> {
    let source = &*crawl.source;
    let mut crawler = Crawler { events, last: None, failed: 0, breaker: CircuitBreaker::default() };
    match &crawl.steps {
        CrawlSteps::Ids(ids) => {
            crawler.last = ids.last().copied();
            crawler.crawl(source, ids.iter().copied(), max_in_flight).await
        }
        CrawlSteps::PagesFrom(first) => {
            // Each page says how many pages there are. If the first page of a resumed crawl fails, page 1 is
            // requested for that number.
            let listing = step(source, *first).await;
            if listing.is_err() && *first > 1 {
                crawler.last = step(source, 1).await.ok().and_then(|listing| listing.last_step);
            }
            let why = listing.as_ref().err().map(|error| {
                let why =
                    format!("the site was abandoned: its list of huts cannot be read: {error}");
                Failure::new(error.kind(), &why)
            });
            crawler.send(*first, listing).await?;
            let mut next = first + 1;
            let Some(mut last) = crawler.last else { return Err(why) };
            while next <= last {
                crawler.crawl(source, next..=last, max_in_flight).await?;
                next = last + 1;
                // The site may have added pages during the crawl.
                last = crawler.last.unwrap_or(last);
            }
            Ok(())
        }
    }
}

/// The state of a crawl.
struct Crawler<'a> {
    events: &'a mpsc::Sender<CrawlEvent>,
    /// The number of the last step, if it is known.
    last: Option<u32>,
    /// The number of steps that failed since the last successful step.
    failed: usize,
    breaker: CircuitBreaker,
}

impl Crawler<'_> {
    async fn crawl(
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
            self.send(number, listing).await?;
        }
        Ok(())
    }

    /// Sends the result of a step. The error is the reason why the site is abandoned after this step: the
    /// site is down, or all its answers are errors, for example because its API has changed.
    async fn send(
        &mut self,
        step: u32,
        listing: Result<Listing, SourceError>,
    ) -> Result<(), Option<Failure>> {
        self.last = self.last.max(listing.as_ref().ok().and_then(|listing| listing.last_step));
        self.failed = if listing.is_ok() { 0 } else { self.failed + 1 };
        let (failed, stop) = (self.failed, self.breaker.note(&listing));
        let why = match &listing {
            Err(error) if failed >= MAX_UNREACHED_IN_A_ROW => {
                let why = format!(
                    "the site was abandoned: {failed} steps in a row failed; the last error: {error}"
                );
                Some(Failure::new(error.kind(), &why))
            }
            _ => stop,
        };
        let last = self.last;
        self.events.send(CrawlEvent::Step { step, last, listing }).await.map_err(|_| None)?;
        why.map_or(Ok(()), |why| Err(Some(why)))
    }
}

/// Does one step. A panic becomes an error of this step, so that the other steps go on.
async fn step(source: &dyn BookingSource, number: u32) -> Result<Listing, SourceError> {
    let listing = AssertUnwindSafe(source.discover(number)).catch_unwind().await;
    listing.unwrap_or_else(|panic| Err(SourceError::Panic(panic_message(&*panic))))
}
