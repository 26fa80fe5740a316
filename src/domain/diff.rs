//! Pure: what a check changes in the database.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::availability::{Check, State};

/// A stored date of a hut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDay {
    pub state: State,
    pub organization: String,
    pub source_hut_id: String,
    /// Whether the hut's last successful check listed the date. A date that dropped out keeps its state
    /// and the time of the last check that listed it.
    pub is_listed: bool,
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
    /// Dates that had dropped out and are listed again in the same state.
    pub returned: Vec<Day>,
    /// Dates in the same state from another source. They add no history.
    pub moved: Vec<Day>,
    /// Unchanged dates. Nothing is written for them.
    pub steady: usize,
    /// Dates that the last check listed and this check does not.
    pub dropped_out: Vec<NaiveDate>,
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
        diff
    }

    /// The diff of a check that lists exactly what the last one listed: the number of its dates, and of
    /// those that can be booked.
    #[must_use]
    pub fn steady(steady: usize, bookable: usize) -> Self {
        Self { steady, bookable, ..Self::default() }
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::availability::{Adjustments, ReservationStatus};
    use crate::domain::hut::HutType;
    use crate::domain::validators::Validators;
    use chrono::{DateTime, Days};
    use proptest::collection::btree_map;
    use proptest::prelude::*;

    /// Applies a diff to the stored dates by the rules of the contract, independently of `Diff::new`.
    fn apply(
        mut stored: BTreeMap<NaiveDate, StoredDay>,
        diff: &Diff,
        check: &Check,
    ) -> BTreeMap<NaiveDate, StoredDay> {
        for date in &diff.dropped_out {
            stored.get_mut(date).unwrap().is_listed = false;
        }
        for (date, state) in diff.created.iter().copied().chain(diff.updated_rows()) {
            stored.insert(date, stored_day(state, check));
        }
        stored
    }

    fn stored_day(state: State, check: &Check) -> StoredDay {
        StoredDay {
            state,
            organization: check.organization.clone(),
            source_hut_id: check.source_hut_id.clone(),
            is_listed: true,
        }
    }

    fn check(days: BTreeMap<NaiveDate, State>, source_hut_id: &str) -> Check {
        Check {
            hut_id: 1,
            at: DateTime::UNIX_EPOCH,
            organization: "hrs".into(),
            source_hut_id: source_hut_id.into(),
            new_link: None,
            days,
            adjustments: Adjustments::default(),
            validators: Validators::default(),
        }
    }

    prop_compose! {
        fn any_state()(free in 0i16..3, more in 0i16..2, closed: bool) -> State {
            let reservation_status =
                if closed { ReservationStatus::NotPossible } else { ReservationStatus::Possible };
            State { free, total: free + more, hut_type: HutType::Hut, reservation_status }
        }
    }

    fn any_days() -> impl Strategy<Value = BTreeMap<NaiveDate, State>> {
        btree_map(0u64..12, any_state(), 0..12).prop_map(|days| {
            let start: NaiveDate = "2026-01-01".parse().unwrap();
            days.into_iter().map(|(day, state)| (start + Days::new(day), state)).collect()
        })
    }

    fn any_check() -> impl Strategy<Value = Check> {
        (any_days(), prop::sample::select(vec!["7", "8"])).prop_map(|(days, id)| check(days, id))
    }

    proptest! {
        #[test]
        fn applying_a_diff_gives_the_check(checks in prop::collection::vec(any_check(), 1..6)) {
            let mut stored = BTreeMap::new();
            for check in &checks {
                let diff = Diff::new(&stored, check);
                prop_assert_eq!(diff.history_entries() + diff.unchanged(), check.days.len());
                prop_assert!(diff.turned() <= diff.bookable && diff.bookable <= check.days.len());
                stored = apply(stored, &diff, check);
                let listed: BTreeMap<_, _> =
                    stored.iter().filter(|(_, day)| day.is_listed).map(|(d, s)| (*d, s.clone())).collect();
                let expected: BTreeMap<_, _> =
                    check.days.iter().map(|(date, state)| (*date, stored_day(*state, check))).collect();
                prop_assert_eq!(listed, expected);
            }
        }

        #[test]
        fn the_same_check_again_changes_nothing(check in any_check()) {
            let stored = apply(BTreeMap::new(), &Diff::new(&BTreeMap::new(), &check), &check);
            let again = Diff::new(&stored, &check);
            let bookable = check.days.values().filter(|state| state.is_bookable()).count();
            prop_assert_eq!(again, Diff { steady: check.days.len(), bookable, ..Diff::default() });
        }
    }
}
