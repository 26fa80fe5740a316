//! The run's row in the log of the runs, and the lease that goes with it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::claims::{Claims, Leases};
use crate::db::resilient::ResilientDb;
use crate::db::update_run::{self, Ended};
use crate::domain::run::{Mode, RunResult};
use crate::domain::signal::Signal;
use crate::runtime::shutdown::stopped;

/// How long after a signal the end of a run may take to be noted.
const NOTING_THE_END: Duration = Duration::from_secs(1);

/// A run that has begun.
pub struct RunLog {
    db: ResilientDb,
    run_id: i32,
    lease: TimeDelta,
}

impl RunLog {
    /// Notes that a run of so many huts has begun.
    ///
    /// # Errors
    /// The database does not take it.
    pub async fn begin(
        db: ResilientDb,
        mode: Mode,
        lease: TimeDelta,
        started_at: DateTime<Utc>,
        selected: usize,
    ) -> anyhow::Result<Self> {
        let host = gethostname::gethostname().to_string_lossy().into_owned();
        let run_id = db
            .run(move |db, _| update_run::begin(db, started_at, mode, &host, selected, lease))
            .await
            .context("cannot note in the database that the run has begun")?;
        Ok(Self { db, run_id, lease })
    }

    /// How the run comes by its huts.
    #[must_use]
    pub fn claims(&self) -> Claims {
        Claims::Leased(Arc::new(Leases::new(self.db.clone(), self.run_id, self.lease)))
    }

    /// Notes how the run has ended. What cannot be noted is no failure of the run: it looks as if it had
    /// been killed.
    pub async fn end(self, run: &RunResult, stop: watch::Receiver<Option<Signal>>) {
        let (run_id, ended) = (self.run_id, Ended::from(run));
        let too_long = async {
            stopped(stop).await;
            tokio::time::sleep(NOTING_THE_END).await;
        };
        tokio::select! {
            noted = self.db.run(move |db, _| update_run::end(db, run_id, &ended)) => {
                if let Err(error) = noted {
                    tracing::warn!("the end of the run is not noted: {error}");
                }
            }
            () = too_long => {
                tracing::warn!("the end of the run is not noted: the database does not answer");
            }
        }
    }
}
