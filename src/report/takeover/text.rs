//! The report for people.

use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::domain::database_url::DatabaseUrl;
use crate::ops::takeover::TakenOver;
use crate::text::humanize::pluralize;
use crate::text::visible::visible;

/// Formats a takeover for people.
pub fn text(from: &DatabaseUrl, to: &DatabaseUrl, dry_run: bool, taken: &TakenOver) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut text, from, to, dry_run, taken);
    text
}

fn write(
    out: &mut String,
    from: &DatabaseUrl,
    to: &DatabaseUrl,
    dry_run: bool,
    taken: &TakenOver,
) -> std::fmt::Result {
    let counts = &taken.counts;
    writeln!(
        out,
        "{from} (Wodore backend of {}), read at {}: {}",
        taken.version,
        rfc3339(taken.read_at),
        pluralize(taken.huts, "hut")
    )?;
    let verb = if dry_run { "would be taken over" } else { "taken over" };
    let mut line = |name: &str, value: u64, note: &str| {
        writeln!(out, "{}", format!("  {name:<22} {value:>10}  {note}").trim_end())
    };
    line(
        "huts",
        taken.taken as u64,
        &format!(
            "{verb} ({} as before, {} new, {} changed)",
            taken.unchanged, taken.new, taken.changed
        ),
    )?;
    line("followed", taken.followed as u64, "")?;
    line("inactive", taken.inactive as u64, "")?;
    line("not public", taken.not_public as u64, "")?;
    line("nights", counts.rows, &format!("of {} read", counts.rows_read))?;
    line("history entries", counts.entries, &format!("of {} read", counts.entries_read))?;
    line("gaps closed", counts.gaps_closed, "an entry ended before the next one began")?;
    line("overlaps ended", counts.overlaps_ended, "an entry ended after the next one began")?;
    line("doubles merged", counts.doubles_merged, "entries with one instant, or equal neighbours")?;
    line("entries added", counts.entries_added, "a night had none, or differed from its latest")?;
    line("nights added", counts.rows_added, "a night had a history only")?;
    line("values corrected", counts.values_corrected(), "")?;
    for (correction, value) in &counts.corrected {
        line(&format!("  {}", correction.to_string().replace('_', " ")), *value, "")?;
    }
    if !taken.gone.is_empty() {
        let huts = taken.gone.join(", ");
        writeln!(out, "no longer in their database, kept and inactive: {}", visible(&huts))?;
    }
    if !taken.not_taken.is_empty() {
        writeln!(out, "not taken:")?;
        for it in &taken.not_taken {
            let line = format!(
                "{} {:?} ({}): {}",
                it.subject.to_string().replace('_', " "),
                it.name,
                it.number,
                it.reason
            );
            writeln!(out, "  {}", visible(&line))?;
        }
    }
    if taken.is_stopped {
        let left = taken.huts.saturating_sub(taken.taken + taken.unchanged);
        return writeln!(
            out,
            "stopped before {}; run the same command again to continue",
            pluralize(left, "hut")
        );
    }
    if dry_run {
        return writeln!(out, "nothing was written to {to}");
    }
    let huts = pluralize(taken.huts, "hut");
    writeln!(
        out,
        "{huts} in {to} are not polled until `hut-availability takeover --finish`: first stop the job of the Wodore \
         backend, and run the same command again to catch up"
    )
}

/// An instant in seconds.
pub fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
