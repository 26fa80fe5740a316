use super::*;
use crate::domain::hut::HutType;
use proptest::prelude::*;

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
        free: Some(free),
        total: Some(total),
        status: SiteStatus::Unsaid,
        unattended: false,
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
    let states: Vec<_> = check.days.values().map(|s| (s.free.unwrap(), s.total.unwrap())).collect();
    assert_eq!(states, [(0, 10), (11, 11), (4, 4), (4, i16::MAX), (4, 10)]);
    // The third date has two: the total is below 0, and then below the free places.
    assert_eq!(check.adjustments.count, 5);
    let first = "2026-01-01: free -3 is corrected to 0";
    assert_eq!(check.adjustments.first.as_deref(), Some(first));
}

#[test]
fn the_last_entry_of_a_repeated_date_wins() {
    let check = check_of(&[("2026-01-01", 1, 10), ("2026-01-01", 2, 10)]);
    assert_eq!(check.days.values().next().unwrap().free, Some(2));
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

/// A day with these numbers and words.
fn day(free: Option<i64>, total: Option<i64>, status: SiteStatus, unattended: bool) -> SiteDay {
    SiteDay { date: "2026-01-01".parse().unwrap(), free, total, status, unattended }
}

const CAPACITIES: HutTypes =
    HutTypes { open: None, closed: None, capacity_open: Some(40), capacity_closed: Some(12) };

#[test]
fn the_capacity_stands_in_for_an_unpublished_total() {
    let of = |day: SiteDay| {
        let mut adjustments = Adjustments::default();
        let state = day.state(&CAPACITIES, &mut adjustments);
        assert_eq!(adjustments.count, 0, "the site said nothing wrong");
        (state.free, state.total)
    };
    let unsaid = SiteStatus::Unsaid;
    assert_eq!(of(day(Some(3), None, unsaid, false)), (Some(3), Some(40)));
    assert_eq!(of(day(Some(3), None, unsaid, true)), (Some(3), Some(12)));
    assert_eq!(of(day(Some(20), None, unsaid, true)), (Some(20), Some(20)), "raised");
    assert_eq!(of(day(Some(3), Some(5), unsaid, false)), (Some(3), Some(5)));
    assert_eq!(of(day(None, None, SiteStatus::Closed, false)), (Some(0), Some(0)));
    assert_eq!(of(day(Some(5), Some(9), SiteStatus::Closed, false)), (Some(0), Some(0)));
}

proptest! {
    /// A second implementation of the contract's section *State of a date*, in its order.
    #[test]
    fn states_follow_the_contract(
        free in prop::option::of(-2i64..60), total in prop::option::of(-2i64..60),
        status in prop::sample::select(vec![
            SiteStatus::Closed, SiteStatus::Full, SiteStatus::Available, SiteStatus::Unsaid,
        ]),
        unattended: bool, open in prop::option::of(0i16..50), closed in prop::option::of(0i16..50),
    ) {
        let types = HutTypes { capacity_open: open, capacity_closed: closed, ..HutTypes::default() };
        let state = day(free, total, status, unattended).state(&types, &mut Adjustments::default());
        let (mut expected_free, mut expected_total) = (free.map(|n| n.max(0)), total.map(|n| n.max(0)));
        if expected_total.is_none() {
            expected_total = if unattended { closed } else { open }.map(i64::from);
        }
        if expected_free.is_none() && (status == SiteStatus::Full || expected_total == Some(0)) {
            expected_free = Some(0);
        }
        if let (Some(free), Some(total)) = (expected_free, expected_total) && free > total {
            expected_total = Some(free);
        }
        let mut reservation = match (expected_free, status) {
            (Some(0), _) => "not_possible",
            (None, SiteStatus::Unsaid) => "unknown",
            _ => "possible",
        };
        if status == SiteStatus::Closed {
            (expected_free, expected_total, reservation) = (Some(0), Some(0), "not_possible");
        }
        prop_assert_eq!(state.free.map(i64::from), expected_free);
        prop_assert_eq!(state.total.map(i64::from), expected_total);
        prop_assert_eq!(state.reservation_status.to_string(), reservation);
        prop_assert_eq!(state.is_closed() , status == SiteStatus::Closed || expected_total == Some(0));
    }
}
