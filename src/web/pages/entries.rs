//! The entries of the history, as several pages show them.

use super::format::Label;
use super::occupancy::Occupancy;
use super::places::short_places;
use super::times::{Moment, Times};
use crate::db::pages::changes::Change;
use crate::query::paging::Page;
use crate::text::texts::Texts;

/// A state, with the time in which it held.
pub struct EntryView {
    pub places: String,
    pub occupancy: Occupancy,
    pub reservation: String,
    pub hut_type: String,
    pub first_checked: Moment,
    pub last_checked: Moment,
    /// How long the state held, in words.
    pub duration: String,
}

/// The caption of the table of a night's entries. It says so if there are more entries than the page shows.
#[must_use]
pub fn caption(t: Texts, changes: &Page<Change>) -> String {
    if changes.has_next {
        t.count("last-states", changes.rows.len()).to_string()
    } else {
        t.get("states")
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
        let t = times.t;
        let duration = t.duration(span);
        Self {
            places: short_places(t, &entry.state),
            occupancy: Occupancy::of_state(t, entry.state),
            reservation: entry.state.reservation_status.label(t),
            hut_type: entry.state.hut_type.label(t),
            first_checked: times.at(entry.first_checked),
            last_checked: times.checked_change(change),
            duration: match is_current {
                _ if *is_withdrawn => {
                    t.with("duration-withdrawn", "duration", duration).to_string()
                }
                // Only the last check has found this state.
                true if span.is_zero() => t.get("new"),
                true => t.with("duration-so-far", "duration", duration).to_string(),
                false => duration,
            },
        }
    }
}
