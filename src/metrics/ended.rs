//! A run that has ended, as its metrics see it.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::exit_status::ExitStatus;
use crate::domain::organization::Organizations;
use crate::domain::run::RunResult;
use crate::runtime::timing::Meter;

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
