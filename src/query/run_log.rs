//! The log of the runs of `update-availability`, and how a run ended. Pure functions.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// A run of `update-availability`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    pub started_at: DateTime<Utc>,
    /// None while the run goes on, and if it was killed
    pub finished_at: Option<DateTime<Utc>>,
    /// `due`, `all` or `hut`
    pub mode: String,
    /// The name of the machine or pod
    pub host: String,
    pub huts: RunHuts,
    pub dates: RunDates,
    pub history_entries: i32,
    pub exit_status: Option<i16>,
    /// Whether a signal stopped the run
    pub interrupted: bool,
    /// Whether the run has not finished and still holds its lease
    pub is_running: bool,
}

/// The number of huts by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunHuts {
    pub selected: i32,
    pub updated: i32,
    pub failed: i32,
    pub skipped: i32,
}

/// The number of dates by kind of change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunDates {
    pub created: i32,
    pub changed: i32,
    pub unchanged: i32,
    pub dropped_out: i32,
}

impl Run {
    /// How long the run took; none if it has not finished.
    #[must_use]
    pub fn duration(&self) -> Option<TimeDelta> {
        self.finished_at.map(|finished_at| finished_at - self.started_at)
    }

    /// How the run ended, for people.
    #[must_use]
    pub fn result(&self) -> &'static str {
        match (self.exit_status, self.interrupted) {
            (Some(_), true) => "stopped by a signal",
            (Some(0), _) => "succeeded",
            (Some(1), _) => "some huts failed",
            (Some(_), _) => "failed",
            (None, _) if self.is_running => "running",
            (None, _) => "killed",
        }
    }

    /// Whether an operator should look into the run.
    #[must_use]
    pub fn needs_attention(&self) -> bool {
        !self.interrupted && self.exit_status != Some(0) && !self.is_running
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_of_a_run_follows_from_its_exit_status_signal_and_lease() {
        let at = DateTime::UNIX_EPOCH;
        let run = |exit_status: Option<i16>, interrupted, is_running| Run {
            started_at: at,
            finished_at: exit_status.map(|_| at + TimeDelta::seconds(90)),
            mode: "due".into(),
            host: "pod".into(),
            huts: RunHuts::default(),
            dates: RunDates::default(),
            history_entries: 0,
            exit_status,
            interrupted,
            is_running,
        };
        let summary = |run: Run| {
            let seconds = run.duration().map(|duration| duration.num_seconds());
            (run.result(), run.needs_attention(), seconds)
        };
        assert_eq!(summary(run(Some(0), false, false)), ("succeeded", false, Some(90)));
        assert_eq!(summary(run(Some(1), false, false)), ("some huts failed", true, Some(90)));
        assert_eq!(summary(run(Some(2), false, false)), ("failed", true, Some(90)));
        assert_eq!(summary(run(Some(143), true, false)), ("stopped by a signal", false, Some(90)));
        assert_eq!(summary(run(None, false, true)), ("running", false, None));
        assert_eq!(summary(run(None, false, false)), ("killed", true, None));
    }
}
