//! One try of an operation, on a blocking thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use tokio::time::sleep;

use super::error_class::ErrorClass;
use super::{Purpose, ResilientDb, Shared};
use crate::db::connection::{
    Abandoned, Db, OnStatement, on_statement, transaction, write_transaction,
};
use crate::db::open::{Access, reopen};
use crate::db::postgres::is_pooler_found_by;
use crate::db::silence::{NOTICE_AFTER, notice};
use crate::db::sqlite::lock::{BUSY_TIMEOUT_OF_A_TRY, set_busy_timeout};
use crate::domain::database_url::DatabaseUrl;
use crate::runtime::panic::panic_message;

/// A setting for coordination between runs: commits do not wait for the disk. After a server crash
/// the data may be half a second old, and it is soon renewed.
const COORDINATING: &str = "SET synchronous_commit = off";

/// The same for one transaction, behind a pooler.
const COORDINATING_LOCALLY: &str = "SET LOCAL synchronous_commit = off";

/// Why a try failed.
pub(super) enum Failed {
    Error(ErrorClass, String),
    Panic(String),
}

impl Failed {
    fn error(class: ErrorClass, message: &str) -> Self {
        Self::Error(class, message.to_owned())
    }
}

/// The place of a connection. None while it is disconnected.
#[derive(Default)]
pub(super) struct Slot {
    db: Option<Db>,
    /// Whether the settings of the connection are made.
    has_begun: bool,
}

impl Slot {
    pub(super) fn of(db: Db) -> Self {
        Self { db: Some(db), has_begun: false }
    }

    /// One try that may take this long. After a failure the connection is dropped, because it may be broken or in a
    /// transaction.
    pub(super) async fn attempt<T: Send + 'static>(
        &mut self,
        of: &ResilientDb,
        work: Arc<impl Fn(&mut Db, u32) -> QueryResult<T> + Send + Sync + 'static>,
        number: u32,
        time: Duration,
    ) -> Result<T, Failed> {
        let slot = std::mem::take(self);
        let (shared, purpose) = (Arc::clone(&of.shared), of.purpose);
        let is_abandoned = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_abandoned);
        let task = tokio::task::spawn_blocking(move || {
            slot.work(&shared, purpose, &flag, |db| work(db, number))
        });
        let Some(url @ DatabaseUrl::Postgres(_)) = &of.shared.url else {
            return self.keep(task.await);
        };
        tokio::pin!(task);
        let silent = async {
            if time > NOTICE_AFTER {
                sleep(NOTICE_AFTER).await;
                tracing::warn!("{}", notice(url, of.shared.limits.outage));
            }
            sleep(time.saturating_sub(NOTICE_AFTER)).await;
        };
        tokio::select! {
            biased;
            done = &mut task => self.keep(done),
            () = silent => {
                // The thread waits for an answer that may come at any time. It sends nothing more then.
                is_abandoned.store(true, Ordering::SeqCst);
                let message = format!("{url} has not answered for {:.0} s", time.as_secs_f64());
                Err(Failed::error(ErrorClass::Unavailable, &message))
            }
        }
    }

    fn keep<T>(
        &mut self,
        done: Result<(Self, Result<T, Failed>), tokio::task::JoinError>,
    ) -> Result<T, Failed> {
        let (slot, done) = done.map_err(|error| Failed::Panic(error.to_string()))?;
        *self = slot;
        done
    }

    /// Opens the connection if necessary, and does the work.
    fn work<T>(
        mut self,
        shared: &Shared,
        purpose: Purpose,
        is_abandoned: &Arc<AtomicBool>,
        work: impl FnOnce(&mut Db) -> QueryResult<T>,
    ) -> (Self, Result<T, Failed>) {
        let url = shared.url.as_ref();
        let done = catch_unwind(AssertUnwindSafe(|| {
            let db = self.opened(shared, purpose, is_abandoned)?;
            let done = match (shared.is_pooled(), shared.access) {
                (false, _) => work(db),
                (true, Access::ReadOnly) => transaction(db, ["BEGIN READ ONLY", "BEGIN"], work),
                (true, Access::ReadWrite) => write_transaction(db, |db| {
                    if purpose == Purpose::Coordinating {
                        db.batch_execute(COORDINATING_LOCALLY)?;
                    }
                    work(db)
                }),
            };
            done.map_err(|error| {
                let message = error.to_string();
                match url {
                    // The next try takes the pooler into account.
                    Some(url) if is_pooler_found_by(&message, url) => {
                        Failed::Error(ErrorClass::Transient, message)
                    }
                    _ => Failed::Error(ErrorClass::of(&error), message),
                }
            })
        }));
        let done = done.unwrap_or_else(|panic| {
            if panic.is::<Abandoned>() {
                return Err(Failed::error(ErrorClass::Unavailable, "the connection is given up"));
            }
            Err(Failed::Panic(panic_message(&*panic)))
        });
        if done.is_err() && url.is_some() {
            self = Self::default();
        }
        (self, done)
    }

    fn opened(
        &mut self,
        shared: &Shared,
        purpose: Purpose,
        is_abandoned: &Arc<AtomicBool>,
    ) -> Result<&mut Db, Failed> {
        let db = match (&mut self.db, &shared.url) {
            (Some(db), _) => db,
            (None, None) => {
                return Err(Failed::error(ErrorClass::Permanent, "the database in memory is lost"));
            }
            // After a failure another database may answer, so its schema is checked again.
            (none, Some(url)) => {
                none.insert(reopen(url, shared.access, &shared.file).map_err(|error| {
                    Failed::Error(ErrorClass::of_reopening(&error), format!("{error:#}"))
                })?)
            }
        };
        on_statement(
            db,
            OnStatement {
                meter: Some(shared.meter.clone()),
                watch: None,
                is_abandoned: Some(Arc::clone(is_abandoned)),
            },
        );
        if !std::mem::replace(&mut self.has_begun, true) {
            let set = match db {
                Db::Postgres(connection)
                    if purpose == Purpose::Coordinating && !shared.is_pooled() =>
                {
                    connection.batch_execute(COORDINATING)
                }
                Db::Postgres(_) => Ok(()),
                // The tries wait here, and not in SQLite, where no signal ends the wait.
                Db::Sqlite(connection) => set_busy_timeout(connection, BUSY_TIMEOUT_OF_A_TRY),
            };
            set.map_err(|error| Failed::Error(ErrorClass::of(&error), error.to_string()))?;
        }
        Ok(db)
    }
}
