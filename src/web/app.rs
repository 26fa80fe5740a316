//! The state shared by all handlers: database pools, clock, metrics and limits.

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
use super::rate_limit::{ClientLimiter, RateLimits};
use super::style_cache::StyleCache;
use crate::db::connection::Db;
use crate::db::read_only::{self, Reader, Reuse};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::framing::Framing;
use crate::domain::schedule::{Intervals, Schedule};
use crate::domain::tile_server::TileServer;
use crate::domain::type_style::TypeStyles;
use crate::runtime::clock::Clock;

/// The most connections: statements take milliseconds, so a few keep two or four cores busy.
pub(super) const MAX_CONNECTIONS: usize = 4;

/// The most responses of 6 to 70 MB that are made or sent at a time. It is less than the number of requests
/// in work, so that other requests get their turn. Further ones are refused instead of queued, because a slow
/// client holds one for more than a minute.
const MAX_LARGE_ANSWERS: usize = 2;

/// How long a request waits for a connection. It is short, because there is a connection for each request in
/// work.
const WAIT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long opening a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the test of an idle connection may take before another connection is used.
const RECYCLE_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a connection is reused. After a database file is replaced, or a host name points to another
/// server, the service reads the new database within a minute.
const MAX_CONNECTION_AGE: Duration = Duration::from_secs(30);

/// The service's state. Cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What an operator sets.
#[derive(Clone, Debug)]
pub struct AppConfig {
    pub clock: Clock,
    /// The time zone of the huts.
    pub timezone: Tz,
    /// Those of the runs.
    pub schedule: Schedule,
    /// Whether there is a page of watches. It shows who wants to sleep where.
    pub show_watches: bool,
    /// How many requests each client may send.
    pub rate_limits: RateLimits,
    /// The tiles under the map; none draws a map of its own.
    pub map_tiles: Option<MapTiles>,
    /// Who may embed pages.
    pub framing: Framing,
}

/// Tiles of another server under the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapTiles {
    pub server: TileServer,
    /// Whom the tiles belong to, in the words that they ask for.
    pub attribution: String,
}

struct Inner {
    read_pool: Pool<ReadOnlyConnections>,
    probe_pool: Pool<ReadOnlyConnections>,
    config: AppConfig,
    metrics: Metrics,
    large_answers: Arc<Semaphore>,
    styles: StyleCache,
}

impl App {
    /// Makes the state of a service that reads a database. It opens no connection yet.
    ///
    /// # Errors
    /// The pool of connections cannot be built. The database itself causes no error here.
    pub fn new(url: DatabaseUrl, config: AppConfig) -> anyhow::Result<Self> {
        let read_pool = pool(url.clone(), MAX_CONNECTIONS)?;
        let probe_pool = pool(url, 1)?;
        let metrics = Metrics::default();
        let large_answers = Arc::new(Semaphore::new(MAX_LARGE_ANSWERS));
        let styles = StyleCache::default();
        Ok(Self(Arc::new(Inner { read_pool, probe_pool, config, metrics, large_answers, styles })))
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.config.clock.now()
    }

    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    #[must_use]
    pub fn timezone(&self) -> Tz {
        self.0.config.timezone
    }

    /// How the due huts are chosen.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        self.0.config.schedule
    }

    /// How often the huts of each tier are polled, which decides when a figure is old.
    #[must_use]
    pub fn intervals(&self) -> Intervals {
        self.0.config.schedule.max_intervals()
    }

    /// Whether there is a page of watches.
    #[must_use]
    pub fn shows_watches(&self) -> bool {
        self.0.config.show_watches
    }

    /// The tiles under the map.
    #[must_use]
    pub fn map_tiles(&self) -> Option<&MapTiles> {
        self.0.config.map_tiles.as_ref()
    }

    /// Who may embed pages; none if nobody may.
    #[must_use]
    pub fn framing(&self) -> Option<&Framing> {
        Some(&self.0.config.framing).filter(|framing| **framing != Framing::NoWebsite)
    }

    /// Counts the requests of each client.
    #[must_use]
    pub fn rate_limiter(&self) -> ClientLimiter {
        ClientLimiter::new(self.0.config.rate_limits.clone())
    }

    /// Today's date in the huts' timezone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.0.config.clock.today(self.0.config.timezone)
    }

    /// Takes a permit for a large response. The response counts until the permit is dropped.
    ///
    /// # Errors
    /// Too many large responses are being made or sent.
    pub fn large_answer(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let permit = Arc::clone(&self.0.large_answers).try_acquire_owned();
        permit.map_err(|_| Problem::too_many())
    }

    /// Runs a query on a connection of the pool, on a thread for blocking work.
    ///
    /// # Errors
    /// No connection is free in time, or the database cannot be read. The reason is in the log.
    pub async fn read<T, E>(
        &self,
        query: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<anyhow::Error> + Send + 'static,
    {
        read_from(&self.0.read_pool, query).await
    }

    /// Runs a query as [`App::read`] does. Returns its result, and how types of huts are shown, which is read with
    /// another statement once in some seconds.
    ///
    /// # Errors
    /// As [`App::read`].
    pub async fn read_with_types<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Db) -> diesel::QueryResult<T> + Send + 'static,
    ) -> Result<(T, Arc<TypeStyles>), Problem> {
        let app = self.clone();
        self.read(move |db| {
            let styles = app.0.styles.load(db)?;
            diesel::QueryResult::Ok((query(db)?, styles))
        })
        .await
    }

    /// Runs a query of a health probe or of `/metrics`. It has a connection of its own, because a service
    /// whose other connections are all busy is healthy.
    ///
    /// # Errors
    /// The connection is not free in time, or the database cannot be read. The reason is in the log.
    pub async fn probe<T, E>(
        &self,
        query: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<anyhow::Error> + Send + 'static,
    {
        read_from(&self.0.probe_pool, query).await
    }
}

fn pool(url: DatabaseUrl, max_connections: usize) -> anyhow::Result<Pool<ReadOnlyConnections>> {
    Pool::builder(ReadOnlyConnections { url })
        .max_size(max_connections)
        .timeouts(Timeouts {
            wait: Some(WAIT_TIMEOUT),
            create: Some(CONNECT_TIMEOUT),
            recycle: Some(RECYCLE_TIMEOUT),
        })
        .runtime(Runtime::Tokio1)
        .build()
        .context("cannot build the pool of database connections")
}

async fn read_from<T, E>(
    pool: &Pool<ReadOnlyConnections>,
    query: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
) -> Result<T, Problem>
where
    T: Send + 'static,
    E: Into<anyhow::Error> + Send + 'static,
{
    let connection = pool.get().await.map_err(|error| match error {
        PoolError::Timeout(TimeoutType::Wait) => Problem::too_many(),
        // The pool's own error would leave out the causes.
        PoolError::Backend(error) => Problem::unavailable(&error),
        error => Problem::unavailable(&anyhow!(error)),
    })?;
    match connection.interact(|reader| reader.read(query)).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Problem::unavailable(&error)),
        Err(error) => Err(Problem::unavailable(&anyhow!("a query was aborted: {error}"))),
    }
}

/// Opens read-only connections.
#[derive(Debug)]
struct ReadOnlyConnections {
    url: DatabaseUrl,
}

impl Manager for ReadOnlyConnections {
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
            return Err(RecycleError::message("a query on the connection panicked"));
        }
        if metrics.created.elapsed() > MAX_CONNECTION_AGE {
            return Err(RecycleError::message("the connection is too old"));
        }
        let tested = connection
            .interact(|reader| match reader.reuse {
                Reuse::Always => reader.db.batch_execute("SELECT 1").map_err(anyhow::Error::from),
                Reuse::Once => Err(anyhow!("the connection is for one query only")),
            })
            .await
            .map_err(|error| RecycleError::message(error.to_string()))?;
        tested.map_err(RecycleError::Backend)
    }
}
