//! What every handler has: the database to read, and the day that it is.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Pool, RecycleError, RecycleResult, Timeouts};
use deadpool_sync::SyncWrapper;
use diesel::connection::SimpleConnection;

use super::problem::Problem;
use crate::clock::Clock;
use crate::db::connection::Db;
use crate::db::open::open_to_read;
use crate::db::url::DatabaseUrl;

/// Connections at most: statements take milliseconds, so a few keep two or four cores busy.
const MOST_CONNECTIONS: usize = 4;

/// How long a request waits for a connection, and a connection may take to be opened.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(5);

/// The service's state. Cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    databases: Pool<Databases>,
    clock: Clock,
    timezone: Tz,
}

impl App {
    /// A service that reads a database. Nothing is opened yet.
    ///
    /// # Errors
    /// None that depends on the database.
    pub fn new(url: DatabaseUrl, clock: Clock, timezone: Tz) -> anyhow::Result<Self> {
        let wait = Some(WAIT_FOR_CONNECTION);
        let databases = Pool::builder(Databases { url })
            .max_size(MOST_CONNECTIONS)
            .timeouts(Timeouts { wait, create: wait, recycle: wait })
            .runtime(Runtime::Tokio1)
            .build()
            .context("cannot make the pool of connections")?;
        Ok(Self(Arc::new(Inner { databases, clock, timezone })))
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
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
        let connection = self.0.databases.get().await;
        let connection = connection.map_err(|error| Problem::unavailable(&anyhow!(error)))?;
        match connection.interact(query).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(Problem::unavailable(&error.into())),
            Err(error) => Err(Problem::unavailable(&anyhow!("a query was broken off: {error}"))),
        }
    }
}

/// Opens connections that can only read.
#[derive(Debug)]
struct Databases {
    url: DatabaseUrl,
}

impl Manager for Databases {
    type Type = SyncWrapper<Db>;
    type Error = anyhow::Error;

    async fn create(&self) -> anyhow::Result<Self::Type> {
        let url = self.url.clone();
        SyncWrapper::new(Runtime::Tokio1, move || open_to_read(&url)).await
    }

    async fn recycle(
        &self,
        connection: &mut Self::Type,
        _: &Metrics,
    ) -> RecycleResult<Self::Error> {
        if connection.is_mutex_poisoned() {
            return Err(RecycleError::message("a query broke off"));
        }
        let asked = connection
            .interact(|db| db.batch_execute("SELECT 1"))
            .await
            .map_err(|error| RecycleError::message(error.to_string()))?;
        asked.map_err(|error| RecycleError::Backend(error.into()))
    }
}
