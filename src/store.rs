//! Stores the answers of a run, one by one, and says what became of each hut. A failure, or a panic,
//! in one hut harms no other.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use diesel::QueryResult;

use crate::availability::Check;
use crate::change::ChangedDay;
use crate::db::check::Attempt;
use crate::db::connection::Db;
use crate::db::lasting::LastingDb;
use crate::db::open::Access;
use crate::db::write::{Stored, is_stored, preview, record_failure, store_check};
use crate::due::SelectedHut;
use crate::event::{DiffCounts, Failure, HutResult, LONGEST_PREVIEW, Outcome, WhySkipped};
use crate::meter::{Meter, Stage};
use crate::source::{ErrorKind, SourceError};

/// What a site answered for a hut, or why it did not, and when that was.
pub struct Answered {
    pub selected: SelectedHut,
    pub at: DateTime<Utc>,
    pub check: Result<Check, SourceError>,
    /// When its turn came.
    pub begin: Instant,
}

/// Where answers go.
pub struct Store {
    db: LastingDb,
    how: How,
}

/// With read-only access, answers are compared with what is stored and not written.
#[derive(Clone)]
struct How {
    access: Access,
    run_started: DateTime<Utc>,
    meter: Meter,
}

impl Store {
    /// With read-only `access`, answers are compared with what is stored and not written.
    #[must_use]
    pub fn new(db: LastingDb, access: Access, run_started: DateTime<Utc>, meter: &Meter) -> Self {
        Self { db, how: How { access, run_started, meter: meter.clone() } }
    }

    /// Stores one answer, in one transaction, which is tried again where that may help: the answer cost
    /// a request.
    pub async fn store(&self, answered: Answered) -> HutResult {
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
    fn attempt(&self, answered: &Answered) -> Attempt {
        Attempt { at: answered.at.into(), run_started: self.run_started.into() }
    }

    fn is_stored(&self, db: &mut Db, answered: &Answered) -> QueryResult<bool> {
        is_stored(db, answered.selected.hut.id, self.attempt(answered))
    }

    /// `before` is what is going to be said once it is committed.
    fn store(
        &self,
        db: &mut Db,
        answered: &Answered,
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
        let updated = |diff: DiffCounts| HutResult {
            outcome: Outcome::Updated,
            diff,
            adjustments: check.adjustments.count,
            ..HutResult::skipped(selected)
        };
        let stored = match self.access {
            Access::ReadWrite => store_check(db, check, self.run_started, &self.meter, |diff| {
                *before = Some(updated(diff.into()));
            })?,
            Access::ReadOnly => self.meter.time(Stage::Comparing, || preview(db, check))?,
        };
        let Stored::Updated(diff) = stored else {
            let why_skipped = Some(WhySkipped::NewerIsStored);
            return Ok(HutResult { why_skipped, ..HutResult::skipped(selected) });
        };
        let preview = match self.access {
            Access::ReadWrite => Vec::new(),
            Access::ReadOnly => diff.changed.iter().take(LONGEST_PREVIEW).map(in_words).collect(),
        };
        Ok(HutResult { preview, ..updated((&diff).into()) })
    }

    fn record_failure(
        &self,
        db: &mut Db,
        answered: &Answered,
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

fn in_words(ChangedDay { date, before, after }: &ChangedDay) -> String {
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
