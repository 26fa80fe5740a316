//! Stores the answers of a run, one by one, and returns the result of each hut. A failure or a panic in one
//! hut does not affect the others.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chrono::{DateTime, Utc};
use diesel::QueryResult;

use crate::db::check::Attempt;
use crate::db::connection::Db;
use crate::db::guard::{Guard, Refusal};
use crate::db::open::Access;
use crate::db::resilient::ResilientDb;
use crate::db::write::{
    Recorded, RunContext, Stored, is_stored, preview, preview_unmodified, store_check,
    store_failure, store_unmodified,
};
use crate::domain::availability::Check;
use crate::domain::diff::{ChangedDay, DiffCounts};
use crate::domain::failure::{ErrorKind, Failure};
use crate::domain::lease::ClaimToken;
use crate::domain::run::{HutOutcome, HutResult, MAX_PREVIEW_LEN, WhySkipped};
use crate::domain::schedule::SelectedHut;
use crate::domain::state::State;
use crate::domain::timings::Stage;
use crate::domain::unknown_values::UnknownValues;
use crate::runtime::clock::clocks_differ;
use crate::runtime::timing::Meter;
use crate::sites::error::SourceError;

/// The answer of a site for a hut, or the error, with the instant at which it arrived.
pub struct Fetched {
    pub selected: SelectedHut,
    pub at: DateTime<Utc>,
    pub check: Result<FetchedCheck, SourceError>,
    /// When the check of the hut began.
    pub begin: Instant,
    /// The claim under which the site was asked; none without coordination.
    pub claim: Option<ClaimToken>,
}

/// The result of storing an answer.
pub enum StoreOutcome {
    Done(Box<HutResult>),
    /// The claim has expired since the site was asked. What the answer says may be older than what another run has
    /// stored, so the hut is claimed and asked again.
    ClaimLost,
}

/// A successful answer of a site.
pub enum FetchedCheck {
    Listed(Box<Check>),
    /// The site says that nothing has changed since the hut's last successful check.
    Unmodified,
}

/// Stores answers in the database.
pub struct Store {
    db: ResilientDb,
    writer: Writer,
}

/// Everything that storing needs except the connection. With read-only access, answers are compared with the
/// stored state but not written.
#[derive(Clone)]
struct Writer {
    access: Access,
    run: RunContext,
    meter: Meter,
}

impl Store {
    /// With read-only `access`, answers are compared with the stored state but not written.
    #[must_use]
    pub fn new(db: ResilientDb, access: Access, run: RunContext, meter: &Meter) -> Self {
        Self { db, writer: Writer { access, run, meter: meter.clone() } }
    }

    /// Stores one answer in one transaction. A transient failure is retried, because the answer cost a
    /// request.
    pub async fn store(&self, fetched: Fetched) -> StoreOutcome {
        let writer = self.writer.clone();
        let fetched = Arc::new(fetched);
        let shared = Arc::clone(&fetched);
        // The result of an earlier attempt whose commit was sent, but whose confirmation was lost.
        let unconfirmed = Unconfirmed::default();
        let stored = self.db.run(move |db, attempt| {
            if attempt > 0
                && let Some(result) = unconfirmed.get()
                && writer.is_stored(db, &fetched)?
            {
                return Ok(StoreOutcome::Done(Box::new(result)));
            }
            writer.store(db, &fetched, &unconfirmed)
        });
        match stored.await {
            Ok(StoreOutcome::ClaimLost) => StoreOutcome::ClaimLost,
            Ok(StoreOutcome::Done(result)) => StoreOutcome::Done(Box::new(HutResult {
                took: Some(shared.begin.elapsed()),
                ..*result
            })),
            Err(error) => {
                let result = HutResult::failed(&shared.selected, error.into());
                StoreOutcome::Done(Box::new(HutResult {
                    took: Some(shared.begin.elapsed()),
                    ..result
                }))
            }
        }
    }
}

/// The result of a transaction that is being committed.
#[derive(Default)]
struct Unconfirmed(Mutex<Option<HutResult>>);

impl Unconfirmed {
    fn get(&self) -> Option<HutResult> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, result: HutResult) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }
}

impl Writer {
    fn attempt(&self, fetched: &Fetched) -> Attempt {
        Attempt { at: fetched.at.into(), run_started: self.run.started_at.into() }
    }

    fn is_stored(&self, db: &mut Db, fetched: &Fetched) -> QueryResult<bool> {
        is_stored(db, fetched.selected.hut.id, self.attempt(fetched))
    }

    /// Sets `unconfirmed` to the result before the transaction commits.
    fn store(
        &self,
        db: &mut Db,
        fetched: &Fetched,
        unconfirmed: &Unconfirmed,
    ) -> QueryResult<StoreOutcome> {
        let selected = &fetched.selected;
        let guard = self.guard(fetched);
        let check = match &fetched.check {
            Ok(check) => check,
            Err(error) => {
                let failure = Failure::new(error.kind(), &error.to_string());
                let result = HutResult::failed(selected, failure.clone());
                unconfirmed.set(result.clone());
                return Ok(match self.record_failure(db, fetched, &failure, &guard)? {
                    Recorded::Refused(refusal) => refused(selected, fetched.at, refusal),
                    Recorded::Yes | Recorded::Outdated => StoreOutcome::Done(Box::new(result)),
                });
            }
        };
        let (adjustments, unknown_values) = match check {
            FetchedCheck::Listed(check) => (check.adjustments.count, &check.unknown_values),
            FetchedCheck::Unmodified => (0, &UnknownValues::default()),
        };
        let updated = |diff: DiffCounts| HutResult {
            outcome: HutOutcome::Updated,
            diff,
            adjustments,
            unknown_values: unknown_values.clone(),
            ..HutResult::skipped(selected)
        };
        let (hut_id, known, observed) = (selected.hut.id, &selected.cached, &selected.observed);
        let stored = match (check, self.access) {
            (FetchedCheck::Listed(check), Access::ReadWrite) => {
                store_check(db, check, self.run, observed, &guard, &self.meter, |diff| {
                    unconfirmed.set(updated(diff.into()));
                })?
            }
            (FetchedCheck::Listed(check), Access::ReadOnly) => {
                self.meter.time(Stage::Comparing, || preview(db, check))?
            }
            (FetchedCheck::Unmodified, Access::ReadWrite) => {
                let attempt = self.attempt(fetched);
                let store = || store_unmodified(db, hut_id, attempt, known, observed, &guard);
                self.meter.time(Stage::Writing, store)?
            }
            (FetchedCheck::Unmodified, Access::ReadOnly) => {
                let attempt = self.attempt(fetched);
                self.meter.time(Stage::Comparing, || preview_unmodified(db, hut_id, attempt))?
            }
        };
        let diff = match stored {
            Stored::Updated(diff) => diff,
            Stored::Outdated => return Ok(skipped(selected, WhySkipped::NewerIsStored)),
            Stored::Refused(refusal) => return Ok(refused(selected, fetched.at, refusal)),
        };
        let preview = match self.access {
            Access::ReadWrite => Vec::new(),
            Access::ReadOnly => diff.changed.iter().take(MAX_PREVIEW_LEN).map(describe).collect(),
        };
        Ok(StoreOutcome::Done(Box::new(HutResult { preview, ..updated((&diff).into()) })))
    }

    /// What must hold when the answer is stored.
    fn guard(&self, fetched: &Fetched) -> Guard {
        let hut = &fetched.selected.hut;
        Guard {
            claim: fetched.claim,
            source: Some((hut.organization.clone(), hut.source_hut_id.clone())),
            at: self.run.is_bounded.then_some(fetched.at.into()),
        }
    }

    fn record_failure(
        &self,
        db: &mut Db,
        fetched: &Fetched,
        failure: &Failure,
        guard: &Guard,
    ) -> QueryResult<Recorded> {
        if self.access == Access::ReadOnly {
            return Ok(Recorded::Yes);
        }
        let is_empty = failure.kind == ErrorKind::Empty;
        let hut_id = fetched.selected.hut.id;
        let attempt = self.attempt(fetched);
        self.meter.time(Stage::Writing, || {
            store_failure(db, hut_id, attempt, is_empty, &failure.to_string(), guard)
        })
    }
}

fn skipped(selected: &SelectedHut, why: WhySkipped) -> StoreOutcome {
    StoreOutcome::Done(Box::new(HutResult {
        why_skipped: Some(why),
        ..HutResult::skipped(selected)
    }))
}

/// The result of an answer that arrived at `at` and that the database refused.
fn refused(selected: &SelectedHut, at: DateTime<Utc>, refusal: Refusal) -> StoreOutcome {
    match refusal {
        Refusal::ClaimLost => StoreOutcome::ClaimLost,
        Refusal::SourceChanged => skipped(selected, WhySkipped::SourceChanged),
        Refusal::ClockAhead(now) => {
            let why = Failure::new(ErrorKind::Clock, &clocks_differ(at, now));
            StoreOutcome::Done(Box::new(HutResult::failed(selected, why)))
        }
    }
}

/// `2026-07-04: 12/40 free → 8/40`
fn describe(ChangedDay { date, before, after }: &ChangedDay) -> String {
    let places = |state: &State| {
        let number = |places: Option<i16>| places.map_or_else(|| "?".into(), |n| n.to_string());
        format!("{}/{}", number(state.free), number(state.total))
    };
    let free = format!("{} free → {}", places(before), places(after));
    let mut line = format!("{date}: {free}");
    if before.reservation_status != after.reservation_status {
        line += &format!(", {} → {}", before.reservation_status, after.reservation_status);
    }
    if before.hut_type != after.hut_type {
        line += &format!(", {} → {}", before.hut_type, after.hut_type);
    }
    line
}
