//! The entries of the history, as several pages show them.

use super::format::Label;
use super::occupancy::Occupancy;
use super::times::{Moment, Times};
use crate::db::pages::changes::Change;
use crate::query::describe::short_places;
use crate::query::paging::Page;
use crate::text::humanize;

/// A state, with the time in which it held.
pub struct EntryView {
    pub places: String,
    pub occupancy: Occupancy,
    pub reservation: &'static str,
    pub hut_type: &'static str,
    pub first_checked: Moment,
    pub last_checked: Moment,
    /// How long the state held, in words.
    pub duration: String,
}

/// The caption of the table of a night's entries. It says so if there are more entries than the page shows.
#[must_use]
pub fn caption(changes: &Page<Change>) -> String {
    if changes.has_next {
        let count = changes.rows.len();
        format!("The last {count} states of this night, newest first. Older states are not shown")
    } else {
        "States of this night, newest first".into()
    }
}

impl EntryView {
    /// Formats a change, whose state may be the current one.
    #[must_use]
    pub fn new(change: &Change, times: &Times) -> Self {
        let Change { entry, is_current, is_withdrawn, .. } = change;
        // A check in the future says nothing of the time until then.
        let until = entry.last_checked.min(times.limits.now).max(entry.first_checked);
        let span = until - entry.first_checked;
        let duration = humanize::duration(span);
        Self {
            places: short_places(&entry.state),
            occupancy: entry.state.into(),
            reservation: entry.state.reservation_status.label(),
            hut_type: entry.state.hut_type.label(),
            first_checked: times.at(entry.first_checked),
            last_checked: times.checked_change(change),
            duration: match is_current {
                _ if *is_withdrawn => format!("{duration}, then no longer listed"),
                // Only the last check has found this state.
                true if span.is_zero() => "new".into(),
                true => format!("{duration} so far"),
                false => duration,
            },
        }
    }
}
