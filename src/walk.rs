//! Walks through all huts of the sites, side by side: one step after the other at each, a few of
//! them under way, told in their order.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::{mpsc, watch};

use crate::event::{Failure, Signal};
use crate::hut::Organization;
use crate::left::Reach;
use crate::source::{BookingSource, Listing, SourceError};
use crate::store::panic_message;

/// Steps that are walked and wait to be stored, at most.
const MOST_STEPS: usize = 64;

/// A site and the steps that are walked there.
pub struct Walk {
    pub organization: Organization,
    pub source: Arc<dyn BookingSource>,
    pub first: u32,
    /// Where the site's IDs are tried one by one; where it lists pages it says itself how many.
    pub last: Option<u32>,
}

/// What a walk tells.
#[derive(Debug)]
pub enum Told {
    /// What one step found. `last` is the last step, as far as is known.
    Step {
        organization: Organization,
        step: u32,
        last: Option<u32>,
        listing: Result<Listing, SourceError>,
    },
    /// The site is not walked further for now.
    Left { organization: Organization, why: Failure },
    /// There are no more steps.
    End { organization: Organization },
}

/// Begins the walks. They end when `stop` says a signal, or when nobody listens.
#[must_use]
pub fn begin(
    walks: Vec<Walk>,
    max_in_flight: usize,
    stop: &watch::Receiver<Option<Signal>>,
) -> mpsc::Receiver<Told> {
    let (told, receiver) = mpsc::channel(MOST_STEPS);
    for walk in walks {
        tokio::spawn(walk_site(walk, max_in_flight, told.clone(), stop.clone()));
    }
    receiver
}

async fn walk_site(
    walk: Walk,
    max_in_flight: usize,
    told: mpsc::Sender<Told>,
    mut stop: watch::Receiver<Option<Signal>>,
) {
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
    let organization = walk.organization;
    let last_word = match walked {
        Ok(()) => Told::End { organization },
        Err(Some(why)) => Told::Left { organization, why },
        Err(None) => return,
    };
    // An error means that nobody wants to know any more.
    let _ = told.send(last_word).await;
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
        tell(walk, told, next, last, listing).await?;
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
        tell(walk, told, number, last, listing).await?;
        if let Some(why) = left {
            return Err(Some(why));
        }
    }
    Ok(())
}

async fn tell(
    walk: &Walk,
    told: &mpsc::Sender<Told>,
    step: u32,
    last: Option<u32>,
    listing: Result<Listing, SourceError>,
) -> Result<(), Option<Failure>> {
    let organization = walk.organization;
    told.send(Told::Step { organization, step, last, listing }).await.map_err(|_| None)
}

/// One step. A panic harms no other.
async fn step(source: &dyn BookingSource, number: u32) -> Result<Listing, SourceError> {
    let listing = AssertUnwindSafe(source.discover(number)).catch_unwind().await;
    listing.unwrap_or_else(|panic| Err(SourceError::Panic(panic_message(&*panic))))
}
