//! Pure: what is known of the runs of `update-availability`, from the log that they keep.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    pub started_at: DateTime<Utc>,
    /// None while it goes on, and of one that was killed
    pub finished_at: Option<DateTime<Utc>>,
    /// `due`, `all` or `hut`
    pub mode: String,
    /// The name of the machine, or the pod
    pub host: String,
    pub huts: RunHuts,
    pub dates: RunDates,
    pub history_entries: i32,
    pub exit_status: Option<i16>,
    /// By a signal
    pub interrupted: bool,
    /// It has no end, and holds its lease
    pub is_running: bool,
}

/// How many huts had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunHuts {
    pub selected: i32,
    pub updated: i32,
    pub failed: i32,
    pub skipped: i32,
}

/// How many dates changed in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunDates {
    pub created: i32,
    pub changed: i32,
    pub unchanged: i32,
    pub dropped_out: i32,
}

impl Run {
    /// How long it took.
    #[must_use]
    pub fn took(&self) -> Option<TimeDelta> {
        self.finished_at.map(|finished_at| finished_at - self.started_at)
    }

    /// How it ended, in words.
    #[must_use]
    pub fn end(&self) -> &'static str {
        match (self.exit_status, self.interrupted) {
            (Some(_), true) => "stopped by a signal",
            (Some(0), _) => "well",
            (Some(1), _) => "some huts failed",
            (Some(_), _) => "nothing could be done",
            (None, _) if self.is_running => "goes on",
            (None, _) => "without a word: it was killed",
        }
    }

    /// Whether somebody should look why.
    #[must_use]
    pub fn is_amiss(&self) -> bool {
        !self.interrupted && self.exit_status != Some(0) && !self.is_running
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_says_how_it_ended() {
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
        let said =
            |run: Run| (run.end(), run.is_amiss(), run.took().map(|took| took.num_seconds()));
        assert_eq!(said(run(Some(0), false, false)), ("well", false, Some(90)));
        assert_eq!(said(run(Some(1), false, false)), ("some huts failed", true, Some(90)));
        assert_eq!(said(run(Some(2), false, false)), ("nothing could be done", true, Some(90)));
        assert_eq!(said(run(Some(143), true, false)), ("stopped by a signal", false, Some(90)));
        assert_eq!(said(run(None, false, true)), ("goes on", false, None));
        assert_eq!(said(run(None, false, false)), ("without a word: it was killed", true, None));
    }
}
