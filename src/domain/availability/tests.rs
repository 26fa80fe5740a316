use super::*;
use crate::domain::hut::HutTypes;
use proptest::prelude::*;

fn state(free: i16, total: i16) -> State {
    State { free, total, hut_type: HutType::Hut, reservation_status: ReservationStatus::Possible }
}

#[test]
fn steps_round_ties_to_even() {
    let steps = |taken: i16| state(100 - taken, 100).occupancy_steps();
    assert_eq!((steps(15), steps(25), steps(35), steps(45)), (20, 20, 40, 40));
    assert_eq!((steps(5), steps(95)), (0, 100));
    assert_eq!((steps(14), steps(16), steps(24), steps(26)), (10, 20, 20, 30));
}

#[test]
fn steps_show_a_single_guest_and_a_single_free_place() {
    assert_eq!(state(100, 100).occupancy_steps(), 0);
    assert_eq!(state(99, 100).occupancy_steps(), 10);
    assert_eq!(state(1, 100).occupancy_steps(), 90);
    assert_eq!(state(0, 100).occupancy_steps(), 100);
    assert_eq!(state(0, 0).occupancy_steps(), 100);
}

#[test]
fn status_changes_just_above_37_and_62_percent() {
    let status = |taken: i16| state(100 - taken, 100).occupancy_status();
    assert_eq!(status(0), OccupancyStatus::Empty);
    assert_eq!((status(1), status(37)), (OccupancyStatus::Low, OccupancyStatus::Low));
    assert_eq!((status(38), status(62)), (OccupancyStatus::Medium, OccupancyStatus::Medium));
    assert_eq!((status(63), status(99)), (OccupancyStatus::High, OccupancyStatus::High));
    assert_eq!(status(100), OccupancyStatus::Full);
    assert_eq!(state(0, 0).occupancy_status(), OccupancyStatus::Unknown);
}

fn hut() -> FollowedHut {
    FollowedHut {
        id: 1,
        slug: "hut".into(),
        organization: "hrs".into(),
        source_hut_id: "7".into(),
        link: None,
        types: HutTypes { open: Some(HutType::Hut), ..HutTypes::default() },
    }
}

fn check_of(days: &[(&str, i64, i64)]) -> Check {
    let days = days.iter().map(|&(date, free, total)| SiteDay {
        date: date.parse().unwrap(),
        free,
        total,
        unattended: false,
        reservation_status: ReservationStatus::Possible,
    });
    let answer = Answer { days: days.collect(), ..Answer::default() };
    let dates = "2026-01-01".parse().unwrap()..="2026-01-31".parse().unwrap();
    Check::new(&hut(), answer, &dates, DateTime::UNIX_EPOCH)
}

#[test]
fn invalid_numbers_are_corrected_and_counted() {
    let check = check_of(&[
        ("2026-01-01", -3, 10),
        ("2026-01-02", 11, 10),
        ("2026-01-03", 4, -1),
        ("2026-01-04", 4, 99_999),
        ("2026-01-05", 4, 10),
    ]);
    let states: Vec<_> = check.days.values().map(|s| (s.free, s.total)).collect();
    assert_eq!(states, [(0, 10), (10, 10), (0, 0), (4, i16::MAX), (4, 10)]);
    assert_eq!(check.adjustments.count, 5);
    let first = "2026-01-01: free -3 is corrected to 0";
    assert_eq!(check.adjustments.first.as_deref(), Some(first));
}

#[test]
fn the_last_entry_of_a_repeated_date_wins() {
    let check = check_of(&[("2026-01-01", 1, 10), ("2026-01-01", 2, 10)]);
    assert_eq!(check.days.values().next().unwrap().free, 2);
    assert_eq!(check.adjustments.count, 1);
}

#[test]
fn dates_outside_the_requested_range_are_ignored() {
    let check = check_of(&[("2025-12-31", -1, 10), ("2026-01-31", 1, 10), ("2026-02-01", 1, 10)]);
    assert_eq!(check.days.len(), 1);
    assert_eq!(check.adjustments.count, 0, "ignored dates are not corrected");
}

#[test]
fn a_link_is_new_only_if_it_differs_from_the_stored_one() {
    let new_link = |stored: Option<&str>, received: Option<&str>| {
        let hut = FollowedHut { link: stored.map(str::to_owned), ..hut() };
        let answer = Answer { link: received.map(str::to_owned), ..Answer::default() };
        let today = "2026-01-01".parse().unwrap();
        Check::new(&hut, answer, &(today..=today), DateTime::UNIX_EPOCH).new_link
    };
    assert_eq!(new_link(Some("a"), Some("a")), None);
    assert_eq!(new_link(Some("a"), None), None);
    assert_eq!(new_link(Some("a"), Some("b")).as_deref(), Some("b"));
    assert_eq!(new_link(None, Some("b")).as_deref(), Some("b"));
}

proptest! {
    /// Compares the integer formulas with the floating-point definition of the contract.
    #[test]
    fn formulas_agree_with_their_definition(total in 1i16..2000, taken in 0i16..2000) {
        let taken = taken.min(total);
        let state = state(total - taken, total);
        let percent = state.occupancy_percent();
        prop_assert!((percent - f64::from(taken) * 100.0 / f64::from(total)).abs() < 1e-9);
        let (taken, total) = (i32::from(taken), i32::from(total));
        let is_tie = taken * 20 % total == 0;
        let expected = match percent {
            p if p > 0.0 && taken * 20 < total => 10.0,
            p if p < 100.0 && taken * 20 > total * 19 => 90.0,
            p if is_tie => ((p / 5.0).round() / 2.0).round_ties_even() * 10.0,
            p => (p / 10.0).round() * 10.0,
        };
        prop_assert_eq!(f64::from(state.occupancy_steps()), expected);
    }
}
