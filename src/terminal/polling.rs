//! Renders how the huts are polled: the budget, and how much of what is stored is expected to be true.

use std::fmt::Write;

use chrono::{DateTime, TimeDelta, Utc};
use comfy_table::Cell;

use super::screen::{Narrowing, Screen};
use crate::query::polling::{Accuracy, BudgetStatus, Polling, StaleHut};
use crate::text::humanize::duration;
use crate::text::visible::visible;

/// The lines about the schedule as a whole.
#[must_use]
pub fn text(polling: &Polling) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut text, polling);
    text
}

fn write(out: &mut String, polling: &Polling) -> std::fmt::Result {
    if let Some(budget) = &polling.budget {
        let BudgetStatus { per_day, spent_today, available, needed_per_day, needed_per_hut } =
            budget;
        writeln!(
            out,
            "budget        {per_day:.0} checks a day, {spent_today} spent today, {available} available now"
        )?;
        if let Some(needed) = needed_per_hut {
            writeln!(
                out,
                "              the longest intervals need {needed_per_day:.0}: raise --checks-per-day to {needed:.2} or more"
            )?;
        }
    }
    let Some(Accuracy { now_percent, mean_percent }) = polling.accuracy() else { return Ok(()) };
    writeln!(
        out,
        "accuracy      {now_percent:.1} % of the open nights are expected to be as stored, {mean_percent:.1} % in the mean of a day"
    )
}

/// The huts with the most nights that are expected to be untrue.
#[must_use]
pub fn stalest(polling: &Polling, now: DateTime<Utc>, screen: Screen) -> String {
    let columns = ["STALEST HUTS", "AGE", "CHANGES A DAY", "OPEN NIGHTS", "UNTRUE", "DUE"];
    let mut table = screen.table_of(&columns, &[2, 3, 4]);
    for hut in &polling.stalest {
        let StaleHut { slug, age_seconds, changes_per_day, open_nights, untrue_nights, due } = hut;
        let due = if *due <= now { "now".into() } else { format!("in {}", duration(*due - now)) };
        table.add_row([
            Cell::new(visible(slug)),
            Cell::new(duration(TimeDelta::seconds(*age_seconds))),
            Cell::new(format!("{changes_per_day:.1}")),
            Cell::new(open_nights),
            Cell::new(format!("{untrue_nights:.1}")),
            Cell::new(due),
        ]);
    }
    // Without what the number of untrue nights is made of.
    screen.fit(table, &Narrowing { drop: &[3, 2], shorten: &[0] })
}
