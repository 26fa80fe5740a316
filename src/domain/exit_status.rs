//! Exit statuses, chosen in one place.

use std::process::ExitCode;

use crate::domain::run::RunResult;
use crate::domain::signal::Signal;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// All selected huts are updated, or none was due.
    Done,
    /// Some huts failed, or were skipped because their site was abandoned.
    SomeFailed,
    /// A usage or database error, or every hut failed or was skipped because its site was abandoned.
    NothingDone,
    Stopped(Signal),
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

impl ExitStatus {
    /// The number that the process returns.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::SomeFailed => 1,
            Self::NothingDone => 2,
            // 128 plus the signal's number, as in shells.
            Self::Stopped(Signal::Interrupt) => 130,
            Self::Stopped(Signal::Terminate) => 143,
        }
    }

    /// How a run ended. A signal takes precedence over failures. A skipped hut is no failure (a newer check
    /// is stored) unless its site was abandoned.
    #[must_use]
    pub fn of(run: &RunResult) -> Self {
        let failed = run.results.iter().filter(|result| result.failure.is_some()).count();
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
    use crate::domain::failure::ErrorKind;
    use crate::domain::failure::Failure;
    use crate::domain::hut::{FollowedHut, HutTypes};
    use crate::domain::lease::LastTry;
    use crate::domain::run::{HutOutcome, HutResult, Mode};
    use crate::domain::schedule::{Observed, Reason, SelectedHut};
    use crate::domain::validators::Validators;
    use std::time::Duration;

    fn selected() -> SelectedHut {
        let hut = FollowedHut {
            id: 1,
            slug: "hut".into(),
            organization: "hrs".into(),
            source_hut_id: "1".into(),
            link: None,
            types: HutTypes::default(),
        };
        SelectedHut {
            hut,
            reason: Reason::New,
            interval: None,
            is_budgeted: false,
            last_try: LastTry::default(),
            cached: Validators::default(),
            observed: Observed::default(),
            latest_instant: None,
        }
    }

    fn updated() -> HutResult {
        HutResult { outcome: HutOutcome::Updated, ..skipped() }
    }

    fn skipped() -> HutResult {
        HutResult::skipped(&selected())
    }

    fn failed() -> HutResult {
        HutResult::failed(&selected(), Failure::new(ErrorKind::Connect, "refused"))
    }

    fn abandoned() -> HutResult {
        let failure = Failure::new(ErrorKind::Connect, "the site was abandoned");
        HutResult::site_abandoned(&selected(), &failure)
    }

    fn run(results: &[HutResult], stopped_by: Option<Signal>) -> ExitStatus {
        ExitStatus::of(&RunResult {
            started_at: chrono::DateTime::UNIX_EPOCH,
            finished_at: chrono::DateTime::UNIX_EPOCH,
            mode: Mode::Due,
            dry_run: false,
            stopped_by,
            results: results.to_vec(),
            budget: None,
            notified: None,
            elapsed: Duration::ZERO,
            storing: Duration::ZERO,
            timings: None,
        })
    }

    #[test]
    fn the_status_says_how_much_was_done() {
        assert_eq!(run(&[], None), ExitStatus::Done);
        assert_eq!(run(&[updated(), skipped()], None), ExitStatus::Done);
        assert_eq!(run(&[skipped()], None), ExitStatus::Done);
        assert_eq!(run(&[updated(), failed()], None), ExitStatus::SomeFailed);
        assert_eq!(run(&[skipped(), failed()], None), ExitStatus::SomeFailed);
        assert_eq!(run(&[failed(), failed()], None), ExitStatus::NothingDone);
        let stopped = run(&[failed()], Some(Signal::Terminate));
        assert_eq!(stopped, ExitStatus::Stopped(Signal::Terminate));
    }

    #[test]
    fn huts_of_an_abandoned_site_count_as_failed() {
        assert_eq!(run(&[updated(), failed(), abandoned()], None), ExitStatus::SomeFailed);
        assert_eq!(run(&[updated(), abandoned()], None), ExitStatus::SomeFailed);
        assert_eq!(run(&[failed(), abandoned()], None), ExitStatus::NothingDone);
        assert_eq!(run(&[abandoned()], None), ExitStatus::NothingDone);
    }
}
