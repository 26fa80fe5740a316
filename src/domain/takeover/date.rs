//! Repairs one night of a hut: its row and its history.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::counts::{Correction, Counts};
use crate::domain::state::State;

/// The nights that a check of the other backend asks for, from its own day on.
const DAYS_ASKED: u64 = 365;

/// The row of a night in the other database. Its values are corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TheirRow {
    pub first_checked: DateTime<Utc>,
    pub last_checked: DateTime<Utc>,
    pub state: State,
}

/// An entry of the history of a night in the other database. Its values are corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TheirEntry {
    pub first_checked: DateTime<Utc>,
    pub last_checked: DateTime<Utc>,
    pub state: State,
}

/// The last successful check of a hut, which bounds the times of all of its nights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastSuccess(pub DateTime<Utc>);

impl LastSuccess {
    /// The nights that the check asked for.
    fn asked(self) -> RangeInclusive<NaiveDate> {
        let today = self.0.date_naive();
        today..=today + Days::new(DAYS_ASKED - 1)
    }

    /// Whether the check can have listed a night. It may be that of the day before, where the day begins later.
    fn can_list(self, date: NaiveDate) -> bool {
        date >= self.0.date_naive() - Days::new(1)
    }
}

/// A night as this program stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepairedDate {
    /// The state of the row and of its latest entry.
    pub state: State,
    /// When the night was last listed. None: by the hut's last successful check.
    pub last_checked: Option<DateTime<Utc>>,
    pub withdrawn: bool,
    /// The instants at which the states began, at least one. Each lasts until the next begins, and the latest one
    /// until `last_checked`.
    pub entries: Vec<(DateTime<Utc>, State)>,
}

/// Repairs a night with a row, a history, or both. None if it has neither.
///
/// `entries` are in the order of `(first_checked, id)`.
#[must_use]
pub fn repair_date(
    date: NaiveDate,
    row: Option<&TheirRow>,
    mut entries: Vec<TheirEntry>,
    success: LastSuccess,
    counts: &mut Counts,
) -> Option<RepairedDate> {
    let until = last_listed(date, row, &entries, success)?;
    for entry in &mut entries {
        if entry.first_checked > until {
            counts.correct(Correction::Instant);
            entry.first_checked = until;
        }
    }
    let mut kept = merge(entries, counts);
    match row {
        None => counts.rows_added += 1,
        Some(row) => {
            let is_current = kept.last().is_some_and(|entry| entry.state == row.state);
            if !is_current {
                let begin = if kept.is_empty() { row.first_checked.min(until) } else { until };
                add(&mut kept, begin, row.state, counts);
            }
            if kept.first().is_some_and(|entry| entry.first_checked != row.first_checked) {
                counts.correct(Correction::RowBegin);
            }
        }
    }
    let state = kept.last()?.state;
    let is_listed = until == success.0;
    counts.rows += 1;
    counts.entries += kept.len() as u64;
    Some(RepairedDate {
        state,
        last_checked: (!is_listed).then_some(until),
        withdrawn: !is_listed && success.asked().contains(&date),
        entries: kept.into_iter().map(|entry| (entry.first_checked, entry.state)).collect(),
    })
}

/// When the night was last listed: by its row, or by a later entry, but not after the hut's last check.
fn last_listed(
    date: NaiveDate,
    row: Option<&TheirRow>,
    entries: &[TheirEntry],
    LastSuccess(success): LastSuccess,
) -> Option<DateTime<Utc>> {
    let of_row = row.map(|row| row.last_checked);
    let of_entries = entries.iter().map(|entry| match row {
        Some(_) => entry.first_checked,
        None => entry.first_checked.max(entry.last_checked),
    });
    let listed = of_row.max(of_entries.max())?.min(success);
    if listed < success || LastSuccess(success).can_list(date) {
        return Some(listed);
    }
    // A check lists no night that is past. Two days earlier than the check at least.
    Some((date + Days::new(1)).and_time(NaiveTime::MIN).and_utc())
}

/// Of entries with one instant, the last is kept. Equal neighbours become one. Gaps and overlaps of the others are
/// counted.
fn merge(entries: Vec<TheirEntry>, counts: &mut Counts) -> Vec<TheirEntry> {
    let mut kept: Vec<TheirEntry> = Vec::with_capacity(entries.len());
    for entry in entries {
        if kept.last().is_some_and(|last| last.first_checked == entry.first_checked) {
            counts.doubles_merged += 1;
            kept.pop();
        }
        match kept.last_mut() {
            Some(last) if last.state == entry.state => {
                counts.doubles_merged += 1;
                last.last_checked = last.last_checked.max(entry.last_checked);
            }
            _ => kept.push(entry),
        }
    }
    for (entry, next) in kept.iter().zip(kept.iter().skip(1)) {
        match entry.last_checked.cmp(&next.first_checked) {
            std::cmp::Ordering::Less => counts.gaps_closed += 1,
            std::cmp::Ordering::Greater => counts.overlaps_ended += 1,
            std::cmp::Ordering::Equal => {}
        }
    }
    kept
}

/// Adds the entry of a row that differs from its latest entry. If both begin at the same instant, the row holds.
fn add(kept: &mut Vec<TheirEntry>, begin: DateTime<Utc>, state: State, counts: &mut Counts) {
    counts.entries_added += 1;
    if kept.last().is_some_and(|last| last.first_checked >= begin) {
        counts.doubles_merged += 1;
        kept.pop();
    }
    match kept.last() {
        Some(last) if last.state == state => counts.doubles_merged += 1,
        _ => kept.push(TheirEntry { first_checked: begin, last_checked: begin, state }),
    }
}

#[cfg(test)]
mod tests;
