//! Tests of replays in virtual time, against sums made by hand.

use chrono::Days;

use super::*;
use crate::domain::hut::HutType;
use crate::domain::schedule::{Adaptive, Intervals};
use crate::domain::state::{ReservationStatus, State};
use crate::replay::world::{ChangeSpan, Nights, midnight};

const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 1).expect("it is a day");

fn state(free: i16) -> State {
    State {
        free: Some(free),
        total: Some(40),
        hut_type: HutType::Hut,
        reservation_status: ReservationStatus::Possible,
    }
}

fn at(hours: i64) -> DateTime<Utc> {
    midnight(DAY) + TimeDelta::hours(hours)
}

/// A hut with `nights` open nights that are half full, on some days.
fn course(days: i64, nights: u64, changes: Vec<ChangeSpan>) -> Course {
    let open = (0..nights).map(|night| (DAY + Days::new(night), state(20)));
    Course {
        slug: "hut".into(),
        begin: at(0),
        end: at(days * 24),
        nights: Nights::from_iter(open),
        changes,
    }
}

fn change(hours: i64, night: u64, free: i16) -> ChangeSpan {
    let state = Some(state(free));
    ChangeSpan {
        after: at(hours),
        until: at(hours),
        date: DAY + Days::new(night),
        state,
        is_new: false,
    }
}

fn even(hours: i64) -> Policy {
    let schedule = Schedule::Tiers(Intervals::all(TimeDelta::hours(hours)));
    Policy { name: "even", schedule, checks_per_day: Some(24.0 / hours as f64) }
}

fn adaptive(checks_per_day: f64) -> Policy {
    let adaptive = Adaptive { checks_per_day, watched: TimeDelta::minutes(30) };
    Policy {
        name: "adaptive",
        schedule: Schedule::Adaptive(adaptive),
        checks_per_day: Some(checks_per_day),
    }
}

fn close(a: Option<f64>, b: f64) {
    let a = a.unwrap();
    assert!((a - b).abs() < 1e-9, "{a} and not {b}");
}

#[test]
fn a_night_is_untrue_from_its_change_to_the_next_check() {
    // Ten nights for one day; the checks are at 0, 12 and 24 hours. A night changes at 9, and back at 10.
    let once = course(1, 10, vec![change(9, 2, 30)]);
    let result = replay(&[once], &even(12), 14, 1, 1);
    assert_eq!(result.checks_per_hut_day, 2.0);
    close(result.open_true, 1.0 - 3.0 / 240.0);
    // 1 July 2026 is a Wednesday: 3 and 4 July, and 10 July, weigh half as much again.
    close(result.weighted_true, 1.0 - 3.0 * 1.5 / (24.0 * 11.5));
    close(result.freed_seen_hours_mean, 3.0);
    let back = course(1, 10, vec![change(9, 2, 30), change(10, 2, 20)]);
    close(replay(&[back], &even(12), 14, 1, 1).open_true, 1.0 - 1.0 / 240.0);
}

#[test]
fn a_night_that_is_past_no_longer_counts() {
    let course = course(2, 3, vec![change(13, 0, 10), change(13, 2, 10)]);
    // From 13 to 24 both nights are untrue, then the second one; the check at 24 puts it right.
    close(replay(&[course], &even(12), 14, 1, 1).open_true, 1.0 - 22.0 / (72.0 + 48.0));
}

#[test]
fn closed_and_unpublished_nights_are_not_open() {
    let mut course = course(1, 2, vec![change(1, 0, 21)]);
    course.nights.insert(DAY + Days::new(5), State { free: Some(0), total: Some(0), ..state(0) });
    course.nights.insert(DAY + Days::new(6), State { free: None, total: None, ..state(0) });
    close(replay(&[course], &even(12), 14, 1, 1).open_true, 1.0 - 11.0 / 48.0);
}

/// A hut of which a night changes every `hours`, each after the other.
fn busy(days: i64, hours: i64) -> Course {
    let changes = (1..days * 24 / hours).map(|number| {
        let (hours, night) = (number * hours, 30 + number as u64 % 60);
        change(hours, night, if number / 60 % 2 == 0 { 10 } else { 12 })
    });
    course(days, 100, changes.collect())
}

#[test]
fn the_budget_is_spent_and_never_exceeded_and_no_hut_starves() {
    for huts in 1..=3 {
        let courses: Vec<Course> =
            [2, 5, 400].iter().take(huts).map(|hours| busy(30, *hours)).collect();
        let result = replay(&courses, &adaptive(4.0), 14, 1, 1);
        let checks = result.checks_per_hut_day;
        assert!((3.8..=4.01).contains(&checks), "{huts} huts: {checks}");
        close(result.worst_day_over_budget, 0.0);
        assert!(result.longest_interval_hours.unwrap() <= 24.5, "{result:?}");
        assert!(result.shortest_interval_hours.unwrap() >= 28.0 / 60.0, "{result:?}");
    }
}

#[test]
fn a_budget_beats_even_checks_where_huts_differ() {
    let courses = [busy(30, 1), busy(30, 300), busy(30, 400), busy(30, 500)];
    let [even, adaptive] =
        [even(6), adaptive(4.0)].map(|policy| replay(&courses, &policy, 14, 1, 1));
    let untrue = |result: &ScheduleResult| 1.0 - result.open_true.unwrap();
    assert!(untrue(&adaptive) < 0.6 * untrue(&even), "{adaptive:?} {even:?}");
}

#[test]
fn what_is_expected_and_forecast_comes_near_what_happens() {
    let courses = [busy(40, 2), busy(40, 6), busy(40, 9)];
    for per_day in [4.0, 8.0, 16.0] {
        let result = replay(&courses, &adaptive(per_day), 14, 1, 1);
        let (expected, real) =
            (1.0 - result.expected_true.unwrap(), 1.0 - result.open_true.unwrap());
        // In the first days the rates are not known yet.
        assert!((expected - real).abs() < 0.005, "{expected} {real}");
        let forecast = result.forecast_ratio.unwrap();
        assert!((0.85..1.1).contains(&forecast), "{forecast}");
    }
}

#[test]
fn the_same_seed_gives_the_same_result_and_copies_have_instants_of_their_own() {
    let span = ChangeSpan { after: at(1), until: at(23), ..change(0, 5, 3) };
    let course = course(3, 20, vec![span]);
    let run = |seed| replay(std::slice::from_ref(&course), &even(12), 14, 50, seed);
    assert_eq!(run(1), run(1));
    assert_ne!(run(1).open_true, run(2).open_true);
    assert_eq!(run(1).huts, 50);
}
