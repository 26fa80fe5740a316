//! A run as events of the log, for programs that read it: its start, each hut, its end.

use std::collections::HashSet;

use super::site_lines::left;
use crate::domain::exit_status::ExitStatus;
use crate::domain::run::{HutOutcome, HutResult, RunResult};
use crate::update::event::{Reporter, RunEvent};

/// Tells of each hut once, also of those that were not asked.
#[derive(Default)]
pub struct Log {
    /// Slugs of the huts that were told of.
    told: HashSet<String>,
}

impl Reporter for Log {
    fn report(&mut self, event: &RunEvent<'_>) {
        match event {
            RunEvent::Selected(huts) => tracing::info!(huts_selected = huts.len(), "run started"),
            RunEvent::Answered => {}
            RunEvent::Done(result) => {
                self.told.insert(result.hut.clone());
                hut(result);
            }
            RunEvent::SiteAbandoned { organization, skipped, why } => tracing::error!(
                organization,
                huts_skipped = skipped,
                error_kind = %why.kind,
                error_message = why.message,
                "{}",
                left(organization, *skipped, why)
            ),
            RunEvent::Finished(run) => {
                let untold = |result: &&HutResult| !self.told.contains(&result.hut);
                run.results.iter().filter(untold).for_each(hut);
                finished(run);
            }
        }
    }
}

/// What became of a hut. A field that has no value is left out.
fn hut(result: &HutResult) {
    let failure = result.failure.as_ref();
    // Macros write an event's level into the program, so that there is one for each.
    macro_rules! tell {
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
                why_skipped = result.why_skipped.map(|why| why.to_string()),
                error_kind = failure.map(|failure| <&str>::from(failure.kind)),
                error_message = failure.map(|failure| failure.message.as_str()),
                "hut {}", result.outcome
            )
        };
    }
    match result.outcome {
        // What failed is told by --quiet, too.
        HutOutcome::Failed => tell!(error),
        HutOutcome::Updated | HutOutcome::Skipped => tell!(info),
    }
}

fn finished(run: &RunResult) {
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
