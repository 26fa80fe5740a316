//! A connection that outlasts what passes: a restart of the server, a failover, a lock, a full disk.

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
use crate::domain::signal::Signal;
use crate::domain::timings::Stage;
use crate::runtime::panic::panic_message;
use crate::runtime::timing::Meter;
use error_class::{ErrorClass, MAX_TRIES, wait};

/// How long a database that is gone is waited for. A server restarts, or hands over, in seconds. It is
/// pluralize from when it was gone: who comes later waits for the rest of it.
pub const OUTAGE_TIMEOUT: Duration = Duration::from_secs(60);

/// How soon a signal ends a wait.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// What holds in the sessions of a run. Who waits for a lock tries again, and a program that is frozen
/// does not keep its locks from others.
const POSTGRES_SESSION: &str = "SET lock_timeout = '10s'; \
    SET idle_in_transaction_session_timeout = '60s'";

/// And where runs only agree on something: that does not wait for the disk. When the server crashes it
/// may be half a second old, and is soon renewed.
const POSTGRES_COORDINATING: &str = "SET synchronous_commit = off";

/// Why something was not done with the database.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DbError {
    #[error("{0}")]
    Failed(String),
    #[error("the program failed, which is a bug: {0}")]
    Panic(String),
}

/// A connection, and how to come by another one.
struct Resilient {
    /// None while there is none.
    db: Option<Db>,
    /// None for a database in memory, which has no other connection.
    url: Option<DatabaseUrl>,
    access: Access,
    purpose: Purpose,
    outage_timeout: Duration,
    /// Since when the database is gone.
    down_since: Option<Instant>,
    stop: watch::Receiver<Option<Signal>>,
    meter: Meter,
}

/// What is done with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Storing what must not be lost.
    Storing,
    /// Coordinating with other runs.
    Coordinating,
}

/// A connection for tasks, which use it one after another and off their threads.
#[derive(Clone)]
pub struct ResilientDb(Arc<Mutex<Resilient>>);

impl ResilientDb {
    /// Where a signal comes by `stop`, nothing is waited for any more. Statements on further connections
    /// are told to `meter`.
    #[must_use]
    pub fn new(
        mut db: Db,
        url: Option<DatabaseUrl>,
        access: Access,
        stop: watch::Receiver<Option<Signal>>,
        meter: &Meter,
    ) -> Self {
        // One that is gone already is noticed when it is used.
        let _ = begin_session(&mut db, Purpose::Storing);
        Self::of(Some(db), url, access, Purpose::Storing, stop, meter)
    }

    /// A connection on which runs agree on something; it is made when it is first used.
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

    /// Waits for so long instead of [`OUTAGE_TIMEOUT`].
    #[must_use]
    pub fn with_outage_timeout(self, outage_timeout: Duration) -> Self {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).outage_timeout = outage_timeout;
        self
    }

    /// Does `work`, which is one transaction, or one statement, again and again until it is done or
    /// there is no hope. It may find that an earlier try was done after all, of which the answer got
    /// lost; it is told the number of the try, from 0.
    ///
    /// # Errors
    /// What the database, or the connection to it, said at last; or the panic of `work`.
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
        // Whoever stores knows what of it was comparing, and what writing.
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
        for number in 0.. {
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
            let wait = wait(number);
            let is_hopeless = match failure {
                ErrorClass::Permanent => true,
                ErrorClass::Transient => refused >= MAX_TRIES,
                ErrorClass::Unavailable => self.is_gone_for_too_long(wait),
            };
            if is_hopeless || self.url.is_none() || self.is_stopped_in(wait, failure, &message) {
                return Err(DbError::Failed(message));
            }
        }
        unreachable!("it is tried as often as it takes")
    }

    /// One try. A connection that failed is used no more: it may be broken, or in a transaction.
    fn attempt<T>(
        &mut self,
        work: &mut impl FnMut(&mut Db, u32) -> QueryResult<T>,
        number: u32,
    ) -> Result<T, Failed> {
        let db = match (&mut self.db, &self.url) {
            (Some(db), _) => db,
            (None, None) => return Err(Failed::error(ErrorClass::Permanent, "it was in memory")),
            (none, Some(url)) => {
                // What comes back after a failure may be another database: it is looked at anew.
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

    /// Waits, unless a signal came or comes; what is refused is tried again then, too, which takes less
    /// than a second.
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
        DieselError::DatabaseError(kind, Box::new("so it is".to_owned()))
    }

    /// How often work that always fails so is tried.
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
        assert!(matches!(done.await, Err(DbError::Failed(message)) if message == "so it is"));
        *tried.lock().unwrap()
    }

    #[tokio::test]
    async fn what_lasts_is_tried_once_and_what_may_pass_more_often() {
        assert_eq!(tries(|| error(DatabaseErrorKind::CheckViolation)).await, 1);
        assert_eq!(tries(|| error(DatabaseErrorKind::Unknown)).await, MAX_TRIES);
        // 0.1, 0.2, 0.4 and 0.8 s fit into two seconds.
        assert_eq!(tries(|| error(DatabaseErrorKind::ClosedConnection)).await, 5);
    }

    #[tokio::test]
    async fn a_panic_leaves_a_connection_that_is_used_no_more() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.db");
        let (db, _stop) =
            resilient(Some(in_memory().unwrap()), path.to_str().unwrap(), OUTAGE_TIMEOUT);
        let done = db.run(|_, _| -> QueryResult<()> { panic!("a bug") }).await;
        assert!(matches!(done, Err(DbError::Panic(message)) if message == "a bug"));
        assert!(!path.exists());
        db.run(|_, _| Ok(())).await.unwrap();
        assert!(path.exists(), "a new one was made");
    }

    #[tokio::test]
    async fn a_signal_ends_the_wait_for_a_database_that_is_gone() {
        let (db, stop) = resilient(None, "postgres://127.0.0.1:1/none", OUTAGE_TIMEOUT);
        let begin = Instant::now();
        let waiting = tokio::spawn(async move { db.run(|_, _| Ok(())).await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        stop.send_replace(Some(Signal::Terminate));
        assert!(waiting.await.unwrap().is_err());
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    }
}
