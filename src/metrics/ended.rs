//! A run that has ended, as its metrics see it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::exit_status::ExitStatus;
use crate::domain::organization::Organizations;
use crate::domain::run::RunResult;
use crate::query::polling::Polling;
use crate::query::status::Notifications;
use crate::runtime::timing::Meter;

/// What the database says at the end of a run.
#[derive(Clone, Debug)]
pub struct Figures {
    pub polling: PollingFigures,
    pub notifications: Notifications,
}

/// How old the checks are. What matters depends on the schedule.
#[derive(Clone, Debug)]
pub enum PollingFigures {
    /// The age of the last check of the stalest hut of the high tier.
    Tiers {
        stalest_high: TimeDelta,
    },
    Adaptive(Polling),
}

/// A run that has ended, in whatever way.
pub struct EndedRun<'a> {
    pub exit_status: ExitStatus,
    pub started_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    pub elapsed: Duration,
    /// None where nothing could be done.
    pub run: Option<&'a RunResult>,
    pub meter: &'a Meter,
    /// Those of which there are metrics, also where the run asked none of their huts.
    pub organizations: &'a Organizations,
}
