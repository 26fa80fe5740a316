//! Stores the answers of a run, one by one, and says what became of each hut. A failure, or a panic,
//! in one hut harms no other.

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
use crate::domain::diff::ChangedDay;
use crate::domain::diff::DiffCounts;
use crate::domain::failure::ErrorKind;
use crate::domain::failure::Failure;
use crate::domain::run::{HutOutcome, HutResult, MAX_PREVIEW_LEN, WhySkipped};
use crate::domain::schedule::SelectedHut;
use crate::domain::timings::Stage;
use crate::runtime::timing::Meter;
use crate::sites::error::SourceError;

/// What a site answered for a hut, or why it did not, and when that was.
pub struct Fetched {
    pub selected: SelectedHut,
    pub at: DateTime<Utc>,
    pub check: Result<FetchedCheck, SourceError>,
    /// When its turn came.
    pub begin: Instant,
}

/// What a site's answer lists.
pub enum FetchedCheck {
    Listed(Box<Check>),
    /// What the hut's last successful check listed, as the site says.
    Unmodified,
}

/// Where answers go.
pub struct Store {
    db: ResilientDb,
    how: How,
}

/// With read-only access, answers are compared with what is stored and not written.
#[derive(Clone)]
struct How {
    access: Access,
    run: RunContext,
    meter: Meter,
}

impl Store {
    /// With read-only `access`, answers are compared with what is stored and not written.
    #[must_use]
    pub fn new(db: ResilientDb, access: Access, run: RunContext, meter: &Meter) -> Self {
        Self { db, how: How { access, run, meter: meter.clone() } }
    }

    /// Stores one answer, in one transaction, which is tried again where that may help: the answer cost
    /// a request.
    pub async fn store(&self, answered: Fetched) -> HutResult {
        let how = self.how.clone();
        let answered = Arc::new(answered);
        let selected = Arc::clone(&answered);
        // What an earlier try would have said, had its commit been answered.
        let mut earlier = None;
        let stored = self.db.run(move |db, number| {
            if number > 0
                && let Some(result) = &earlier
                && how.is_stored(db, &answered)?
            {
                return Ok(HutResult::clone(result));
            }
            how.store(db, &answered, &mut earlier)
        });
        let result = stored.await.unwrap_or_else(|error| {
            let failure = Failure::new(ErrorKind::Database, &error.to_string());
            HutResult::failed(&selected.selected, failure)
        });
        HutResult { took: Some(selected.begin.elapsed()), ..result }
    }
}

impl How {
    fn attempt(&self, answered: &Fetched) -> Attempt {
        Attempt { at: answered.at.into(), run_started: self.run.started_at.into() }
    }

    fn is_stored(&self, db: &mut Db, answered: &Fetched) -> QueryResult<bool> {
        is_stored(db, answered.selected.hut.id, self.attempt(answered))
    }

    /// `before` is what is going to be said once it is committed.
    fn store(
        &self,
        db: &mut Db,
        answered: &Fetched,
        before: &mut Option<HutResult>,
    ) -> QueryResult<HutResult> {
        let selected = &answered.selected;
        let check = match &answered.check {
            Ok(check) => check,
            Err(error) => {
                let failure = Failure::new(error.kind(), &error.to_string());
                let result = HutResult::failed(selected, failure.clone());
                *before = Some(result.clone());
                self.record_failure(db, answered, &failure)?;
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
                    *before = Some(updated(diff.into()));
                })?
            }
            (FetchedCheck::Listed(check), Access::ReadOnly) => {
                self.meter.time(Stage::Comparing, || preview(db, check))?
            }
            (FetchedCheck::Unmodified, Access::ReadWrite) => {
                let attempt = self.attempt(answered);
                let store = || store_unmodified(db, hut_id, attempt, known);
                self.meter.time(Stage::Writing, store)?
            }
            (FetchedCheck::Unmodified, Access::ReadOnly) => {
                let attempt = self.attempt(answered);
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

    fn record_failure(
        &self,
        db: &mut Db,
        answered: &Fetched,
        failure: &Failure,
    ) -> QueryResult<()> {
        if self.access == Access::ReadOnly {
            return Ok(());
        }
        let is_empty = failure.kind == ErrorKind::Empty;
        let hut_id = answered.selected.hut.id;
        let attempt = self.attempt(answered);
        let noted = self.meter.time(Stage::Writing, || {
            record_failure(db, hut_id, attempt, is_empty, &failure.to_string())
        });
        noted.map(drop)
    }
}

fn describe(ChangedDay { date, before, after }: &ChangedDay) -> String {
    let free = format!("{}/{} free → {}/{}", before.free, before.total, after.free, after.total);
    let mut words = format!("{date}: {free}");
    if before.reservation_status != after.reservation_status {
        words += &format!(", {} → {}", before.reservation_status, after.reservation_status);
    }
    if before.hut_type != after.hut_type {
        words += &format!(", {} → {}", before.hut_type, after.hut_type);
    }
    words
}
