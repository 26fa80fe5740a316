//! The entries of the history, as several pages show them.

use super::format::{self, Label, Moment, Occupancy, Times};
use crate::db::pages::changes::Change;
use crate::query::paging::Page;
use crate::query::views::Entry;
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
    /// Formats an entry; `is_current` says that the hut's last successful check found this state.
    #[must_use]
    pub fn new(entry: &Entry, is_current: bool, times: &Times) -> Self {
        let span = entry.last_checked - entry.first_checked;
        let duration = humanize::duration(span);
        Self {
            places: format::places(&entry.state),
            occupancy: entry.state.into(),
            reservation: entry.state.reservation_status.label(),
            hut_type: entry.state.hut_type.label(),
            first_checked: times.at(entry.first_checked),
            last_checked: times.at(entry.last_checked),
            duration: match is_current {
                // Only the last check has found this state.
                true if span.is_zero() => "new".into(),
                true => format!("{duration} so far"),
                false => duration,
            },
        }
    }
}
