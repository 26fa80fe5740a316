//! Writes a run to the JSON log: its start, each hut, its end.

use std::collections::HashSet;

use super::site_lines::site_abandoned;
use crate::domain::exit_status::ExitStatus;
use crate::domain::run::{HutOutcome, HutResult, RunResult};
use crate::update::event::{Reporter, RunEvent};

/// Logs each hut once, also huts that were not asked.
#[derive(Default)]
pub struct Log {
    /// Slugs of the huts that are logged already.
    logged: HashSet<String>,
}

impl Reporter for Log {
    fn report(&mut self, event: &RunEvent<'_>) {
        match event {
            RunEvent::Selected(huts) => tracing::info!(huts_selected = huts, "run started"),
            RunEvent::Answered => {}
            RunEvent::Done(result) => {
                self.logged.insert(result.hut.clone());
                log_hut(result);
            }
            RunEvent::SiteAbandoned { organization, skipped, why } => tracing::error!(
                organization,
                huts_skipped = skipped,
                error_kind = %why.kind,
                error_message = why.message,
                "{}",
                site_abandoned(organization, *skipped, why)
            ),
            RunEvent::Finished(run) => {
                let is_new = |result: &&HutResult| !self.logged.contains(&result.hut);
                run.results.iter().filter(is_new).for_each(log_hut);
                log_run(run);
            }
        }
    }
}

/// Logs the result of a hut. Fields without a value are left out.
fn log_hut(result: &HutResult) {
    let failure = result.failure.as_ref();
    // The level of a tracing event must be known at compile time, so each level needs its own call.
    macro_rules! log_at {
        ($level:ident) => {
            tracing::$level!(
                hut = result.hut,
                organization = result.organization,
                reason = %result.reason,
                outcome = %result.outcome,
                duration_seconds = result.took.map(|took| took.as_secs_f64()),
                created = result.diff.created,
                changed = result.diff.changed,
                unchanged = result.diff.unchanged,
                dropped_out = result.diff.dropped_out,
                adjustments = result.adjustments,
                nights_withdrawn = result.diff.lost,
                why_skipped = result.why_skipped.map(|why| why.to_string()),
                error_kind = failure.map(|failure| <&str>::from(failure.kind)),
                error_message = failure.map(|failure| failure.message.as_str()),
                "hut {}", result.outcome
            )
        };
    }
    match result.outcome {
        // --quiet suppresses info, but must show failures.
        HutOutcome::Failed => log_at!(error),
        HutOutcome::Updated | HutOutcome::Skipped => log_at!(info),
    }
}

fn log_run(run: &RunResult) {
    let diff = run.diff();
    tracing::info!(
        mode = %run.mode,
        dry_run = run.dry_run,
        interrupted = run.stopped_by.is_some(),
        exit_status = ExitStatus::of(run).code(),
        duration_seconds = run.elapsed.as_secs_f64(),
        huts_selected = run.results.len(),
        huts_updated = run.count(HutOutcome::Updated),
        huts_failed = run.count(HutOutcome::Failed),
        huts_skipped = run.count(HutOutcome::Skipped),
        created = diff.created,
        changed = diff.changed,
        unchanged = diff.unchanged,
        dropped_out = diff.dropped_out,
        history_entries = diff.history_entries,
        "run finished"
    );
}
