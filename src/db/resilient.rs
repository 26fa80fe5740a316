//! A connection that survives an outage of the database: a restart of its server, a failover, a lock.

mod attempt;
mod error_class;
mod outage;
mod shared;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::QueryResult;
use tokio::sync::watch;
use tokio::time::sleep;

use super::connection::Db;
use super::open::Access;
use super::sqlite::file::HeldFile;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::failure::{ErrorKind, Failure};
use crate::domain::signal::Signal;
use crate::domain::timings::Stage;
use crate::runtime::shutdown::stopped;
use crate::runtime::timing::Meter;
use attempt::{Failed, Slot};
use error_class::{ErrorClass, MAX_TRIES, waits};
pub use outage::{OUTAGE_TIMEOUT, TimeLimits};
use shared::{Purpose, Shared};

/// How often a locked SQLite file is tried again in spite of a signal. A try waits for a second.
const BRIEF_TRIES: u32 = 2;

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

/// A database for asynchronous tasks. They use its connection one after another, on blocking threads.
#[derive(Clone)]
pub struct ResilientDb {
    /// The connection. Locked during an operation with all of its tries.
    slot: Arc<tokio::sync::Mutex<Slot>>,
    purpose: Purpose,
    shared: Arc<Shared>,
}

impl ResilientDb {
    /// After a signal on `stop`, no call waits any longer. `meter` counts the statements of later
    /// connections.
    #[must_use]
    pub fn new(
        db: Db,
        url: Option<DatabaseUrl>,
        access: Access,
        stop: watch::Receiver<Option<Signal>>,
        meter: &Meter,
    ) -> Self {
        Self::of(Slot::of(db), url, access, Purpose::Storing, stop, meter)
    }

    /// The same for a connection that nothing else follows: its statements are counted, too, and once it is given up,
    /// it sends no more.
    #[must_use]
    pub fn take_over(
        db: Db,
        url: Option<DatabaseUrl>,
        access: Access,
        stop: watch::Receiver<Option<Signal>>,
        meter: &Meter,
    ) -> Self {
        Self::of(Slot::following(db, meter), url, access, Purpose::Storing, stop, meter)
    }

    /// A connection for coordination between runs. It is opened at its first use.
    #[must_use]
    pub fn for_coordination(
        url: DatabaseUrl,
        stop: watch::Receiver<Option<Signal>>,
        meter: &Meter,
    ) -> Self {
        let access = Access::ReadWrite;
        Self::of(Slot::default(), Some(url), access, Purpose::Coordinating, stop, meter)
    }

    /// The same database, for coordination between runs. It has a connection of its own, which is opened at its first
    /// use. Behind a pooler it is the same connection, because the pooler may have no second one to give.
    #[must_use]
    pub fn coordinating(&self) -> Self {
        let slot = if self.shared.has_pooler() { Arc::clone(&self.slot) } else { Arc::default() };
        Self { slot, purpose: Purpose::Coordinating, shared: Arc::clone(&self.shared) }
    }

    fn of(
        slot: Slot,
        url: Option<DatabaseUrl>,
        access: Access,
        purpose: Purpose,
        stop: watch::Receiver<Option<Signal>>,
        meter: &Meter,
    ) -> Self {
        let (meter, limits, outage) = (meter.clone(), TimeLimits::default(), Mutex::default());
        let file = HeldFile::default();
        let shared = Shared { url, file, access, stop, meter, limits, outage };
        Self { slot: Arc::new(tokio::sync::Mutex::new(slot)), purpose, shared: Arc::new(shared) }
    }

    /// Lets no later connection go to another file than this one. Before the first use.
    #[must_use]
    pub fn holding(mut self, file: HeldFile) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            shared.file = file;
        }
        self
    }

    /// Sets other time limits. Before the first use.
    #[must_use]
    pub fn with_limits(mut self, limits: TimeLimits) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            shared.limits = limits;
        }
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
        work: impl Fn(&mut Db, u32) -> QueryResult<T> + Send + Sync + 'static,
    ) -> Result<T, DbError> {
        let begin = Instant::now();
        let done = self.run_until_done(Arc::new(work)).await;
        // Callers that store measure comparing and writing themselves.
        if self.purpose == Purpose::Coordinating {
            self.shared.meter.since(begin, Stage::Agreeing);
        }
        done
    }

    async fn run_until_done<T: Send + 'static>(
        &self,
        work: Arc<impl Fn(&mut Db, u32) -> QueryResult<T> + Send + Sync + 'static>,
    ) -> Result<T, DbError> {
        let mut slot = self.slot.lock().await;
        let mut refused = 0;
        for (number, wait) in (0..).zip(waits()) {
            let limits = &self.shared.limits;
            let begin = Instant::now();
            let time = self.shared.outage().time_for_a_try(limits, begin);
            let time = time.map_err(DbError::Failed)?;
            let work = Arc::clone(&work);
            let (class, message) =
                match slot.attempt(&self.shared, self.purpose, work, number, time).await {
                    Ok(done) => {
                        if self.shared.outage().end() && number > 0 {
                            tracing::info!("the database is back");
                        }
                        return Ok(done);
                    }
                    Err(Failed::Panic(message)) => return Err(DbError::Panic(message)),
                    Err(Failed::Error(class, message)) => (class, message),
                };
            refused += u32::from(class == ErrorClass::Transient);
            let is_final = match class {
                ErrorClass::Permanent => true,
                ErrorClass::Transient => refused >= MAX_TRIES,
                ErrorClass::Unavailable => {
                    !self.shared.outage().allows_another_try(limits, begin, wait, &message)
                }
            };
            // A file is locked for a moment, if all is well.
            let is_brief = class == ErrorClass::Transient
                || (number < BRIEF_TRIES && message.contains("is locked"));
            if is_final
                || self.shared.url.is_none()
                || self.is_stopped_in(wait, is_brief, &message).await
            {
                return Err(DbError::Failed(message));
            }
        }
        unreachable!("the number of tries has no limit")
    }

    /// Waits, and returns whether a signal stops the tries. A brief error is retried in spite of a signal,
    /// because that takes a second or two.
    async fn is_stopped_in(&self, wait: Duration, is_brief: bool, message: &str) -> bool {
        tracing::warn!("{message}; trying again in {:.1} s", wait.as_secs_f64());
        if is_brief {
            sleep(wait).await;
            return false;
        }
        tokio::select! {
            biased;
            () = stopped(self.shared.stop.clone()) => true,
            () = sleep(wait) => false,
        }
    }
}
