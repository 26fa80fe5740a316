//! Writes the run's row in the run log, and creates its lease.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::claims::{Claims, Leases};
use crate::db::connection::Db;
use crate::db::resilient::ResilientDb;
use crate::db::update_run::{self, BeginningRun, Ended, WantedChecks};
use crate::domain::lease::ClaimToken;
use crate::domain::run::{Mode, RunResult};
use crate::domain::signal::Signal;
use crate::runtime::shutdown::stopped;

/// After a signal, the run waits at most this long for the database to record its end.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// A run whose start is in the run log.
pub struct RunLog {
    db: ResilientDb,
    token: ClaimToken,
    lease: TimeDelta,
}

impl RunLog {
    /// Records the start of a run of `selected` huts. If it wants checks of the budget, also returns how many it gets:
    /// fewer if another run has taken its share meanwhile.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn begin(
        db: ResilientDb,
        mode: Mode,
        lease: TimeDelta,
        started_at: DateTime<Utc>,
        selected: usize,
        wanted: Option<WantedChecks>,
    ) -> anyhow::Result<(Self, Option<u32>)> {
        let host = gethostname::gethostname().to_string_lossy().into_owned();
        let begin = move |db: &mut Db, _| match &wanted {
            None => {
                let token = update_run::begin(db, started_at, mode, &host, selected, lease)?;
                Ok((token, None))
            }
            Some(wanted) => {
                let run =
                    BeginningRun { started_at, mode, host: &host, huts_selected: selected, lease };
                let (token, granted) = update_run::begin_with_budget(db, &run, wanted)?;
                Ok((token, Some(granted)))
            }
        };
        let begun = db.run(begin).await;
        let (token, granted) =
            begun.context("cannot record the start of the run in the database")?;
        Ok((Self { db, token, lease }, granted))
    }

    /// The claims under the lease of this run.
    #[must_use]
    pub fn claims(&self) -> Claims {
        Claims::Leased(Arc::new(Leases::new(self.db.clone(), self.token, self.lease)))
    }

    /// Records how the run has ended. If that fails, the run itself still succeeds; in the run log it looks
    /// as if it had been killed.
    pub async fn end(self, run: &RunResult, stop: watch::Receiver<Option<Signal>>) {
        let (run_id, ended) = (self.token.run_id, Ended::from(run));
        let timeout = async {
            stopped(stop).await;
            tokio::time::sleep(END_TIMEOUT).await;
        };
        tokio::select! {
            recorded = self.db.run(move |db, _| update_run::end(db, run_id, &ended)) => {
                if let Err(error) = recorded {
                    tracing::warn!("cannot record the end of the run: {error}");
                }
            }
            () = timeout => {
                tracing::warn!("cannot record the end of the run: the database does not answer");
            }
        }
    }
}
