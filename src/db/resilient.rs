//! A connection that survives temporary failures: a restart of the server, a failover, a lock, a full disk.

mod error_class;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use tokio::sync::watch;

use super::connection::{Db, count_statements};
use super::open::{Access, open};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::failure::{ErrorKind, Failure};
use crate::domain::signal::Signal;
use crate::domain::timings::Stage;
use crate::runtime::panic::panic_message;
use crate::runtime::timing::Meter;
use error_class::{ErrorClass, MAX_TRIES, waits};

/// How long to wait for an unavailable database. A server restarts, or fails over, in seconds. The time counts
/// from the start of the outage, so a later call waits only for the rest of it.
pub const OUTAGE_TIMEOUT: Duration = Duration::from_secs(60);

/// How quickly a signal ends a wait.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Settings of the sessions of a run. A wait for a lock ends with an error and is retried. A program that is
/// frozen in a transaction loses its locks, so that it does not block others.
const POSTGRES_SESSION: &str = "SET lock_timeout = '10s'; \
    SET idle_in_transaction_session_timeout = '60s'";

/// An additional setting for coordination between runs: commits do not wait for the disk. After a server crash
/// the data may be half a second old, and it is soon renewed.
const POSTGRES_COORDINATING: &str = "SET synchronous_commit = off";

/// Why a database operation failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DbError {
    #[error("{0}")]
    Failed(String),
    #[error("the program failed, which is a bug: {0}")]
    Panic(String),
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        let kind = match error {
            DbError::Failed(_) => ErrorKind::Database,
            DbError::Panic(_) => ErrorKind::Internal,
        };
        Self::new(kind, &error.to_string())
    }
}

/// A connection, and everything needed to replace it.
struct Resilient {
    /// None while disconnected.
    db: Option<Db>,
    /// None for a database in memory, which cannot be reopened.
    url: Option<DatabaseUrl>,
    access: Access,
    purpose: Purpose,
    outage_timeout: Duration,
    /// When the current outage began.
    down_since: Option<Instant>,
    stop: watch::Receiver<Option<Signal>>,
    meter: Meter,
}

/// The purpose of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Storing results, which must not be lost.
    Storing,
    /// Coordinating with other runs.
    Coordinating,
}

/// A connection for asynchronous tasks. They use it one after another, on blocking threads.
#[derive(Clone)]
pub struct ResilientDb(Arc<Mutex<Resilient>>);

impl ResilientDb {
    /// After a signal on `stop`, no call waits any longer. `meter` counts the statements of later
    /// connections.
    #[must_use]
    pub fn new(
        mut db: Db,
        url: Option<DatabaseUrl>,
        access: Access,
        stop: watch::Receiver<Option<Signal>>,
        meter: &Meter,
    ) -> Self {
        // If the connection is broken already, its first use will find that.
        let _ = begin_session(&mut db, Purpose::Storing);
        Self::of(Some(db), url, access, Purpose::Storing, stop, meter)
    }

    /// A connection for coordination between runs. It is opened at its first use.
    #[must_use]
    pub fn for_coordination(
        url: DatabaseUrl,
        stop: watch::Receiver<Option<Signal>>,
        meter: &Meter,
    ) -> Self {
        Self::of(None, Some(url), Access::ReadWrite, Purpose::Coordinating, stop, meter)
    }

    fn of(
        db: Option<Db>,
        url: Option<DatabaseUrl>,
        access: Access,
        purpose: Purpose,
        stop: watch::Receiver<Option<Signal>>,
        meter: &Meter,
    ) -> Self {
        let (outage_timeout, down_since, meter) = (OUTAGE_TIMEOUT, None, meter.clone());
        let resilient =
            Resilient { db, url, access, purpose, outage_timeout, down_since, stop, meter };
        Self(Arc::new(Mutex::new(resilient)))
    }

    /// Sets another time limit than [`OUTAGE_TIMEOUT`].
    #[must_use]
    pub fn with_outage_timeout(self, outage_timeout: Duration) -> Self {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).outage_timeout = outage_timeout;
        self
    }

    /// Runs `work`, which is one transaction or one statement, and repeats it until it succeeds or cannot
    /// succeed any more. `work` gets the number of the try, from 0. A later try may find that an earlier one
    /// was committed and only its answer was lost.
    ///
    /// # Errors
    /// The last error of the database or the connection, or the panic of `work`.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Db, u32) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, DbError> {
        let this = Arc::clone(&self.0);
        let work = move || this.lock().unwrap_or_else(PoisonError::into_inner).run(work);
        let done = tokio::task::spawn_blocking(work).await;
        done.unwrap_or_else(|error| Err(DbError::Panic(error.to_string())))
    }
}

impl Resilient {
    fn run<T>(&mut self, work: impl FnMut(&mut Db, u32) -> QueryResult<T>) -> Result<T, DbError> {
        let begin = Instant::now();
        let done = self.run_until_done(work);
        // Callers that store measure comparing and writing themselves.
        if self.purpose == Purpose::Coordinating {
            self.meter.since(begin, Stage::Agreeing);
        }
        done
    }

    fn run_until_done<T>(
        &mut self,
        mut work: impl FnMut(&mut Db, u32) -> QueryResult<T>,
    ) -> Result<T, DbError> {
        let mut refused = 0;
        for (number, wait) in (0..).zip(waits()) {
            let (failure, message) = match self.attempt(&mut work, number) {
                Ok(done) => {
                    if self.down_since.take().is_some() && number > 0 {
                        tracing::info!("the database is back");
                    }
                    return Ok(done);
                }
                Err(Failed::Panic(message)) => return Err(DbError::Panic(message)),
                Err(Failed::Error(failure, message)) => (failure, message),
            };
            refused += u32::from(failure == ErrorClass::Transient);
            let is_final = match failure {
                ErrorClass::Permanent => true,
                ErrorClass::Transient => refused >= MAX_TRIES,
                ErrorClass::Unavailable => self.is_gone_for_too_long(wait),
            };
            if is_final || self.url.is_none() || self.is_stopped_in(wait, failure, &message) {
                return Err(DbError::Failed(message));
            }
        }
        unreachable!("the number of tries has no limit")
    }

    /// One try. After a failure the connection is dropped, because it may be broken or in a transaction.
    fn attempt<T>(
        &mut self,
        work: &mut impl FnMut(&mut Db, u32) -> QueryResult<T>,
        number: u32,
    ) -> Result<T, Failed> {
        let db = match (&mut self.db, &self.url) {
            (Some(db), _) => db,
            (None, None) => {
                return Err(Failed::error(ErrorClass::Permanent, "the database in memory is lost"));
            }
            (none, Some(url)) => {
                // After a failure another database may answer, so its schema is checked again.
                let opened = open(url, self.access).and_then(|mut db| {
                    count_statements(&mut db, &self.meter);
                    begin_session(&mut db, self.purpose)?;
                    Ok(db)
                });
                none.insert(opened.map_err(|error| {
                    Failed::error(ErrorClass::Unavailable, &format!("{error:#}"))
                })?)
            }
        };
        let done = match catch_unwind(AssertUnwindSafe(|| work(db, number))) {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(error)) => Failed::error(ErrorClass::of(&error), &error.to_string()),
            Err(panic) => Failed::Panic(panic_message(&*panic)),
        };
        if self.url.is_some() {
            self.db = None;
        }
        Err(done)
    }

    fn is_gone_for_too_long(&mut self, wait: Duration) -> bool {
        self.down_since.get_or_insert_with(Instant::now).elapsed() + wait > self.outage_timeout
    }

    /// Waits, and returns whether a signal stops the tries. A transient error is retried in spite of a signal,
    /// because that takes less than a second.
    fn is_stopped_in(&self, wait: Duration, failure: ErrorClass, message: &str) -> bool {
        tracing::warn!("{message}; trying again in {:.1} s", wait.as_secs_f64());
        let until = Instant::now() + wait;
        while failure == ErrorClass::Transient || self.stop.borrow().is_none() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            sleep(left.min(POLL_INTERVAL));
        }
        true
    }
}

enum Failed {
    Error(ErrorClass, String),
    Panic(String),
}

impl Failed {
    fn error(failure: ErrorClass, message: &str) -> Self {
        Self::Error(failure, message.to_owned())
    }
}

fn begin_session(db: &mut Db, purpose: Purpose) -> QueryResult<()> {
    let Db::Postgres(connection) = db else { return Ok(()) };
    connection.batch_execute(POSTGRES_SESSION)?;
    match purpose {
        Purpose::Storing => Ok(()),
        Purpose::Coordinating => connection.batch_execute(POSTGRES_COORDINATING),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::open::in_memory;
    use diesel::result::{DatabaseErrorKind, Error as DieselError};

    fn resilient(
        db: Option<Db>,
        url: &str,
        outage_timeout: Duration,
    ) -> (ResilientDb, watch::Sender<Option<Signal>>) {
        let (sender, stop) = watch::channel(None);
        let (url, access) = (Some(url.parse().unwrap()), Access::ReadWrite);
        let resilient = ResilientDb::of(db, url, access, Purpose::Storing, stop, &Meter::default());
        (resilient.with_outage_timeout(outage_timeout), sender)
    }

    fn error(kind: DatabaseErrorKind) -> DieselError {
        DieselError::DatabaseError(kind, Box::new("test error".to_owned()))
    }

    /// How often work is tried that always fails with this error.
    async fn tries(kind: fn() -> DieselError) -> u32 {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.db");
        let (db, _stop) = resilient(None, path.to_str().unwrap(), Duration::from_secs(2));
        let tried = Arc::new(Mutex::new(0));
        let count = Arc::clone(&tried);
        let done = db.run(move |_, number| {
            *count.lock().unwrap() = number + 1;
            Err::<(), _>(kind())
        });
        assert!(matches!(done.await, Err(DbError::Failed(message)) if message == "test error"));
        *tried.lock().unwrap()
    }

    #[tokio::test]
    async fn permanent_errors_are_tried_once_and_others_are_retried() {
        assert_eq!(tries(|| error(DatabaseErrorKind::CheckViolation)).await, 1);
        assert_eq!(tries(|| error(DatabaseErrorKind::Unknown)).await, MAX_TRIES);
        // Waits of 0.1, 0.2, 0.4 and 0.8 s fit into two seconds.
        assert_eq!(tries(|| error(DatabaseErrorKind::ClosedConnection)).await, 5);
    }

    #[tokio::test]
    async fn after_a_panic_a_new_connection_is_opened() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.db");
        let (db, _stop) =
            resilient(Some(in_memory().unwrap()), path.to_str().unwrap(), OUTAGE_TIMEOUT);
        let done = db.run(|_, _| -> QueryResult<()> { panic!("a bug") }).await;
        assert!(matches!(done, Err(DbError::Panic(message)) if message == "a bug"));
        assert!(!path.exists());
        db.run(|_, _| Ok(())).await.unwrap();
        assert!(path.exists(), "a new connection was opened");
    }

    #[tokio::test]
    async fn a_signal_ends_the_wait_for_an_unavailable_database() {
        let (db, stop) = resilient(None, "postgres://127.0.0.1:1/none", OUTAGE_TIMEOUT);
        let begin = Instant::now();
        let waiting = tokio::spawn(async move { db.run(|_, _| Ok(())).await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        stop.send_replace(Some(Signal::Terminate));
        assert!(waiting.await.unwrap().is_err());
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    }
}
