//! Exit statuses, chosen in one place.

use std::process::ExitCode;

use crate::event::{Outcome, RunResult, Signal};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// All selected huts are updated, or none was due.
    Done,
    SomeFailed,
    /// Usage, database, or every hut failed.
    NothingDone,
    Stopped(Signal),
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Done => 0,
            ExitStatus::SomeFailed => 1,
            ExitStatus::NothingDone => 2,
            // 128 and the signal's number, as shells have it.
            ExitStatus::Stopped(Signal::Interrupt) => 130,
            ExitStatus::Stopped(Signal::Terminate) => 143,
        })
    }
}

impl ExitStatus {
    /// How a run ended. A signal goes before what had failed until then.
    #[must_use]
    pub fn of(run: &RunResult) -> Self {
        let failed = run.count(Outcome::Failed);
        match run.stopped_by {
            Some(signal) => Self::Stopped(signal),
            None if failed == 0 => Self::Done,
            None if failed == run.results.len() => Self::NothingDone,
            None => Self::SomeFailed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::due::Reason;
    use crate::event::{DiffCounts, HutResult, Mode};
    use std::time::Duration;

    fn run(outcomes: &[Outcome], stopped_by: Option<Signal>) -> ExitStatus {
        let result = |outcome: &Outcome| HutResult {
            hut: "hut".into(),
            organization: "hrs".into(),
            reason: Reason::New,
            outcome: *outcome,
            diff: DiffCounts::default(),
            failure: None,
            adjustments: 0,
            preview: Vec::new(),
        };
        ExitStatus::of(&RunResult {
            started_at: chrono::DateTime::UNIX_EPOCH,
            finished_at: chrono::DateTime::UNIX_EPOCH,
            mode: Mode::Due,
            dry_run: false,
            stopped_by,
            results: outcomes.iter().map(result).collect(),
            elapsed: Duration::ZERO,
            storing: Duration::ZERO,
        })
    }

    #[test]
    fn the_status_says_how_much_was_done() {
        use Outcome::{Failed, Skipped, Updated};
        assert_eq!(run(&[], None), ExitStatus::Done);
        assert_eq!(run(&[Updated, Skipped], None), ExitStatus::Done);
        assert_eq!(run(&[Updated, Failed], None), ExitStatus::SomeFailed);
        assert_eq!(run(&[Failed, Failed], None), ExitStatus::NothingDone);
        let stopped = run(&[Failed], Some(Signal::Terminate));
        assert_eq!(stopped, ExitStatus::Stopped(Signal::Terminate));
    }
}
