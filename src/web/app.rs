//! What every handler has: the database to read, and the day that it is.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use deadpool::Runtime;
use deadpool::managed::{
    self, Manager, Pool, PoolError, RecycleError, RecycleResult, TimeoutType, Timeouts,
};
use deadpool_sync::SyncWrapper;
use diesel::connection::SimpleConnection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::metrics::Metrics;
use super::problem::Problem;
use crate::db::connection::Db;
use crate::db::read_only::{self, Reader, Reuse};
use crate::domain::database_url::DatabaseUrl;
use crate::runtime::clock::Clock;

/// Connections at most: statements take milliseconds, so a few keep two or four cores busy.
pub(super) const MAX_CONNECTIONS: usize = 4;

/// Answers of 5 to 50 MB that are being made or sent. Fewer than are worked on at a time, so that
/// others have their turns; further ones are refused, since a slow client holds one for more
/// than a minute.
const MAX_LARGE_ANSWERS: usize = 2;

/// How long a request waits for a connection: there is one for each that is worked on.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(1);

/// How long a connection may take to be opened.
const CONNECTING: Duration = Duration::from_secs(5);

/// How long one that is kept may take to answer before another one is taken.
const ASKING_AGAIN: Duration = Duration::from_secs(1);

/// How long a connection is kept, so that a file that was put in another one's place, or another server
/// behind a name, is seen within a minute.
const CONNECTION_AGE: Duration = Duration::from_secs(30);

/// The service's state. Cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    databases: Pool<Databases>,
    for_probes: Pool<Databases>,
    clock: Clock,
    timezone: Tz,
    metrics: Metrics,
    large_answers: Arc<Semaphore>,
}

impl App {
    /// A service that reads a database. Nothing is opened yet.
    ///
    /// # Errors
    /// None that depends on the database.
    pub fn new(url: DatabaseUrl, clock: Clock, timezone: Tz) -> anyhow::Result<Self> {
        let databases = pool(url.clone(), MAX_CONNECTIONS)?;
        let for_probes = pool(url, 1)?;
        let metrics = Metrics::default();
        let large_answers = Arc::new(Semaphore::new(MAX_LARGE_ANSWERS));
        Ok(Self(Arc::new(Inner { databases, for_probes, clock, timezone, metrics, large_answers })))
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// What is pluralize.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    #[must_use]
    pub fn timezone(&self) -> Tz {
        self.0.timezone
    }

    /// The day where the huts are.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.0.clock.today(self.0.timezone)
    }

    /// Lets a large answer be made, which counts until the permit is dropped.
    ///
    /// # Errors
    /// There are too many.
    pub fn large_answer(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let permit = Arc::clone(&self.0.large_answers).try_acquire_owned();
        permit.map_err(|_| Problem::too_many())
    }

    /// Runs a query on a connection of the pool, off the threads that serve.
    ///
    /// # Errors
    /// The database cannot be read: its reason is in the log.
    pub async fn read<T, E>(
        &self,
        query: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<anyhow::Error> + Send + 'static,
    {
        read_from(&self.0.databases, query).await
    }

    /// Runs a query of those who look after the service: on a connection of their own, since a database
    /// that has much to do is well.
    ///
    /// # Errors
    /// The database cannot be read: its reason is in the log.
    pub async fn probe<T, E>(
        &self,
        query: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<anyhow::Error> + Send + 'static,
    {
        read_from(&self.0.for_probes, query).await
    }
}

fn pool(url: DatabaseUrl, most: usize) -> anyhow::Result<Pool<Databases>> {
    Pool::builder(Databases { url })
        .max_size(most)
        .timeouts(Timeouts {
            wait: Some(WAIT_FOR_CONNECTION),
            create: Some(CONNECTING),
            recycle: Some(ASKING_AGAIN),
        })
        .runtime(Runtime::Tokio1)
        .build()
        .context("cannot make the pool of connections")
}

async fn read_from<T, E>(
    pool: &Pool<Databases>,
    query: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
) -> Result<T, Problem>
where
    T: Send + 'static,
    E: Into<anyhow::Error> + Send + 'static,
{
    let connection = pool.get().await.map_err(|error| match error {
        PoolError::Timeout(TimeoutType::Wait) => Problem::too_many(),
        // With all its causes, which the pool's own words leave out.
        PoolError::Backend(error) => Problem::unavailable(&error),
        error => Problem::unavailable(&anyhow!(error)),
    })?;
    match connection.interact(|reader| query(&mut reader.db)).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Problem::unavailable(&error.into())),
        Err(error) => Err(Problem::unavailable(&anyhow!("a query was broken off: {error}"))),
    }
}

/// Opens connections that can only read.
#[derive(Debug)]
struct Databases {
    url: DatabaseUrl,
}

impl Manager for Databases {
    type Type = SyncWrapper<Reader>;
    type Error = anyhow::Error;

    async fn create(&self) -> anyhow::Result<Self::Type> {
        let url = self.url.clone();
        SyncWrapper::new(Runtime::Tokio1, move || read_only::connect(&url)).await
    }

    async fn recycle(
        &self,
        connection: &mut Self::Type,
        metrics: &managed::Metrics,
    ) -> RecycleResult<Self::Error> {
        if connection.is_mutex_poisoned() {
            return Err(RecycleError::message("a query broke off"));
        }
        if metrics.created.elapsed() > CONNECTION_AGE {
            return Err(RecycleError::message("the connection is old"));
        }
        let asked = connection
            .interact(|reader| match reader.reuse {
                Reuse::Always => reader.db.batch_execute("SELECT 1").map_err(anyhow::Error::from),
                Reuse::Once => Err(anyhow!("the connection was for one query")),
            })
            .await
            .map_err(|error| RecycleError::message(error.to_string()))?;
        asked.map_err(RecycleError::Backend)
    }
}
