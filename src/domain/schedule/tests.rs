//! Tests of which huts are due.

use super::*;

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
}

const NEVER: LastCheck = LastCheck {
    last_checked: None,
    last_checked_run: None,
    last_success_run: None,
    consecutive_failures: 0,
    tier: Tier::Inactive,
    rate: ChangeRate { interest: 0.0, nights: 0.0, hours: 0.0 },
};

fn checked(run_minutes: i64, tier: Tier) -> LastCheck {
    let run = Some(at(run_minutes));
    LastCheck { last_checked: run, last_checked_run: run, last_success_run: run, tier, ..NEVER }
}

fn failed(check: LastCheck, run_minutes: i64, failures: i32) -> LastCheck {
    LastCheck { last_checked_run: Some(at(run_minutes)), consecutive_failures: failures, ..check }
}

fn candidate(slug: &str, last_check: LastCheck) -> Candidate {
    Candidate {
        hut_id: 1,
        slug: slug.into(),
        organization: "hrs".into(),
        is_watched: slug.starts_with("watched"),
        last_check,
    }
}

fn tiers() -> Schedule {
    Schedule::Tiers(Intervals::default())
}

fn due_since(check: LastCheck) -> DateTime<Utc> {
    due_states(vec![candidate("hut", check)], &tiers()).next().unwrap().due_since
}

/// Minutes from the epoch at which the hut is due.
fn due_at(check: LastCheck) -> i64 {
    (due_since(check) - DateTime::UNIX_EPOCH).num_minutes()
}

#[test]
fn tiers_wait_their_interval_less_the_grace() {
    assert_eq!(due_at(checked(0, Tier::High)), 28);
    assert_eq!(due_at(checked(0, Tier::Medium)), 178);
    assert_eq!(due_at(checked(0, Tier::Low)), 24 * 60 - 2);
    assert_eq!(due_at(checked(0, Tier::Inactive)), 7 * 24 * 60 - 2);
}

#[test]
fn failures_double_the_wait_up_to_a_day() {
    let high = checked(0, Tier::High);
    let waits: Vec<_> = (1..=8).map(|n| due_at(failed(high, 1000, n)) - 1000).collect();
    assert_eq!(waits, [28, 58, 118, 238, 478, 958, 1438, 1438]);
    assert_eq!(due_at(failed(high, 1000, i32::MAX)), 2438);
}

#[test]
fn a_failure_does_not_make_a_hut_due_sooner() {
    assert_eq!(due_at(failed(checked(0, Tier::Low), 60, 1)), 24 * 60 - 2);
}

#[test]
fn a_new_hut_that_failed_waits_too() {
    assert_eq!(due_since(NEVER), DateTime::<Utc>::MIN_UTC);
    assert_eq!(due_at(failed(NEVER, 100, 1)), 128);
}

#[test]
fn a_hut_with_an_instant_in_the_future_is_selected_by_every_run() {
    let candidate = |run_minutes| candidate("hut", checked(run_minutes, Tier::Low));
    let selected = |run_minutes, max_ahead| {
        needing_update(
            vec![candidate(run_minutes)],
            at(0),
            &tiers(),
            &Spendable::default(),
            max_ahead,
        )
        .len()
    };
    let five = Some(TimeDelta::minutes(5));
    assert_eq!((selected(5, five), selected(6, five), selected(6, None)), (0, 1, 0));
}

#[test]
fn huts_are_ordered_by_tier_and_then_the_most_overdue_first() {
    let candidates = [
        ("inactive", checked(-20_000, Tier::Inactive)),
        ("low", checked(-2_000, Tier::Low)),
        ("medium", checked(-300, Tier::Medium)),
        ("new-failed", failed(NEVER, -60, 1)),
        ("new", NEVER),
        ("high-29", checked(-29, Tier::High)),
        ("high-60", checked(-60, Tier::High)),
        ("high-not-due", checked(-27, Tier::High)),
        ("watched", checked(-29, Tier::Low)),
        ("watched-not-due", checked(-27, Tier::Low)),
        ("watched-failed", failed(checked(-60, Tier::Low), -29, 2)),
        ("watched-new", NEVER),
    ]
    .map(|(slug, last_check)| candidate(slug, last_check));
    let due = needing_update(candidates.into(), at(0), &tiers(), &Spendable::default(), None);
    let slugs: Vec<_> = due.iter().map(|hut| hut.slug.as_str()).collect();
    let expected = [
        "watched",
        "high-60",
        "high-29",
        "new",
        "watched-new",
        "new-failed",
        "medium",
        "low",
        "inactive",
    ];
    assert_eq!(slugs, expected);
    let reasons = (due[0].reason(), due[0].tier, due[4].reason());
    assert_eq!(reasons, (Reason::Watched, Reason::Low, Reason::New));
}

/// A hut whose changes weigh this much an hour, checked so many minutes ago.
fn changing(slug: &str, per_hour: f64, minutes_ago: i64) -> Candidate {
    let rate = ChangeRate { interest: per_hour * 264.0 - 1.2, nights: 0.0, hours: 240.0 };
    candidate(slug, LastCheck { rate, ..checked(-minutes_ago, Tier::Low) })
}

fn adaptive(checks_per_day: f64) -> Schedule {
    Schedule::Adaptive(Adaptive { checks_per_day, watched: TimeDelta::minutes(30) })
}

/// The `slug reason` of each hut that is polled, in order.
fn polled(candidates: Vec<Candidate>, schedule: &Schedule, spendable: &Spendable) -> Vec<String> {
    let due = needing_update(candidates, at(0), schedule, spendable, None);
    due.iter().map(|hut| format!("{} {}", hut.slug, hut.reason())).collect()
}

fn spendable(checks: u32) -> Spendable {
    Spendable { checks, ..Spendable::default() }
}

#[test]
fn a_budget_goes_to_the_longest_unasked_to_new_huts_and_to_the_most_urgent() {
    let candidates = vec![
        changing("quick", 1.0, 300),
        changing("quicker", 4.0, 300),
        changing("just-asked", 9.0, 27),
        changing("slow", 0.01, 1439),
        candidate("new", NEVER),
        candidate("another-new", NEVER),
        candidate("watched", checked(-29, Tier::Low)),
    ];
    let of = |checks| polled(candidates.clone(), &adaptive(48.0), &spendable(checks));
    let all = [
        "watched watched",
        "slow adaptive",
        "another-new new",
        "new new",
        "quicker adaptive",
        "quick adaptive",
    ];
    assert_eq!(of(100), all);
    assert_eq!(of(3), ["watched watched", "slow adaptive", "another-new new", "new new"]);
    assert_eq!(of(2), ["watched watched", "slow adaptive", "another-new new"]);
    assert_eq!(of(1), ["watched watched", "slow adaptive"]);
    assert_eq!(of(0), ["watched watched"], "the budget does not limit watched huts");
}

#[test]
fn a_small_budget_polls_huts_that_change_less_often_rarely() {
    let of = |minutes| {
        let huts = ["a", "b", "c", "d"].map(|slug| changing(slug, 0.1, minutes));
        let quick = changing("quick", 6.4, minutes);
        let candidates = huts.into_iter().chain([quick]).collect();
        polled(candidates, &adaptive(4.0), &spendable(100))
    };
    // The intervals are as one to eight, and make up 20 checks a day: 109 minutes and 15 hours. Half of them is enough.
    assert_eq!(of(50), [""; 0]);
    assert_eq!([of(54), of(425)], [["quick adaptive"], ["quick adaptive"]]);
    assert_eq!(of(435).len(), 5);
}

#[test]
fn a_site_that_wants_a_pause_costs_no_budget() {
    let mut paused = changing("paused", 5.0, 600);
    paused.organization = "ffcam".into();
    let spendable = Spendable { checks: 9, paused: ["ffcam".to_owned()].into() };
    let candidates = vec![paused, changing("other", 1.0, 600)];
    assert_eq!(polled(candidates, &adaptive(8.0), &spendable), ["other adaptive"]);
}

#[test]
fn watching_a_hut_does_not_change_the_intervals_of_others() {
    let interval = |slug: &str| {
        let candidates = vec![changing(slug, 3.0, 60), changing("other", 1.0, 60)];
        let states: Vec<_> = due_states(candidates, &adaptive(4.0)).collect();
        (states[0].interval, states[1].interval)
    };
    let (watched, other) = interval("watched");
    assert_eq!(watched, TimeDelta::minutes(30));
    assert_eq!(other, interval("hut").1);
}

#[test]
fn a_hut_that_fails_waits_whatever_its_rate() {
    let mut hut = changing("hut", 50.0, 600);
    hut.last_check = failed(hut.last_check, -20, 1);
    assert_eq!(polled(vec![hut.clone()], &adaptive(48.0), &spendable(9)), [""; 0]);
    hut.last_check = failed(hut.last_check, -28, 1);
    assert_eq!(polled(vec![hut], &adaptive(48.0), &spendable(9)), ["hut adaptive"]);
}
