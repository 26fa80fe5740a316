//! How a run comes by the huts that it asks, one after another, while other runs work on the same
//! database.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::{Stream, stream};
use tokio::time::{Instant, sleep};

use crate::db::lease::claim_huts;
use crate::db::resilient::{DbError, ResilientDb};
use crate::domain::lease::{Claim, ClaimRequest};
use crate::domain::run::WhySkipped;
use crate::domain::schedule::SelectedHut;

/// How many huts are claimed at once. Few, so that runs at the same time share the work to its end, and a
/// run that dies keeps few from the others.
pub const BATCH: usize = 8;

/// A lease is renewed so often while it lasts, at least.
pub const RENEWALS: u32 = 3;

/// How often it is looked whether other runs are done with their huts.
pub const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// What is done with a hut whose turn it is.
pub enum ClaimedHut {
    Ask(SelectedHut),
    Skip(SelectedHut, WhySkipped),
}

/// The huts of a run in their turns.
#[derive(Clone)]
pub enum Claims {
    /// All that were selected, without a word to other runs.
    All,
    Leased(Arc<Leases>),
}

/// The huts that a run has in hand under its lease.
pub struct Leases {
    db: ResilientDb,
    run_id: i32,
    duration: TimeDelta,
    /// Held during a claim: the lease names all huts of the run, those of each site.
    turn: tokio::sync::Mutex<()>,
    in_hand: Mutex<BTreeSet<i32>>,
    /// When the lease was last written; none where it was not yet.
    renewed: Mutex<Option<Instant>>,
}

impl Leases {
    /// A lease for `duration` from each claim on.
    #[must_use]
    pub fn new(db: ResilientDb, run_id: i32, duration: TimeDelta) -> Self {
        let (turn, in_hand, renewed) = Default::default();
        Self { db, run_id, duration, turn, in_hand, renewed }
    }

    async fn claim(&self, huts: &[SelectedHut]) -> Result<Vec<Claim>, DbError> {
        let wanted: Vec<_> = huts
            .iter()
            .map(|selected| ClaimRequest { hut_id: selected.hut.id, last_try: selected.last_try })
            .collect();
        let ids: Vec<i32> = wanted.iter().map(|wanted| wanted.hut_id).collect();
        let _turn = self.turn.lock().await;
        let in_hand: Vec<i32> = self.in_hand().iter().copied().collect();
        let (run_id, duration) = (self.run_id, self.duration);
        let now = Instant::now();
        let claim =
            self.db.run(move |db, _| claim_huts(db, run_id, &wanted, &in_hand, duration)).await;
        let claims = claim?;
        *self.renewed.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        let taken = ids.into_iter().zip(&claims).filter(|(_, claim)| **claim == Claim::Taken);
        self.in_hand().extend(taken.map(|(id, _)| id));
        Ok(claims)
    }

    /// Whether the lease has ended, because this program was frozen or the database away: then other runs
    /// may have what was claimed.
    fn has_lapsed(&self) -> bool {
        let renewed = *self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        renewed.is_some_and(|at| at.elapsed() >= self.lasts())
    }

    fn lasts(&self) -> Duration {
        self.duration.to_std().unwrap_or_default()
    }

    fn in_hand(&self) -> MutexGuard<'_, BTreeSet<i32>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the lease while a site takes its time. Never ends.
    async fn keep(&self) {
        loop {
            sleep(self.lasts() / RENEWALS).await;
            if let Err(error) = self.claim(&[]).await {
                tracing::warn!("the lease of the huts in hand is not renewed: {error}");
            }
        }
    }
}

impl Claims {
    /// The huts, each as it is this run's turn; claimed a few at a time, when the next one is wanted. At
    /// the end, those that other runs had in hand: such a run may have died.
    pub fn turns(
        &self,
        huts: Vec<SelectedHut>,
    ) -> impl Stream<Item = Result<ClaimedHut, DbError>> + use<> {
        let mut queue = Queue {
            claims: self.clone(),
            to_claim: huts.into(),
            ready: VecDeque::new(),
            held: Vec::new(),
            held_since: None,
        };
        if matches!(self, Self::All) {
            queue.ready =
                std::mem::take(&mut queue.to_claim).into_iter().map(ClaimedHut::Ask).collect();
        }
        stream::try_unfold(queue, |mut queue| async {
            Ok(queue.next().await?.map(|turn| (turn, queue)))
        })
    }

    /// Keeps what is claimed until it is stored. Never ends.
    pub async fn keep(&self) {
        match self {
            Self::All => std::future::pending().await,
            Self::Leased(leases) => leases.keep().await,
        }
    }

    /// A hut is done with.
    pub fn done(&self, hut_id: i32) {
        if let Self::Leased(leases) = self {
            leases.in_hand().remove(&hut_id);
        }
    }
}

struct Queue {
    claims: Claims,
    to_claim: VecDeque<SelectedHut>,
    ready: VecDeque<ClaimedHut>,
    /// In the hands of other runs.
    held: Vec<SelectedHut>,
    /// Since when there are only such left.
    held_since: Option<Instant>,
}

impl Queue {
    async fn next(&mut self) -> Result<Option<ClaimedHut>, DbError> {
        loop {
            if let Claims::Leased(leases) = &self.claims
                && leases.has_lapsed()
            {
                for turn in std::mem::take(&mut self.ready).into_iter().rev() {
                    match turn {
                        ClaimedHut::Ask(hut) => {
                            leases.in_hand().remove(&hut.hut.id);
                            self.to_claim.push_front(hut);
                        }
                        skip @ ClaimedHut::Skip(..) => self.ready.push_front(skip),
                    }
                }
            }
            if let Some(turn) = self.ready.pop_front() {
                return Ok(Some(turn));
            }
            let Claims::Leased(leases) = &self.claims else { return Ok(None) };
            let batch: Vec<SelectedHut> = if !self.to_claim.is_empty() {
                self.to_claim.drain(..BATCH.min(self.to_claim.len())).collect()
            } else if self.held.is_empty() {
                return Ok(None);
            } else {
                let since = *self.held_since.get_or_insert_with(Instant::now);
                // By then each of them is done with, or was renewed by a run that lives.
                if since.elapsed() > leases.lasts() + LOOK_AGAIN {
                    let skip = |hut| ClaimedHut::Skip(hut, WhySkipped::AnotherRunAsksIt);
                    self.ready.extend(self.held.drain(..).map(skip));
                    continue;
                }
                sleep(LOOK_AGAIN).await;
                std::mem::take(&mut self.held)
            };
            let claims = leases.claim(&batch).await?;
            for (hut, claim) in batch.into_iter().zip(claims) {
                match claim {
                    Claim::Taken => self.ready.push_back(ClaimedHut::Ask(hut)),
                    Claim::Held => self.held.push(hut),
                    Claim::Tried => {
                        self.ready.push_back(ClaimedHut::Skip(hut, WhySkipped::AnotherRunAskedIt));
                    }
                }
            }
        }
    }
}
