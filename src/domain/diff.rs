//! Pure: what a check changes in the database.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::availability::Check;
use crate::domain::state::State;

/// A stored date of a hut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDay {
    pub state: State,
    pub organization: String,
    pub source_hut_id: String,
    /// Whether the hut's last successful check listed the date. A date that dropped out keeps its state
    /// and the time of the last check that listed it.
    pub is_listed: bool,
    /// Whether a check whose range covers the date did not list it, and none has listed it since.
    pub withdrawn: bool,
}

impl StoredDay {
    /// Whether `state` differs from the stored one. The source is not a part of a state.
    #[must_use]
    pub fn has_changed(&self, state: &State) -> bool {
        self.state != *state
    }

    fn has_other_source(&self, check: &Check) -> bool {
        self.organization != check.organization || self.source_hut_id != check.source_hut_id
    }
}

/// A date and its new state.
pub type Day = (NaiveDate, State);

/// A date whose state changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedDay {
    pub date: NaiveDate,
    pub before: State,
    pub after: State,
}

/// What a check changes. Every date of the check is in exactly one of the first five fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Dates without a row.
    pub created: Vec<Day>,
    /// Dates whose state differs, whether they were listed before or not.
    pub changed: Vec<ChangedDay>,
    /// Dates that had dropped out, or were withdrawn, and are listed again in the same state.
    pub returned: Vec<Day>,
    /// Dates in the same state from another source. They add no history.
    pub moved: Vec<Day>,
    /// Unchanged dates. Nothing is written for them.
    pub steady: usize,
    /// Dates that the last check listed and this check does not.
    pub dropped_out: Vec<NaiveDate>,
    /// Dates in the range of this check that it does not list and that were not withdrawn before. Some are
    /// among the dates that dropped out; the others were out of the range of the last check.
    pub withdrawn: Vec<NaiveDate>,
    /// Dates in the range of this check that the last check listed.
    pub coming: usize,
    /// Stored dates on which places could be booked before or can be booked now.
    pub bookable: usize,
}

impl Diff {
    /// Compares a check with the hut's stored dates. `stored` needs at least the listed dates and the
    /// dates that the check lists.
    #[must_use]
    pub fn new(stored: &BTreeMap<NaiveDate, StoredDay>, check: &Check) -> Self {
        let mut diff = Self::default();
        for (&date, &state) in &check.days {
            let was_bookable = stored.get(&date).map(|day| day.state.is_bookable());
            diff.bookable +=
                usize::from(was_bookable.is_some_and(|was| was || state.is_bookable()));
            match stored.get(&date) {
                None => diff.created.push((date, state)),
                Some(day) if day.has_changed(&state) => {
                    diff.changed.push(ChangedDay { date, before: day.state, after: state });
                }
                Some(day) if !day.is_listed => diff.returned.push((date, state)),
                Some(day) if day.has_other_source(check) => diff.moved.push((date, state)),
                Some(_) => diff.steady += 1,
            }
        }
        let dropped_out = |(date, day): (&NaiveDate, &StoredDay)| {
            (day.is_listed && !check.days.contains_key(date)).then_some(*date)
        };
        diff.dropped_out = stored.iter().filter_map(dropped_out).collect();
        let in_range = || stored.range(check.range.clone());
        let withdrawn = |(date, day): (&NaiveDate, &StoredDay)| {
            (!day.withdrawn && !check.days.contains_key(date)).then_some(*date)
        };
        diff.withdrawn = in_range().filter_map(withdrawn).collect();
        diff.coming = in_range().filter(|(_, day)| day.is_listed).count();
        diff
    }

    /// The diff of a check that lists exactly what the last one listed: the number of its dates, and of
    /// those that can be booked.
    #[must_use]
    pub fn steady(steady: usize, bookable: usize) -> Self {
        Self { steady, bookable, coming: steady, ..Self::default() }
    }

    /// The dates that dropped out without being withdrawn: they are past, or out of the range of this check.
    pub fn out_of_range(&self) -> impl Iterator<Item = NaiveDate> {
        // Both lists are sorted.
        let dates = self.dropped_out.iter().copied();
        dates.filter(|date| self.withdrawn.binary_search(date).is_err())
    }

    /// Whether the hut may have room on other dates than before.
    #[must_use]
    pub fn has_news(&self) -> bool {
        let Self { created, changed, returned, withdrawn, .. } = self;
        !(created.is_empty() && changed.is_empty() && returned.is_empty() && withdrawn.is_empty())
    }

    /// How many dates of the range dropped out: the last check listed them, and this one does not.
    #[must_use]
    pub fn lost(&self) -> usize {
        let is_lost = |date: &&NaiveDate| self.withdrawn.binary_search(date).is_ok();
        self.dropped_out.iter().filter(is_lost).count()
    }

    /// The dates with a new state, and that state. Each is one history entry.
    pub fn new_states(&self) -> impl Iterator<Item = Day> {
        self.created.iter().copied().chain(self.changed.iter().map(|day| (day.date, day.after)))
    }

    /// The dates whose rows are updated, with their states.
    pub fn updated_rows(&self) -> impl Iterator<Item = Day> {
        let changed = self.changed.iter().map(|day| (day.date, day.after));
        changed.chain(self.returned.iter().copied()).chain(self.moved.iter().copied())
    }

    /// How many dates have the same state as before.
    #[must_use]
    pub fn unchanged(&self) -> usize {
        self.returned.len() + self.moved.len() + self.steady
    }

    /// How many dates became bookable, or stopped being bookable.
    #[must_use]
    pub fn turned(&self) -> usize {
        let is_turned = |day: &&ChangedDay| day.before.is_bookable() != day.after.is_bookable();
        self.changed.iter().filter(is_turned).count()
    }

    /// How many entries the check adds to the history: one for each new state of a date.
    #[must_use]
    pub fn history_entries(&self) -> usize {
        self.created.len() + self.changed.len()
    }
}

/// How many dates a check changed, and in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiffCounts {
    pub created: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub dropped_out: usize,
    pub history_entries: usize,
    /// Of the dates stored before: how many could be booked before or can be booked now, and how many
    /// changed from one to the other.
    pub bookable: usize,
    pub turned: usize,
    /// Of the dates in the range of the check that the last check listed: how many there are, and how many the
    /// check does not list.
    pub coming: usize,
    pub lost: usize,
}

impl From<&Diff> for DiffCounts {
    fn from(diff: &Diff) -> Self {
        Self {
            created: diff.created.len(),
            changed: diff.changed.len(),
            unchanged: diff.unchanged(),
            dropped_out: diff.dropped_out.len(),
            history_entries: diff.history_entries(),
            bookable: diff.bookable,
            turned: diff.turned(),
            coming: diff.coming,
            lost: diff.lost(),
        }
    }
}

impl std::ops::AddAssign for DiffCounts {
    fn add_assign(&mut self, other: Self) {
        self.created += other.created;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.dropped_out += other.dropped_out;
        self.history_entries += other.history_entries;
        self.bookable += other.bookable;
        self.turned += other.turned;
        self.coming += other.coming;
        self.lost += other.lost;
    }
}

#[cfg(test)]
mod tests;
