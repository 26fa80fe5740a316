//! Formats a run for people.

use std::fmt::Write;

use chrono::SecondsFormat;

use super::site_lines::{mass_change, shrunk, site_abandoned, unknown_values};
use crate::domain::delivery::{Notified, Sent};
use crate::domain::run::{HutOutcome, HutResult, Mode, RunResult, SiteResult};
use crate::domain::schedule::budget::Allowance;
use crate::text::humanize::{duration, pluralize};
use crate::text::visible::visible;

/// Formats a run.
#[must_use]
pub fn format(run: &RunResult) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut text, run);
    text + &watches(run)
}

/// A run as one line, for runs again and again.
#[must_use]
pub fn line(run: &RunResult) -> String {
    let started = run.started_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let watches = watches(run);
    let mut line = if run.results.is_empty() {
        format!("{started} no hut is due")
    } else {
        format!(
            "{started} {}: {} updated, {} failed, {} skipped, {} changed",
            pluralize(run.results.len(), "hut"),
            run.count(HutOutcome::Updated),
            run.count(HutOutcome::Failed),
            run.count(HutOutcome::Skipped),
            pluralize(run.diff().changed, "date"),
        )
    };
    if !watches.is_empty() {
        line += &format!("; {}", watches.trim_end());
    }
    line + "\n"
}

/// What was found and sent for the watches.
fn watches(run: &RunResult) -> String {
    let Some(Notified { opened, closed, sent }) = &run.notified else { return String::new() };
    let mut line = format!("watches: {} opened, {closed} closed", pluralize(*opened, "arrival"));
    for (channel, Sent { sent, delayed, failed }) in sent {
        line += &format!("; {channel}: {sent} sent");
        for (count, outcome) in [(delayed, "delayed"), (failed, "failed")] {
            if *count > 0 {
                line += &format!(", {count} {outcome}");
            }
        }
    }
    line + "\n"
}

fn write(out: &mut String, run: &RunResult) -> std::fmt::Result {
    if run.results.is_empty() && run.stopped_by.is_none() {
        writeln!(out, "{}", nothing_selected(run))?;
        return write_budget(out, run);
    }
    if run.dry_run {
        writeln!(out, "dry run: nothing was written")?;
    }
    for result in &run.results {
        write_preview(out, run, result)?;
    }
    let (updated, added) = if run.dry_run { ("to update", "to add") } else { ("updated", "added") };
    writeln!(
        out,
        "{} selected: {} {updated}, {} failed, {} skipped",
        pluralize(run.results.len(), "hut"),
        run.count(HutOutcome::Updated),
        run.count(HutOutcome::Failed),
        run.count(HutOutcome::Skipped),
    )?;
    let sites = run.sites();
    if sites.len() > 1 {
        for site in &sites {
            let SiteResult { organization, selected, failed, skipped, .. } = site;
            let counts = format!("{} {updated}, {failed} failed, {skipped} skipped", site.updated);
            writeln!(out, "  {organization}: {selected} selected: {counts}")?;
        }
    }
    let diff = run.diff();
    writeln!(
        out,
        "{} created, {} changed, {} unchanged, {} dropped out; {} {added} to the history",
        pluralize(diff.created, "date"),
        diff.changed,
        diff.unchanged,
        diff.dropped_out,
        pluralize(diff.history_entries, "entry"),
    )?;
    let others = run.skipped_for_other_runs();
    if others > 0 {
        writeln!(
            out,
            "{} skipped, because other runs are checking them or have checked them",
            pluralize(others, "hut")
        )?;
    }
    let adjustments: usize = run.results.iter().map(|result| result.adjustments).sum();
    if adjustments > 0 {
        let values = pluralize(adjustments, "invalid value");
        let were = if adjustments == 1 { "was" } else { "were" };
        writeln!(out, "{values} from the sites {were} corrected")?;
    }
    for site in &sites {
        if let Some(change) = &site.mass_change {
            writeln!(out, "{}", mass_change(site.organization, change))?;
        }
        if let Some(change) = &site.shrunk {
            writeln!(out, "{}", shrunk(site.organization, change))?;
        }
        if !site.unknown_values.is_empty() {
            let line = unknown_values(site.organization, &site.unknown_values);
            writeln!(out, "{}", visible(&line))?;
        }
    }
    write_budget(out, run)?;
    let (took, storing) = (run.elapsed.as_secs_f64(), run.storing.as_secs_f64());
    writeln!(out, "took {took:.1} s, of which {storing:.2} s comparing and storing")?;
    if run.stopped_by.is_some() {
        writeln!(out, "stopped by a signal; the skipped huts stay due")?;
    }
    write_failures(out, run)
}

/// `budget: 12 of 20 checks spent; 340 of 2668 today`
fn write_budget(out: &mut String, run: &RunResult) -> std::fmt::Result {
    let Some(Allowance { checks, spent_today, per_day, .. }) = run.budget else { return Ok(()) };
    let spent = run.budget_spent();
    let today = spent_today as usize + spent;
    writeln!(out, "budget: {spent} of {checks} accrued checks spent; {today} of {per_day:.0} today")
}

fn nothing_selected(run: &RunResult) -> &'static str {
    match run.mode {
        Mode::Due => "no hut is due",
        Mode::All | Mode::Hut => "no hut has a booking reference",
    }
}

/// Lists what a run would change in a hut, if this is a dry run.
fn write_preview(out: &mut String, run: &RunResult, result: &HutResult) -> std::fmt::Result {
    if !run.dry_run {
        return Ok(());
    }
    let (hut, reason, diff) = (&result.hut, result.reason, &result.diff);
    match result.outcome {
        HutOutcome::Failed => Ok(()),
        // Listed once for the whole site.
        HutOutcome::Skipped if result.failure.is_some() => Ok(()),
        HutOutcome::Skipped => {
            // A plan.
            let next =
                |interval| format!(", then again in {} unless it changes", duration(interval));
            let next = result.interval.map(next);
            writeln!(out, "  {hut} ({reason}){}", next.unwrap_or_default())
        }
        HutOutcome::Updated => {
            let created = format!("{} to create", pluralize(diff.created, "date"));
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

/// Lists the abandoned sites, each in one line with the number of its skipped huts, and the failed huts.
fn write_failures(out: &mut String, run: &RunResult) -> std::fmt::Result {
    let sites = run.sites().into_iter();
    write_list(
        out,
        "abandoned",
        sites.filter_map(|site| Some(site_abandoned(site.organization, site.skipped, site.left?))),
    )?;
    let failed = run.results.iter().filter(|result| result.outcome == HutOutcome::Failed);
    write_list(
        out,
        "failed",
        failed.filter_map(|result| {
            let failure = result.failure.as_ref()?;
            Some(format!("{} ({}): {failure}", result.hut, result.organization))
        }),
    )
}

fn write_list(
    out: &mut String,
    title: &str,
    lines: impl Iterator<Item = String>,
) -> std::fmt::Result {
    for (index, line) in lines.enumerate() {
        if index == 0 {
            writeln!(out, "{title}:")?;
        }
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
