//! Claims huts for a run, a few at a time, so that runs on the same database share the work.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::{Stream, stream};
use tokio::time::{Instant, sleep};

use crate::db::lease::claim_huts;
use crate::db::resilient::{DbError, ResilientDb};
use crate::domain::lease::{Claim, ClaimRequest, ClaimToken};
use crate::domain::run::WhySkipped;
use crate::domain::schedule::SelectedHut;

/// Huts per claim. Few, so that parallel runs share the work until its end, and a run that dies blocks few
/// huts for the others.
pub const BATCH: usize = 8;

/// A lease is renewed at least this many times before it would expire.
const RENEWALS_PER_LEASE: u32 = 3;

/// How often a run checks whether other runs have finished the huts that they hold.
const RECHECK_INTERVAL: Duration = Duration::from_millis(500);

/// What the run does with a hut after trying to claim it.
pub enum ClaimedHut {
    /// The hut is polled under this claim; none without coordination.
    Ask(SelectedHut, Option<ClaimToken>),
    Skip(SelectedHut, WhySkipped),
}

/// How a run gets its huts.
#[derive(Clone)]
pub enum Claims {
    /// All selected huts, without coordination with other runs.
    All,
    Leased(Arc<Leases>),
}

/// The huts that a run has claimed under its lease.
pub struct Leases {
    db: ResilientDb,
    /// Changes when a lease has expired. The huts that were claimed under the earlier one are then lost.
    token: Mutex<ClaimToken>,
    duration: TimeDelta,
    /// Locked during a claim. All sites of the run share one lease, and each claim writes all of its huts.
    claiming: tokio::sync::Mutex<()>,
    claimed: Mutex<BTreeSet<i32>>,
    /// When the lease was last written; none before the first claim.
    renewed: Mutex<Option<Instant>>,
}

impl Leases {
    /// Each claim extends the lease to `duration` from then on.
    #[must_use]
    pub fn new(db: ResilientDb, token: ClaimToken, duration: TimeDelta) -> Self {
        let (claiming, claimed, renewed) = Default::default();
        Self { db, token: Mutex::new(token), duration, claiming, claimed, renewed }
    }

    fn token(&self) -> ClaimToken {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims huts, and returns the token of the lease that covers those that were taken.
    async fn claim(&self, huts: &[SelectedHut]) -> Result<(ClaimToken, Vec<Claim>), DbError> {
        let wanted: Vec<_> = huts
            .iter()
            .map(|selected| ClaimRequest { hut_id: selected.hut.id, last_try: selected.last_try })
            .collect();
        let ids: Vec<i32> = wanted.iter().map(|wanted| wanted.hut_id).collect();
        let _claiming = self.claiming.lock().await;
        let claimed: Vec<i32> = self.claimed().iter().copied().collect();
        let (token, duration) = (self.token(), self.duration);
        let now = Instant::now();
        let claim =
            self.db.run(move |db, _| claim_huts(db, token, &wanted, &claimed, duration)).await;
        let (new_token, claims) = claim?;
        if new_token != token {
            // What was claimed before is lost.
            self.claimed().clear();
            *self.token.lock().unwrap_or_else(PoisonError::into_inner) = new_token;
        }
        *self.renewed.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        let taken = ids.into_iter().zip(&claims).filter(|(_, claim)| **claim == Claim::Taken);
        self.claimed().extend(taken.map(|(id, _)| id));
        Ok((new_token, claims))
    }

    /// Whether the lease has expired, because this process was frozen or the database was unavailable. Other
    /// runs may then have claimed its huts.
    fn has_expired(&self) -> bool {
        let renewed = *self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        renewed.is_some_and(|at| at.elapsed() >= self.duration())
    }

    fn duration(&self) -> Duration {
        self.duration.to_std().unwrap_or_default()
    }

    fn claimed(&self) -> MutexGuard<'_, BTreeSet<i32>> {
        self.claimed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Renews the lease periodically, since a slow site may take longer than the lease lasts. Never returns.
    async fn keep_renewing(&self) {
        loop {
            sleep(self.duration() / RENEWALS_PER_LEASE).await;
            if let Err(error) = self.claim(&[]).await {
                tracing::warn!("cannot renew the lease of the claimed huts: {error}");
            }
        }
    }
}

impl Claims {
    /// The huts in their order. They are claimed a few at a time, when the stream is polled. Huts that other
    /// runs hold come last, because such a run may have died.
    pub fn stream(
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
            let ask = |hut| ClaimedHut::Ask(hut, None);
            queue.ready = std::mem::take(&mut queue.to_claim).into_iter().map(ask).collect();
        }
        stream::try_unfold(queue, |mut queue| async {
            Ok(queue.next().await?.map(|hut| (hut, queue)))
        })
    }

    /// Renews the lease of the claimed huts until they are stored. Never returns.
    pub async fn keep_renewing(&self) {
        match self {
            Self::All => std::future::pending().await,
            Self::Leased(leases) => leases.keep_renewing().await,
        }
    }

    /// Gives up the claim of a hut that is finished.
    pub fn release(&self, hut_id: i32) {
        if let Self::Leased(leases) = self {
            leases.claimed().remove(&hut_id);
        }
    }
}

struct Queue {
    claims: Claims,
    to_claim: VecDeque<SelectedHut>,
    ready: VecDeque<ClaimedHut>,
    /// Huts that other runs have claimed.
    held: Vec<SelectedHut>,
    /// The time since which all remaining huts are claimed by other runs.
    held_since: Option<Instant>,
}

impl Queue {
    async fn next(&mut self) -> Result<Option<ClaimedHut>, DbError> {
        loop {
            if let Claims::Leased(leases) = &self.claims {
                let is_lost = |claim| leases.has_expired() || claim != Some(leases.token());
                for claimed in std::mem::take(&mut self.ready).into_iter().rev() {
                    match claimed {
                        ClaimedHut::Ask(hut, claim) if is_lost(claim) => {
                            leases.claimed().remove(&hut.hut.id);
                            self.to_claim.push_front(hut);
                        }
                        other => self.ready.push_front(other),
                    }
                }
            }
            if let Some(hut) = self.ready.pop_front() {
                return Ok(Some(hut));
            }
            let Claims::Leased(leases) = &self.claims else { return Ok(None) };
            let batch: Vec<SelectedHut> = if !self.to_claim.is_empty() {
                self.to_claim.drain(..BATCH.min(self.to_claim.len())).collect()
            } else if self.held.is_empty() {
                return Ok(None);
            } else {
                let since = *self.held_since.get_or_insert_with(Instant::now);
                // By then each hut is either finished, or its lease was renewed, so its run is alive.
                if since.elapsed() > leases.duration() + RECHECK_INTERVAL {
                    let skip = |hut| ClaimedHut::Skip(hut, WhySkipped::AnotherRunAsksIt);
                    self.ready.extend(self.held.drain(..).map(skip));
                    continue;
                }
                sleep(RECHECK_INTERVAL).await;
                std::mem::take(&mut self.held)
            };
            // Not the current token: a renewal may have changed it already.
            let (token, claims) = leases.claim(&batch).await?;
            for (hut, claim) in batch.into_iter().zip(claims) {
                match claim {
                    Claim::Taken => {
                        // The run is busy with this hut, and a lease of another run may be newer than the
                        // wait that ended with it.
                        self.held_since = None;
                        self.ready.push_back(ClaimedHut::Ask(hut, Some(token)));
                    }
                    Claim::Held => self.held.push(hut),
                    Claim::Tried => {
                        self.ready.push_back(ClaimedHut::Skip(hut, WhySkipped::AnotherRunAskedIt));
                    }
                }
            }
        }
    }
}
