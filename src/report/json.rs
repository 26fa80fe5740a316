//! The report for programs: one object, its shape fixed by the contract.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::due::Reason;
use crate::event::{Failure, Mode, Outcome, RunResult};

#[derive(Serialize)]
struct Report<'a> {
    started_at: DateTime<Utc>,
    finished_at: DateTime<Utc>,
    mode: Mode,
    dry_run: bool,
    interrupted: bool,
    huts: Huts,
    dates: Dates,
    history_entries: usize,
    results: Vec<HutReport<'a>>,
}

#[derive(Serialize)]
struct Huts {
    selected: usize,
    updated: usize,
    failed: usize,
    skipped: usize,
}

#[derive(Serialize)]
struct Dates {
    created: usize,
    changed: usize,
    unchanged: usize,
    dropped_out: usize,
}

#[derive(Serialize)]
struct HutReport<'a> {
    hut: &'a str,
    organization: &'a str,
    reason: Reason,
    outcome: Outcome,
    created: usize,
    changed: usize,
    unchanged: usize,
    error: Option<&'a Failure>,
}

/// Formats a run, with a line break at its end.
#[must_use]
pub fn format(run: &RunResult) -> String {
    let diff = run.diff();
    let results = run.results.iter().map(|result| HutReport {
        hut: &result.hut,
        organization: &result.organization,
        reason: result.reason,
        outcome: result.outcome,
        created: result.diff.created,
        changed: result.diff.changed,
        unchanged: result.diff.unchanged,
        error: result.failure.as_ref(),
    });
    let report = Report {
        started_at: run.started_at,
        finished_at: run.finished_at,
        mode: run.mode,
        dry_run: run.dry_run,
        interrupted: run.stopped_by.is_some(),
        huts: Huts {
            selected: run.results.len(),
            updated: run.count(Outcome::Updated),
            failed: run.count(Outcome::Failed),
            skipped: run.count(Outcome::Skipped),
        },
        dates: Dates {
            created: diff.created,
            changed: diff.changed,
            unchanged: diff.unchanged,
            dropped_out: diff.dropped_out,
        },
        history_entries: diff.history_entries,
        results: results.collect(),
    };
    let mut json = serde_json::to_string(&report).expect("plain values have JSON");
    json.push('\n');
    json
}
