//! Walks through all huts of a site: a few steps are under way at a time, and told in their order.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::{mpsc, watch};

use crate::event::{Failure, Signal};
use crate::left::Reach;
use crate::source::{BookingSource, Listing, SourceError};
use crate::store::panic_message;

/// Steps that are walked and wait to be stored, at most.
const MOST_STEPS: usize = 64;

/// A site and the steps that are walked there.
pub struct Walk {
    pub source: Arc<dyn BookingSource>,
    pub first: u32,
    /// Where the site's IDs are tried one by one; where it lists pages it says itself how many.
    pub last: Option<u32>,
}

/// What a walk tells.
#[derive(Debug)]
pub enum Told {
    /// What one step found. `last` is the last step, as far as is known.
    Step { step: u32, last: Option<u32>, listing: Result<Listing, SourceError> },
    /// The site is not walked further for now.
    Left(Failure),
    /// There are no more steps.
    End,
}

/// Begins a walk. It ends when `stop` says a signal, or when nobody listens.
#[must_use]
pub fn begin(
    walk: Walk,
    max_in_flight: usize,
    mut stop: watch::Receiver<Option<Signal>>,
) -> mpsc::Receiver<Told> {
    let (told, receiver) = mpsc::channel(MOST_STEPS);
    tokio::spawn(async move {
        let stopped = async move {
            // An error means that nobody can say stop any more.
            if stop.wait_for(Option::is_some).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let walked = tokio::select! {
            () = stopped => return,
            walked = walk_steps(&walk, max_in_flight, &told) => walked,
        };
        let last_word = match walked {
            Ok(()) => Told::End,
            Err(Some(why)) => Told::Left(why),
            Err(None) => return,
        };
        // An error means that nobody wants to know any more.
        let _ = told.send(last_word).await;
    });
    receiver
}

/// Walks to the end. An error is why the site is left, or that nobody listens.
async fn walk_steps(
    walk: &Walk,
    max_in_flight: usize,
    told: &mpsc::Sender<Told>,
) -> Result<(), Option<Failure>> {
    let mut reach = Reach::default();
    let (mut next, mut last) = (walk.first, walk.last);
    if last.is_none() {
        // How many pages there are stands on each.
        let listing = step(&*walk.source, next).await;
        let unknown =
            listing.as_ref().err().map(|error| Failure::new(error.kind(), &error.to_string()));
        last = listing.as_ref().ok().and_then(|listing| listing.last_step);
        tell(told, next, last, listing).await?;
        if let Some(why) = unknown {
            return Err(Some(why));
        }
        next += 1;
    }
    let steps = next..=last.unwrap_or(0);
    let mut listings = std::pin::pin!(
        stream::iter(steps)
            .map(|number| async move { (number, step(&*walk.source, number).await) })
            .buffered(max_in_flight)
    );
    while let Some((number, listing)) = listings.next().await {
        let left = reach.note(&listing);
        tell(told, number, last, listing).await?;
        if let Some(why) = left {
            return Err(Some(why));
        }
    }
    Ok(())
}

async fn tell(
    told: &mpsc::Sender<Told>,
    step: u32,
    last: Option<u32>,
    listing: Result<Listing, SourceError>,
) -> Result<(), Option<Failure>> {
    told.send(Told::Step { step, last, listing }).await.map_err(|_| None)
}

/// One step. A panic harms no other.
async fn step(source: &dyn BookingSource, number: u32) -> Result<Listing, SourceError> {
    let listing = AssertUnwindSafe(source.discover(number)).catch_unwind().await;
    listing.unwrap_or_else(|panic| Err(SourceError::Panic(panic_message(&*panic))))
}
