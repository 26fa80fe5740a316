//! Stores the answers of a run, one by one, and returns the result of each hut. A failure or a panic in one
//! hut does not affect the others.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use diesel::QueryResult;

use crate::db::check::Attempt;
use crate::db::connection::Db;
use crate::db::open::Access;
use crate::db::resilient::ResilientDb;
use crate::db::write::{
    RunContext, Stored, is_stored, preview, preview_unmodified, record_failure, store_check,
    store_unmodified,
};
use crate::domain::availability::Check;
use crate::domain::diff::{ChangedDay, DiffCounts};
use crate::domain::failure::{ErrorKind, Failure};
use crate::domain::run::{HutOutcome, HutResult, MAX_PREVIEW_LEN, WhySkipped};
use crate::domain::schedule::SelectedHut;
use crate::domain::timings::Stage;
use crate::runtime::timing::Meter;
use crate::sites::error::SourceError;

/// The answer of a site for a hut, or the error, with the instant at which it arrived.
pub struct Fetched {
    pub selected: SelectedHut,
    pub at: DateTime<Utc>,
    pub check: Result<FetchedCheck, SourceError>,
    /// When the check of the hut began.
    pub begin: Instant,
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
    pub async fn store(&self, fetched: Fetched) -> HutResult {
        let writer = self.writer.clone();
        let fetched = Arc::new(fetched);
        let shared = Arc::clone(&fetched);
        // The result of an earlier attempt whose commit was sent, but whose confirmation was lost.
        let mut unconfirmed = None;
        let stored = self.db.run(move |db, attempt| {
            if attempt > 0
                && let Some(result) = &unconfirmed
                && writer.is_stored(db, &fetched)?
            {
                return Ok(HutResult::clone(result));
            }
            writer.store(db, &fetched, &mut unconfirmed)
        });
        let result =
            stored.await.unwrap_or_else(|error| HutResult::failed(&shared.selected, error.into()));
        HutResult { took: Some(shared.begin.elapsed()), ..result }
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
        unconfirmed: &mut Option<HutResult>,
    ) -> QueryResult<HutResult> {
        let selected = &fetched.selected;
        let check = match &fetched.check {
            Ok(check) => check,
            Err(error) => {
                let failure = Failure::new(error.kind(), &error.to_string());
                let result = HutResult::failed(selected, failure.clone());
                *unconfirmed = Some(result.clone());
                self.record_failure(db, fetched, &failure)?;
                return Ok(result);
            }
        };
        let adjustments = match check {
            FetchedCheck::Listed(check) => check.adjustments.count,
            FetchedCheck::Unmodified => 0,
        };
        let updated = |diff: DiffCounts| HutResult {
            outcome: HutOutcome::Updated,
            diff,
            adjustments,
            ..HutResult::skipped(selected)
        };
        let (hut_id, known) = (selected.hut.id, &selected.cached);
        let stored = match (check, self.access) {
            (FetchedCheck::Listed(check), Access::ReadWrite) => {
                store_check(db, check, self.run, &self.meter, |diff| {
                    *unconfirmed = Some(updated(diff.into()));
                })?
            }
            (FetchedCheck::Listed(check), Access::ReadOnly) => {
                self.meter.time(Stage::Comparing, || preview(db, check))?
            }
            (FetchedCheck::Unmodified, Access::ReadWrite) => {
                let attempt = self.attempt(fetched);
                let store = || store_unmodified(db, hut_id, attempt, known);
                self.meter.time(Stage::Writing, store)?
            }
            (FetchedCheck::Unmodified, Access::ReadOnly) => {
                let attempt = self.attempt(fetched);
                self.meter.time(Stage::Comparing, || preview_unmodified(db, hut_id, attempt))?
            }
        };
        let Stored::Updated(diff) = stored else {
            let why_skipped = Some(WhySkipped::NewerIsStored);
            return Ok(HutResult { why_skipped, ..HutResult::skipped(selected) });
        };
        let preview = match self.access {
            Access::ReadWrite => Vec::new(),
            Access::ReadOnly => diff.changed.iter().take(MAX_PREVIEW_LEN).map(describe).collect(),
        };
        Ok(HutResult { preview, ..updated((&diff).into()) })
    }

    fn record_failure(&self, db: &mut Db, fetched: &Fetched, failure: &Failure) -> QueryResult<()> {
        if self.access == Access::ReadOnly {
            return Ok(());
        }
        let is_empty = failure.kind == ErrorKind::Empty;
        let hut_id = fetched.selected.hut.id;
        let attempt = self.attempt(fetched);
        let recorded = self.meter.time(Stage::Writing, || {
            record_failure(db, hut_id, attempt, is_empty, &failure.to_string())
        });
        recorded.map(drop)
    }
}

/// `2026-07-04: 12/40 free → 8/40`
fn describe(ChangedDay { date, before, after }: &ChangedDay) -> String {
    let free = format!("{}/{} free → {}/{}", before.free, before.total, after.free, after.total);
    let mut line = format!("{date}: {free}");
    if before.reservation_status != after.reservation_status {
        line += &format!(", {} → {}", before.reservation_status, after.reservation_status);
    }
    if before.hut_type != after.hut_type {
        line += &format!(", {} → {}", before.hut_type, after.hut_type);
    }
    line
}
