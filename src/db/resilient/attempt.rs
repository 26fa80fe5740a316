//! One try of an operation, on a blocking thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use tokio::time::sleep;

use super::error_class::ErrorClass;
use super::shared::{Purpose, Shared};
use crate::db::connection::{Abandoned, Db, OnStatement, on_statement, transaction};
use crate::db::open::{Access, reopen};
use crate::db::postgres::{explain, is_pooler_found_by};
use crate::db::silence::{NOTICE_AFTER, notice};
use crate::db::sqlite::lock::{BUSY_TIMEOUT_OF_A_TRY, set_busy_timeout};
use crate::domain::database_url::DatabaseUrl;
use crate::runtime::panic::panic_message;
use crate::runtime::timing::Meter;

/// Settings of a run. A wait for a lock ends with an error and is retried. A program that is frozen in a transaction
/// loses its locks, so that it does not block others.
const SESSION: &str = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'";
/// The same for one transaction, behind a pooler.
const BEGIN_LOCALLY: &str = "BEGIN; SET LOCAL lock_timeout = '10s'; \
    SET LOCAL idle_in_transaction_session_timeout = '60s'";

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
    /// Once this is set, the connection sends nothing more.
    is_abandoned: Arc<AtomicBool>,
}

impl Slot {
    pub(super) fn of(db: Db) -> Self {
        Self { db: Some(db), ..Self::default() }
    }

    /// A slot that counts the statements of its connection, and can give it up.
    pub(super) fn following(mut db: Db, meter: &Meter) -> Self {
        let slot = Self::default();
        follow(&mut db, meter, &slot.is_abandoned);
        Self { db: Some(db), ..slot }
    }

    /// One try that may take this long. After a failure the connection is dropped, because it may be broken or in a
    /// transaction.
    pub(super) async fn attempt<T: Send + 'static>(
        &mut self,
        shared: &Arc<Shared>,
        purpose: Purpose,
        work: Arc<impl Fn(&mut Db, u32) -> QueryResult<T> + Send + Sync + 'static>,
        number: u32,
        time: Duration,
    ) -> Result<T, Failed> {
        let slot = std::mem::take(self);
        let is_abandoned = Arc::clone(&slot.is_abandoned);
        let of = Arc::clone(shared);
        let task =
            tokio::task::spawn_blocking(move || slot.work(&of, purpose, |db| work(db, number)));
        let Some(url @ DatabaseUrl::Postgres(_)) = &shared.url else {
            return self.keep(task.await);
        };
        tokio::pin!(task);
        let silent = async {
            let before_notice = time.min(NOTICE_AFTER);
            sleep(before_notice).await;
            if time > before_notice {
                tracing::warn!("{}", notice(url, shared.limits.outage));
                sleep(time - before_notice).await;
            }
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
        work: impl FnOnce(&mut Db) -> QueryResult<T>,
    ) -> (Self, Result<T, Failed>) {
        let url = shared.url.as_ref();
        let done = catch_unwind(AssertUnwindSafe(|| {
            let db = self.opened(shared, purpose)?;
            let done = match (shared.is_pooled(), shared.access) {
                (false, _) => work(db),
                (true, Access::ReadOnly) => transaction(db, ["BEGIN READ ONLY", "BEGIN"], work),
                (true, Access::ReadWrite) => transaction(db, [BEGIN_LOCALLY, "BEGIN"], |db| {
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
                    _ => Failed::Error(ErrorClass::of(&error), explain(&message)),
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

    fn opened(&mut self, shared: &Shared, purpose: Purpose) -> Result<&mut Db, Failed> {
        let db = match (&mut self.db, &shared.url) {
            (Some(db), _) => db,
            (None, None) => {
                return Err(Failed::error(ErrorClass::Permanent, "the database in memory is lost"));
            }
            // After a failure another database may answer, so its schema is checked again.
            (none, Some(url)) => {
                let opened = reopen(url, shared.access, &shared.file);
                let mut db = opened.map_err(|error| {
                    Failed::Error(ErrorClass::of_reopening(&error), format!("{error:#}"))
                })?;
                follow(&mut db, &shared.meter, &self.is_abandoned);
                none.insert(db)
            }
        };
        if !std::mem::replace(&mut self.has_begun, true) {
            let set = match db {
                Db::Postgres(_) if shared.is_pooled() => Ok(()),
                Db::Postgres(connection) => connection.batch_execute(SESSION).and_then(|()| {
                    // A connection that stores as well waits for the disk.
                    let is_own = purpose == Purpose::Coordinating && !shared.has_pooler();
                    if is_own { connection.batch_execute(COORDINATING) } else { Ok(()) }
                }),
                // The tries wait here, and not in SQLite, where no signal ends the wait.
                Db::Sqlite(connection) => set_busy_timeout(connection, BUSY_TIMEOUT_OF_A_TRY),
            };
            set.map_err(|error| Failed::Error(ErrorClass::of(&error), error.to_string()))?;
        }
        Ok(db)
    }
}

/// Counts the statements of a connection, and sends none once it is abandoned.
fn follow(db: &mut Db, meter: &Meter, is_abandoned: &Arc<AtomicBool>) {
    let is_abandoned = Some(Arc::clone(is_abandoned));
    on_statement(db, OnStatement { meter: Some(meter.clone()), watch: None, is_abandoned });
}
