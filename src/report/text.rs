//! The summary for people.

use std::fmt::Write;

use super::counted;
use crate::event::{HutResult, Mode, Outcome, RunResult};

/// Formats a run.
#[must_use]
pub fn format(run: &RunResult) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut text, run);
    text
}

fn write(out: &mut String, run: &RunResult) -> std::fmt::Result {
    if run.results.is_empty() && run.stopped_by.is_none() {
        return writeln!(out, "{}", nothing_selected(run));
    }
    if run.dry_run {
        writeln!(out, "dry run: nothing is written")?;
    }
    for result in &run.results {
        write_preview(out, run, result)?;
    }
    let count = |outcome| run.count(outcome);
    writeln!(
        out,
        "{} selected: {} updated, {} failed, {} skipped",
        counted(run.results.len(), "hut"),
        count(Outcome::Updated),
        count(Outcome::Failed),
        count(Outcome::Skipped),
    )?;
    let diff = run.diff();
    writeln!(
        out,
        "{} created, {} changed, {} unchanged, {} dropped out; {} added to the history",
        counted(diff.created, "date"),
        diff.changed,
        diff.unchanged,
        diff.dropped_out,
        counted_entries(diff.history_entries),
    )?;
    let adjustments: usize = run.results.iter().map(|result| result.adjustments).sum();
    if adjustments > 0 {
        writeln!(out, "{} of the sites put right", counted(adjustments, "value"))?;
    }
    let (took, storing) = (run.elapsed.as_secs_f64(), run.storing.as_secs_f64());
    writeln!(out, "took {took:.1} s, {storing:.2} s of it comparing and storing")?;
    if run.stopped_by.is_some() {
        writeln!(out, "stopped by a signal; the skipped huts stay due")?;
    }
    write_failures(out, run)
}

fn nothing_selected(run: &RunResult) -> &'static str {
    match run.mode {
        Mode::Due => "no hut is due",
        Mode::All | Mode::Hut => "no hut has a booking reference",
    }
}

fn counted_entries(count: usize) -> String {
    if count == 1 { "1 entry".into() } else { format!("{count} entries") }
}

/// What a dry run would do to a hut.
fn write_preview(out: &mut String, run: &RunResult, result: &HutResult) -> std::fmt::Result {
    if !run.dry_run {
        return Ok(());
    }
    let (hut, reason, diff) = (&result.hut, result.reason, &result.diff);
    match result.outcome {
        Outcome::Failed => Ok(()),
        Outcome::Skipped => writeln!(out, "  {hut} ({reason})"),
        Outcome::Updated => {
            let created = format!("{} to create", counted(diff.created, "date"));
            let (changed, dropped_out) = (diff.changed, diff.dropped_out);
            writeln!(
                out,
                "  {hut} ({reason}): {created}, {changed} to change, {dropped_out} dropped out"
            )?;
            for date in &result.preview {
                writeln!(out, "    {date}")?;
            }
            match changed - result.preview.len() {
                0 => Ok(()),
                more => writeln!(out, "    and {more} more"),
            }
        }
    }
}

fn write_failures(out: &mut String, run: &RunResult) -> std::fmt::Result {
    let failures: Vec<_> =
        run.results.iter().filter_map(|result| Some((result, result.failure.as_ref()?))).collect();
    if failures.is_empty() {
        return Ok(());
    }
    writeln!(out, "failed:")?;
    for (result, failure) in failures {
        let (hut, organization) = (&result.hut, &result.organization);
        writeln!(out, "  {hut} ({organization}): {}: {}", failure.kind, failure.message)?;
    }
    Ok(())
}
