use chrono::Days;
use proptest::prelude::*;

use super::*;
use crate::domain::hut::HutType;
use crate::domain::state::ReservationStatus::{NotPossible, Possible};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A state from one instant to another.
fn entry(from: &str, until: &str, free: i16) -> Entry {
    let reservation_status = if free == 0 { NotPossible } else { Possible };
    let state =
        State { free: Some(free), total: Some(40), hut_type: HutType::Hut, reservation_status };
    Entry { state, first_checked: from.parse().unwrap(), last_checked: until.parse().unwrap() }
}

/// A night that has these values on the days before it, from the day itself on.
fn filling(values: &[f64]) -> Filling {
    Filling(values.iter().copied().map(Some).collect())
}

#[test]
fn nights_are_similar_on_the_same_weekday_of_the_same_month() {
    let nights = similar_nights(date("2026-07-18"), date("2026-07-01"));
    assert_eq!(nights[..2], [date("2025-07-26"), date("2025-07-19")], "4 and 11 July are to come");
    assert!(nights.iter().all(|night| night.weekday() == chrono::Weekday::Sat));
    assert!(nights.iter().all(|night| night.month() == 7 && night.year() >= 2017));
    assert!(nights.len() >= 9 * 4);
    let later = similar_nights(date("2026-07-18"), date("2026-08-01"));
    assert_eq!(later[..2], [date("2026-07-11"), date("2026-07-04")], "not the night itself");
    for edge in [NaiveDate::MIN, NaiveDate::MAX, date("0001-01-01"), date("9999-12-31")] {
        assert!(similar_nights(edge, date("2026-07-01")).iter().all(|night| *night < edge));
    }
}

#[test]
fn a_day_has_the_last_value_that_was_known_of_it() {
    let entries = [
        entry("2026-07-10T08:00:00Z", "2026-07-15T09:00:00Z", 40),
        entry("2026-07-15T09:00:00Z", "2026-07-15T22:30:00Z", 20),
        entry("2026-07-15T22:30:00Z", "2026-07-17T05:00:00Z", 10),
    ];
    let filling = Filling::new(&entries, date("2026-07-18"), Tz::Europe__Zurich);
    let on =
        |days: std::ops::RangeInclusive<usize>| days.map(|day| filling.on(day)).collect::<Vec<_>>();
    // The check of the night's day failed; 22:30 in UTC is the next day in Zurich.
    assert_eq!(on(0..=3), [None, Some(25.0), Some(25.0), Some(50.0)]);
    assert_eq!(on(4..=9), [Some(100.0), Some(100.0), Some(100.0), Some(100.0), Some(100.0), None]);
}

#[test]
fn a_closed_or_unpublished_state_has_no_value() {
    let mut closed = entry("2026-07-15T08:00:00Z", "2026-07-18T09:00:00Z", 0);
    closed.state.total = Some(0);
    let mut hidden = closed.clone();
    hidden.state =
        State { free: None, total: Some(40), reservation_status: Possible, ..hidden.state };
    for entry in [closed, hidden] {
        assert!(Filling::new(&[entry], date("2026-07-18"), Tz::UTC).is_empty());
    }
    assert!(Filling::new(&[], date("2026-07-18"), Tz::UTC).is_empty());
}

#[test]
fn entries_long_before_and_after_the_night_are_left_out() {
    let entries = [entry("2020-01-01T08:00:00Z", "2030-01-01T09:00:00Z", 10)];
    let filling = Filling::new(&entries, date("2026-07-18"), Tz::UTC);
    assert_eq!((filling.on(0), filling.on(MAX_DAYS_BEFORE)), (Some(25.0), Some(25.0)));
    let entries = [entry("2026-07-19T08:00:00Z", "2026-07-20T09:00:00Z", 10)];
    assert!(Filling::new(&entries, date("2026-07-18"), Tz::UTC).is_empty());
}

/// The values are those of `numpy.percentile`.
#[test]
fn percentiles_are_those_of_numpy() {
    let values: Vec<f64> = (1..=10).map(f64::from).collect();
    for (share, expected) in [(0.0, 1.0), (0.1, 1.9), (0.5, 5.5), (0.9, 9.1), (1.0, 10.0)] {
        let found = percentile(&values, share).unwrap();
        assert!((found - expected).abs() < 1e-9, "{share}: {found}");
    }
    assert_eq!(percentile(&[7.0], 0.9), Some(7.0));
    assert_eq!(percentile(&[], 0.5), None);
}

#[test]
fn a_band_of_few_nights_has_all_of_them_and_of_many_nights_the_middle() {
    let nights = |count: u8| -> Vec<Filling> {
        (1..=count).map(|value| filling(&[f64::from(value)])).collect()
    };
    assert_eq!(Band::new(&nights(2)), Err(2));
    let few = Band::new(&nights(9)).unwrap();
    assert_eq!(few.on(0), Some(Spread { low: 1.0, median: 5.0, high: 9.0 }));
    let many = Band::new(&nights(11)).unwrap();
    assert_eq!(many.on(0), Some(Spread { low: 2.0, median: 6.0, high: 10.0 }));
    assert_eq!((few.has_all(), many.has_all(), many.nights), (true, false, 11));
    let unknown = Filling(vec![None; 3]);
    assert_eq!(Band::new(&[nights(2), vec![unknown]].concat()), Err(2), "without values");
}

#[test]
fn the_band_says_how_long_before_half_of_the_places_were_gone() {
    // 0 free on the day itself and the day before, 40 % 2 days before, 60 % 3 days before.
    let band = Band::new(&[(); 3].map(|()| filling(&[0.0, 0.0, 40.0, 60.0]))).unwrap();
    assert_eq!((band.days_before(50.0), band.days_before(0.0)), (Some(2), Some(1)));
    let free = Band::new(&[(); 3].map(|()| filling(&[60.0, 100.0]))).unwrap();
    assert_eq!((free.days_before(50.0), free.on(1).map(|it| it.median)), (None, Some(100.0)));
    assert_eq!(free.on(2), None);
}

proptest! {
    #[test]
    fn the_band_contains_the_median_and_no_value_that_no_night_had(
        nights in prop::collection::vec(prop::collection::vec(0.0..=100.0_f64, 1..5), 3..30),
    ) {
        let fillings: Vec<Filling> = nights.iter().map(|values| filling(values)).collect();
        let band = Band::new(&fillings).unwrap();
        for day in 0..5 {
            let values = || nights.iter().filter_map(|values| values.get(day));
            let Some(spread) = band.on(day) else {
                prop_assert!(values().count() < MIN_NIGHTS);
                continue;
            };
            prop_assert!(spread.low <= spread.median && spread.median <= spread.high);
            prop_assert!(values().any(|value| *value <= spread.low + 1e-9));
            prop_assert!(values().any(|value| *value >= spread.high - 1e-9));
        }
    }

    #[test]
    fn similar_nights_are_past_and_differ(days in 0_u64..20_000, ahead in 0_u64..400) {
        let today = date("1990-01-01") + Days::new(days);
        let night = today + Days::new(ahead);
        let nights = similar_nights(night, today);
        prop_assert!(nights.is_sorted_by(|one, next| one > next));
        prop_assert!(nights.iter().all(|it| *it < today && *it < night));
        // Those of this year and of the year before may be to come.
        prop_assert!((8 * 4..=10 * 5).contains(&nights.len()));
    }
}
