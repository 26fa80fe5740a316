//! Entries of the history, as several pages show them.

use super::format::{self, Label, Moment, Occupancy, Times};
use crate::db::pages::changes::Change;
use crate::query::paging::Page;
use crate::query::views::Entry;
use crate::text::humanize;

/// A state, since when, and for how long.
pub struct EntryShown {
    pub places: String,
    pub occupancy: Occupancy,
    pub reservation: &'static str,
    pub hut_type: &'static str,
    pub first_checked: Moment,
    pub last_checked: Moment,
    /// In words.
    pub duration: String,
}

/// What the entries of a night are called, which is not all of them where they are too many.
#[must_use]
pub fn caption(changes: &Page<Change>) -> String {
    let order = "the newest first";
    if changes.has_next {
        let shown = changes.rows.len();
        format!("The last {shown} states of that night, {order}; older ones are not shown")
    } else {
        format!("States of that night, {order}")
    }
}

impl EntryShown {
    /// An entry; `is_still_so` where the hut's last successful check found it so.
    #[must_use]
    pub fn new(entry: &Entry, is_still_so: bool, times: &Times) -> Self {
        let span = entry.last_checked - entry.first_checked;
        let lasted = humanize::duration(span);
        Self {
            places: format::places(&entry.state),
            occupancy: entry.state.into(),
            reservation: entry.state.reservation_status.label(),
            hut_type: entry.state.hut_type.label(),
            first_checked: times.at(entry.first_checked),
            last_checked: times.at(entry.last_checked),
            duration: match is_still_so {
                // No later check has found it again.
                true if span.is_zero() => "just found".into(),
                true => format!("still so, for {lasted}"),
                false => lasted,
            },
        }
    }
}
