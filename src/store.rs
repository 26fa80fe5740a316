//! Stores the answers of a run, one by one, and says what became of each hut. A failure, or a panic,
//! in one hut harms no other.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, Utc};
use diesel::QueryResult;

use crate::availability::Check;
use crate::change::ChangedDay;
use crate::db::check::Attempt;
use crate::db::connection::Db;
use crate::db::open::{Access, open};
use crate::db::url::DatabaseUrl;
use crate::db::write::{Stored, preview, record_failure, update_availability};
use crate::due::SelectedHut;
use crate::event::{DiffCounts, Failure, HutResult, LONGEST_PREVIEW, Outcome};
use crate::source::{ErrorKind, SourceError};

/// What a site answered for a hut, or why it did not, and when that was.
pub struct Answered {
    pub selected: SelectedHut,
    pub at: DateTime<Utc>,
    pub check: Result<Check, SourceError>,
}

/// Where answers go.
pub struct Store {
    db: Db,
    /// Where to connect anew after a failure; none for a database in memory.
    url: Option<DatabaseUrl>,
    access: Access,
    run_started: DateTime<Utc>,
}

impl Store {
    /// With read-only `access`, answers are compared with what is stored and not written.
    #[must_use]
    pub fn new(
        db: Db,
        url: Option<DatabaseUrl>,
        access: Access,
        run_started: DateTime<Utc>,
    ) -> Self {
        Self { db, url, access, run_started }
    }

    /// Stores one answer, in one transaction.
    pub fn store(&mut self, answered: &Answered) -> HutResult {
        let mut stored = self.catch_store(answered);
        if let Err(first) = &stored {
            // The connection may be of no more use, or still in the transaction of a panic. On a new
            // one the answer, which cost a request, may be stored after all; it is never twice.
            match (self.reconnect(), first) {
                (Err(error), _) => stored = Err(NotStored::Error(format!("{error:#}"))),
                (Ok(()), NotStored::Error(_)) => stored = self.catch_store(answered),
                (Ok(()), NotStored::Panic(_)) => {}
            }
        }
        let message = match stored {
            Ok(result) => return result,
            Err(NotStored::Error(message)) => message,
            Err(NotStored::Panic(message)) => {
                format!("the program failed, which is a bug: {message}")
            }
        };
        HutResult::failed(&answered.selected, Failure::new(ErrorKind::Database, &message))
    }

    fn catch_store(&mut self, answered: &Answered) -> Result<HutResult, NotStored> {
        match catch_unwind(AssertUnwindSafe(|| self.try_store(answered))) {
            Ok(stored) => stored.map_err(|error| NotStored::Error(error.to_string())),
            Err(panic) => Err(NotStored::Panic(panic_message(&*panic))),
        }
    }

    fn try_store(&mut self, answered: &Answered) -> QueryResult<HutResult> {
        let selected = &answered.selected;
        let check = match &answered.check {
            Ok(check) => check,
            Err(error) => {
                let failure = Failure::new(error.kind(), &error.to_string());
                self.record_failure(selected, answered.at, &failure)?;
                return Ok(HutResult::failed(selected, failure));
            }
        };
        let stored = match self.access {
            Access::ReadWrite => update_availability(&mut self.db, check, self.run_started)?,
            Access::ReadOnly => preview(&mut self.db, check)?,
        };
        let skipped = HutResult::skipped(selected);
        let Stored::Updated(diff) = stored else {
            tracing::warn!(
                "{}: skipped, a check that is as new or newer is stored already",
                selected.hut.slug
            );
            return Ok(skipped);
        };
        let preview = match self.access {
            Access::ReadWrite => Vec::new(),
            Access::ReadOnly => diff.changed.iter().take(LONGEST_PREVIEW).map(in_words).collect(),
        };
        Ok(HutResult {
            outcome: Outcome::Updated,
            diff: DiffCounts::from(&diff),
            adjustments: check.adjustments.count,
            preview,
            ..skipped
        })
    }

    fn record_failure(
        &mut self,
        selected: &SelectedHut,
        at: DateTime<Utc>,
        failure: &Failure,
    ) -> QueryResult<()> {
        if self.access == Access::ReadOnly {
            return Ok(());
        }
        let attempt = Attempt { at: at.into(), run_started: self.run_started.into() };
        let is_empty = failure.kind == ErrorKind::Empty;
        let hut_id = selected.hut.id;
        record_failure(&mut self.db, hut_id, attempt, is_empty, &failure.to_string()).map(drop)
    }

    /// A database in memory has no other connection.
    fn reconnect(&mut self) -> anyhow::Result<()> {
        if let Some(url) = &self.url {
            self.db = open(url, self.access)?;
        }
        Ok(())
    }
}

/// Why an answer could not be stored.
enum NotStored {
    Error(String),
    Panic(String),
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

/// What a panic said.
pub fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".into())
}
