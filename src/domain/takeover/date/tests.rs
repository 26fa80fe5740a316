use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::domain::hut::HutType;
use crate::domain::state::ReservationStatus;

fn at(minute: i64) -> DateTime<Utc> {
    "2026-03-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

fn july(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
}

fn state(free: i16) -> State {
    State {
        free: Some(free),
        total: Some(40),
        hut_type: HutType::Hut,
        reservation_status: ReservationStatus::Possible,
    }
}

fn entry(first: i64, last: i64, free: i16) -> TheirEntry {
    TheirEntry { first_checked: at(first), last_checked: at(last), state: state(free) }
}

fn row(first: i64, last: i64, free: i16) -> TheirRow {
    TheirRow { first_checked: at(first), last_checked: at(last), state: state(free) }
}

/// The entries as minutes and free places, the end, and the counts.
fn repair(
    row: impl Into<Option<TheirRow>>,
    entries: &[TheirEntry],
    success: i64,
) -> (Vec<(i64, i16)>, Option<i64>, Counts) {
    let (row, mut counts) = (row.into(), Counts::default());
    let repaired =
        repair_date(july(1), row.as_ref(), entries.to_vec(), LastSuccess(at(success)), &mut counts)
            .unwrap();
    let minute = |instant: DateTime<Utc>| (instant - at(0)).num_minutes();
    let begins = repaired.entries.iter().map(|(at, state)| (minute(*at), state.free.unwrap()));
    (begins.collect(), repaired.last_checked.map(minute), counts)
}

#[test]
fn a_gap_is_closed_and_the_latest_entry_is_open() {
    let (entries, last, counts) = repair(row(0, 90, 3), &[entry(0, 30, 5), entry(60, 90, 3)], 90);
    assert_eq!((entries, last), (vec![(0, 5), (60, 3)], None));
    assert_eq!((counts.gaps_closed, counts.entries, counts.values_corrected()), (1, 2, 0));
}

#[test]
fn doubles_and_equal_neighbours_are_merged() {
    let their =
        [entry(0, 30, 5), entry(0, 0, 4), entry(30, 30, 4), entry(60, 70, 3), entry(65, 65, 3)];
    let (entries, _, counts) = repair(row(0, 90, 3), &their, 90);
    assert_eq!(entries, [(0, 4), (60, 3)]);
    assert_eq!((counts.doubles_merged, counts.gaps_closed), (3, 1));
}

#[test]
fn a_double_that_repeats_the_entry_before_it_is_merged_with_that() {
    let their = [entry(0, 30, 5), entry(60, 60, 4), entry(60, 60, 5)];
    let (entries, _, counts) = repair(row(0, 90, 5), &their, 90);
    assert_eq!((entries, counts.doubles_merged), (vec![(0, 5)], 2));
}

#[test]
fn an_overlap_ends_where_the_next_entry_begins() {
    let (entries, _, counts) = repair(row(0, 90, 3), &[entry(0, 80, 5), entry(60, 90, 3)], 90);
    assert_eq!((entries, counts.overlaps_ended), (vec![(0, 5), (60, 3)], 1));
}

#[test]
fn a_row_that_differs_from_its_latest_entry_gets_one_more() {
    let (entries, _, counts) = repair(row(0, 90, 3), &[entry(0, 30, 5)], 90);
    assert_eq!((entries, counts.entries_added), (vec![(0, 5), (90, 3)], 1));
    let (entries, _, counts) = repair(row(0, 90, 3), &[entry(0, 90, 5), entry(90, 90, 4)], 90);
    assert_eq!(entries, [(0, 5), (90, 3)], "of one instant, the row holds");
    assert_eq!((counts.entries_added, counts.doubles_merged), (1, 1));
    let (entries, _, counts) = repair(row(10, 90, 3), &[], 90);
    assert_eq!((entries, counts.entries_added), (vec![(10, 3)], 1));
}

#[test]
fn a_history_without_a_row_gets_one_that_is_not_listed() {
    let (entries, last, counts) = repair(None, &[entry(0, 30, 5)], 90);
    assert_eq!((entries, last, counts.rows_added), (vec![(0, 5)], Some(30), 1));
}

#[test]
fn no_time_is_after_the_last_check() {
    let (entries, last, counts) =
        repair(row(0, 500, 3), &[entry(0, 30, 5), entry(400, 500, 3)], 90);
    assert_eq!((entries, last), (vec![(0, 5), (90, 3)], None));
    assert_eq!(counts.corrected[&Correction::Instant], 1);
}

#[test]
fn a_night_that_was_not_listed_is_withdrawn_in_the_range_that_was_asked_for() {
    let withdrawn = |date| {
        let row = row(0, 30, 5);
        let repaired =
            repair_date(date, Some(&row), vec![], LastSuccess(at(90)), &mut Counts::default());
        repaired.unwrap().withdrawn
    };
    let (first, last) = (at(0).date_naive(), at(0).date_naive() + Days::new(364));
    assert!(withdrawn(first) && withdrawn(last));
    assert!(!withdrawn(first - Days::new(1)) && !withdrawn(last + Days::new(1)));
}

#[test]
fn a_past_night_is_not_listed() {
    let past = at(0).date_naive() - Days::new(2);
    let row = row(-9000, 90, 5);
    let repaired = repair_date(
        past,
        Some(&row),
        vec![entry(90, 90, 5)],
        LastSuccess(at(90)),
        &mut Counts::default(),
    )
    .unwrap();
    assert_eq!(repaired.last_checked, Some(at(-24 * 60)));
    assert!(!repaired.withdrawn && repaired.entries[0].0 <= at(-24 * 60));
}

prop_compose! {
    fn any_entry()(first in 0..40_i64, last in 0..60_i64, free in 0..4_i16) -> TheirEntry {
        entry(first, last, free)
    }
}

proptest! {
    /// The invariants of a history, whatever is in the other database.
    #[test]
    fn a_repaired_night_keeps_the_rules(
        entries in prop::collection::vec(any_entry(), 0..8),
        stored in prop::option::of((0..40_i64, 0..60_i64, 0..4_i16)),
        success in 20..50_i64,
        date in -5..400_i64,
    ) {
        let mut entries = entries;
        entries.sort_by_key(|entry| entry.first_checked);
        let row = stored.map(|(first, last, free)| row(first, last, free));
        let read = entries.len() as u64;
        let (mut counts, success) = (Counts::default(), LastSuccess(at(success)));
        let date = at(0).date_naive() + TimeDelta::days(date);
        let latest = entries.last().map(|entry| entry.state);
        let repaired = repair_date(date, row.as_ref(), entries, success, &mut counts);
        let Some(repaired) = repaired else {
            prop_assert!(read == 0 && row.is_none());
            return Ok(());
        };
        prop_assert_eq!(counts.entries, read + counts.entries_added - counts.doubles_merged);
        prop_assert_eq!(counts.entries, repaired.entries.len() as u64);
        for pair in repaired.entries.windows(2) {
            prop_assert!(pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1, "{:?}", repaired);
        }
        let (begin, state) = *repaired.entries.last().unwrap();
        prop_assert_eq!(state, repaired.state);
        prop_assert_eq!(Some(state), row.as_ref().map(|row| row.state).or(latest));
        prop_assert!(begin <= repaired.last_checked.unwrap_or(success.0));
        prop_assert!(repaired.last_checked.is_none_or(|last| last < success.0));
        prop_assert!(repaired.last_checked.is_some() || date >= success.0.date_naive() - Days::new(1));
        let in_range = success.asked().contains(&date);
        prop_assert_eq!(repaired.withdrawn, repaired.last_checked.is_some() && in_range);
    }
}
