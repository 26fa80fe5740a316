//! Sample results for the tests of the report formats.

use std::time::Duration;

use crate::domain::diff::DiffCounts;
use crate::domain::failure::{ErrorKind, Failure};
use crate::domain::run::{HutOutcome, HutResult, Mode, RunResult};
use crate::domain::schedule::Reason;
use crate::domain::unknown_values::UnknownValues;

pub(crate) fn updated() -> HutResult {
    HutResult {
        hut: "watzmannhaus".into(),
        organization: "hrs".into(),
        reason: Reason::High,
        is_budgeted: false,
        interval: None,
        outcome: HutOutcome::Updated,
        diff: DiffCounts {
            created: 1,
            changed: 12,
            unchanged: 352,
            dropped_out: 1,
            history_entries: 13,
            bookable: 200,
            turned: 3,
            coming: 364,
            lost: 0,
        },
        why_skipped: None,
        failure: None,
        took: Some(Duration::from_millis(310)),
        adjustments: 2,
        unknown_values: UnknownValues::default(),
        preview: vec!["2026-07-04: 12/40 free → 8/40".into()],
    }
}

pub(crate) fn failed() -> HutResult {
    HutResult {
        hut: "taellihuette".into(),
        organization: "hrs".into(),
        reason: Reason::New,
        is_budgeted: false,
        interval: None,
        outcome: HutOutcome::Failed,
        diff: DiffCounts::default(),
        why_skipped: None,
        failure: Some(Failure {
            kind: ErrorKind::Timeout,
            message: "no complete answer within 30 s".into(),
        }),
        took: Some(Duration::from_secs(30)),
        adjustments: 0,
        unknown_values: UnknownValues::default(),
        preview: Vec::new(),
    }
}

/// A hut of another site, which was abandoned.
pub(crate) fn abandoned(hut: &str) -> HutResult {
    let failure = Failure {
        kind: ErrorKind::Connect,
        message: "the site was abandoned: 5 huts in a row …".into(),
    };
    HutResult {
        hut: hut.into(),
        organization: "huetten-holiday".into(),
        outcome: HutOutcome::Skipped,
        failure: Some(failure),
        took: None,
        ..failed()
    }
}

pub(crate) fn run(results: Vec<HutResult>) -> RunResult {
    RunResult {
        started_at: "2026-07-01T10:00:00Z".parse().unwrap(),
        finished_at: "2026-07-01T10:00:03.25Z".parse().unwrap(),
        mode: Mode::Due,
        dry_run: false,
        stopped_by: None,
        results,
        budget: None,
        notified: None,
        elapsed: Duration::from_millis(3250),
        storing: Duration::from_millis(120),
        timings: None,
    }
}
