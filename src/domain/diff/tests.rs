use super::*;
use crate::domain::availability::Adjustments;
use crate::domain::hut::HutType;
use crate::domain::state::ReservationStatus;
use crate::domain::unknown_values::UnknownValues;
use crate::domain::validators::Validators;
use chrono::{DateTime, Days};
use proptest::collection::btree_map;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// Applies a diff to the stored dates by the rules of the contract, independently of `Diff::new`.
fn apply(
    mut stored: BTreeMap<NaiveDate, StoredDay>,
    diff: &Diff,
    check: &Check,
) -> BTreeMap<NaiveDate, StoredDay> {
    for date in &diff.dropped_out {
        stored.get_mut(date).unwrap().is_listed = false;
    }
    for date in &diff.withdrawn {
        stored.get_mut(date).unwrap().withdrawn = true;
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
        withdrawn: false,
    }
}

fn day(day: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(day)
}

fn check(
    days: BTreeMap<NaiveDate, State>,
    source_hut_id: &str,
    range: RangeInclusive<NaiveDate>,
) -> Check {
    Check {
        hut_id: 1,
        at: DateTime::UNIX_EPOCH,
        organization: "hrs".into(),
        source_hut_id: source_hut_id.into(),
        new_link: None,
        days: days.into_iter().filter(|(date, _)| range.contains(date)).collect(),
        range,
        adjustments: Adjustments::default(),
        unknown_values: UnknownValues::default(),
        validators: Validators::default(),
    }
}

prop_compose! {
    fn any_state()(free in 0i16..3, more in 0i16..2, closed: bool) -> State {
        let reservation_status =
            if closed { ReservationStatus::NotPossible } else { ReservationStatus::Possible };
        let (free, total) = (Some(free), Some(free + more));
        State { free, total, hut_type: HutType::Hut, reservation_status }
    }
}

fn any_days() -> impl Strategy<Value = BTreeMap<NaiveDate, State>> {
    btree_map(0u64..12, any_state(), 0..12)
        .prop_map(|days| days.into_iter().map(|(number, state)| (day(number), state)).collect())
}

fn any_check() -> impl Strategy<Value = Check> {
    let source_hut_id = prop::sample::select(vec!["7", "8"]);
    (any_days(), source_hut_id, 0u64..4, 4u64..14)
        .prop_map(|(days, id, from, until)| check(days, id, day(from)..=day(until)))
}

proptest! {
    #[test]
    fn applying_a_diff_gives_the_check(checks in prop::collection::vec(any_check(), 1..6)) {
        let mut stored = BTreeMap::new();
        for check in &checks {
            let diff = Diff::new(&stored, check);
            // The second implementation of the rule for withdrawn dates.
            let withdrawn: BTreeSet<NaiveDate> = stored
                .iter()
                .filter(|(date, day)| {
                    let is_withdrawn = check.range.contains(date) || day.withdrawn;
                    is_withdrawn && !check.days.contains_key(date)
                })
                .map(|(date, _)| *date)
                .collect();
            prop_assert!(diff.lost() <= diff.coming);
            prop_assert_eq!(diff.lost() + diff.out_of_range().count(), diff.dropped_out.len());
            prop_assert_eq!(diff.history_entries() + diff.unchanged(), check.days.len());
            prop_assert!(diff.turned() <= diff.bookable && diff.bookable <= check.days.len());
            stored = apply(stored, &diff, check);
            let listed: BTreeMap<_, _> =
                stored.iter().filter(|(_, day)| day.is_listed).map(|(d, s)| (*d, s.clone())).collect();
            let expected: BTreeMap<_, _> =
                check.days.iter().map(|(date, state)| (*date, stored_day(*state, check))).collect();
            prop_assert_eq!(listed, expected);
            let stored_withdrawn: BTreeSet<NaiveDate> =
                stored.iter().filter(|(_, day)| day.withdrawn).map(|(date, _)| *date).collect();
            prop_assert_eq!(stored_withdrawn, withdrawn);
        }
    }

    #[test]
    fn the_same_check_again_changes_nothing(check in any_check()) {
        let stored = apply(BTreeMap::new(), &Diff::new(&BTreeMap::new(), &check), &check);
        let again = Diff::new(&stored, &check);
        let bookable = check.days.values().filter(|state| state.is_bookable()).count();
        prop_assert_eq!(again, Diff::steady(check.days.len(), bookable));
    }
}
