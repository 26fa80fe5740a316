use chrono::Weekday;
use proptest::prelude::*;

use super::*;

fn july(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
}

fn group(from: u32, to: u32) -> Group {
    Group::new((july(from), july(to)), WeekdaySet::ALL, 4).unwrap()
}

fn rooms(days: &[u32]) -> Rooms {
    days.iter().map(|day| (july(*day), 4 + *day as i16)).collect()
}

#[test]
fn every_night_of_a_stay_has_room() {
    let huts = HashMap::from([(1, rooms(&[3, 4, 6, 7, 8])), (2, rooms(&[8, 7]))]);
    let found = stays(&group(1, 31), 2, &[2, 1, 9], &huts, 9).first;
    let found: Vec<_> =
        found.iter().map(|stay| (stay.hut_id, stay.arrival.day(), stay.places())).collect();
    assert_eq!(found, [(1, 3, 7), (1, 6, 10), (2, 7, 11), (1, 7, 11)]);
}

#[test]
fn arrivals_are_those_of_the_range_and_the_weekdays() {
    let fridays = WeekdaySet::from_array([Weekday::Fri]);
    let group = Group::new((july(1), july(17)), fridays, 1).unwrap();
    assert_eq!(group.days().map(|day| day.day()).collect::<Vec<_>>(), [3, 10, 17]);
    assert_eq!(group.nights(3), july(1)..=july(19));
    let reversed = Group::new((july(2), july(1)), fridays, 1).unwrap_err();
    assert!(reversed.to_string().contains("2026-07-01 is before the first one 2026-07-02"));
    assert!(Group::new((july(1), after(july(1), 731)), fridays, 1).is_err());
    assert!(Group::new((july(1), after(july(1), 730)), fridays, 1).is_ok());
}

#[test]
fn each_stage_of_a_tour_begins_on_the_morning_after_the_one_before() {
    let huts = HashMap::from([(1, rooms(&[1, 2, 5])), (2, rooms(&[2, 3])), (3, rooms(&[2, 3, 4]))]);
    let stages = [Stage { huts: vec![1], nights: 1 }, Stage { huts: vec![2, 3], nights: 2 }];
    let limited = tours(&group(1, 31), &stages, &huts, 1);
    assert_eq!((limited.first.len(), limited.count), (1, 2));
    let tours = tours(&group(1, 31), &stages, &huts, 9).first;
    let of: Vec<_> = tours
        .iter()
        .map(|tour| {
            let last: Vec<i32> = tour.stages[1].iter().map(|stay| stay.hut_id).collect();
            (tour.start.day(), last, tour.end().day())
        })
        .collect();
    assert_eq!(of, [(1, vec![2, 3], 4), (2, vec![3], 5)]);
    assert_eq!(nights_of_tour(&stages), 3);
}

#[test]
fn a_stage_is_written_as_slugs_and_nights() {
    let stage = |text: &str| text.parse::<Stage<String>>();
    assert_eq!(stage("a"), Ok(Stage { huts: vec!["a".into()], nights: 1 }));
    assert_eq!(stage(" A, b :2"), Ok(Stage { huts: vec!["A".into(), "b".into()], nights: 2 }));
    assert_eq!(stage("a,a"), stage("a"));
    assert!(stage(&format!("a{}", ",b".repeat(99))).is_ok());
    let many: Vec<String> = (0..21).map(|number| number.to_string()).collect();
    assert_eq!(stage(&many.join(",")), Err(InvalidStage::TooMany(21)));
    for wrong in ["", "a,", ",a", "a b", ":2"] {
        assert_eq!(stage(wrong), Err(InvalidStage::Form(wrong.into())));
    }
    for wrong in ["a:0", "a:x", "a:", "a:31", "a:-1"] {
        assert_eq!(stage(wrong), Err(InvalidStage::Nights(wrong.into())));
    }
}

#[test]
fn weekdays_are_read_in_english() {
    let set = WeekdaySet::from_array([Weekday::Fri, Weekday::Sat]);
    assert_eq!(parse_weekdays("fri, Saturday"), Ok(set));
    assert_eq!(parse_weekdays(""), Ok(WeekdaySet::ALL));
    assert!(parse_weekdays("fri,xy").unwrap_err().contains("\"xy\""));
}

proptest! {
    /// The same by trying each night.
    #[test]
    fn stays_are_those_whose_nights_all_have_room(
        days in proptest::collection::btree_set(1u32..=31, 0..31),
        nights in 1u16..5,
        from in 1u32..20,
        length in 0u32..12,
    ) {
        let days: Vec<u32> = days.into_iter().collect();
        let huts = HashMap::from([(1, rooms(&days))]);
        let found = stays(&group(from, from + length), nights, &[1], &huts, 99).first;
        let expected: Vec<u32> = (from..=from + length)
            .filter(|day| (0..u32::from(nights)).all(|night| days.contains(&(day + night))))
            .collect();
        prop_assert_eq!(found.iter().map(|stay| stay.arrival.day()).collect::<Vec<_>>(), expected);
        for stay in found {
            prop_assert_eq!(stay.free.len(), usize::from(nights));
            prop_assert_eq!(stay.departure, after(stay.arrival, nights));
            prop_assert_eq!(stay.places(), 4 + stay.arrival.day() as i16);
        }
    }
}
