//! The log of runs, as input for tests.

use std::time::Duration;

use chrono::TimeDelta;
use hut_availability::db::connection::Db;
use hut_availability::db::update_run::{self, Ended};
use hut_availability::domain::diff::DiffCounts;
use hut_availability::domain::failure::{ErrorKind, Failure};
use hut_availability::domain::run::{HutOutcome, HutResult, Mode, RunResult};
use hut_availability::domain::schedule::Reason;

use super::checks::at;

/// Logs the run of 10:00, which polled three huts and failed for one of them.
pub fn log_run(db: &mut Db) {
    let (started_at, finished_at) = (at("10:00"), at("10:03"));
    let lease = TimeDelta::minutes(1);
    let token = update_run::begin(db, started_at, Mode::Due, "update-1", 3, lease).unwrap();
    let result = |outcome, failure: Option<Failure>| HutResult {
        hut: "hut".into(),
        organization: "hrs".into(),
        reason: Reason::High,
        is_budgeted: false,
        interval: None,
        outcome,
        diff: DiffCounts { changed: 4, history_entries: 4, ..DiffCounts::default() },
        why_skipped: None,
        failure,
        took: None,
        adjustments: 0,
        unknown_values: Default::default(),
        preview: Vec::new(),
    };
    let failure = Failure::new(ErrorKind::Timeout, "no answer");
    let run = RunResult {
        started_at,
        finished_at,
        mode: Mode::Due,
        dry_run: false,
        stopped_by: None,
        results: vec![
            result(HutOutcome::Updated, None),
            result(HutOutcome::Updated, None),
            result(HutOutcome::Failed, Some(failure)),
        ],
        budget: None,
        notified: None,
        elapsed: Duration::ZERO,
        storing: Duration::ZERO,
        timings: None,
    };
    update_run::end(db, token.run_id, &Ended::from(&run)).unwrap();
}
