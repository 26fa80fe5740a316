//! The memory that is allocated to parse an answer, as counts that are the same on every machine. A test
//! program of its own, because it replaces the allocator.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use allocation_counter::{AllocationInfo, measure};
use chrono::{Days, NaiveDate};
use hut_availability::domain::availability::Check;
use hut_availability::domain::fingerprint::Fingerprint;
use hut_availability::domain::hut::{FollowedHut, HutTypes};
use hut_availability::simulate::model::Model;
use hut_availability::sites::hut_reservation::availability::parse;

#[test]
fn an_answer_is_parsed_without_a_tree_and_without_copies_of_its_texts() {
    let now = "2026-07-01T12:00:00Z".parse().unwrap();
    let days = (1..).find_map(|id: u32| {
        let days = Model::numbered(7, id).availability(&id.to_string(), now).unwrap();
        (days.len() == 731).then_some(days)
    });
    let body = serde_json::to_vec(&days.unwrap()).unwrap();
    let AllocationInfo { count_total, bytes_max, .. } = measure(|| {
        let answer = parse(&body, "7").unwrap();
        assert_eq!(answer.days.len(), 731);
    });
    // The list of days, which grows, and the tracking of the position for error messages.
    let size = body.len();
    assert!(count_total <= 30, "{count_total} allocations for 731 days of {size} bytes");
    assert!(bytes_max <= size as u64 / 2, "{bytes_max} bytes at once for an answer of {size}");
    eprintln!(
        "{count_total} allocations, {bytes_max} bytes at once, for an answer of {size} bytes"
    );
}

#[test]
fn a_fingerprint_is_computed_without_lists() {
    let now = "2026-07-01T12:00:00Z".parse().unwrap();
    let days = Model::numbered(7, 1).availability("1", now).unwrap();
    let answer = parse(&serde_json::to_vec(&days).unwrap(), "1").unwrap();
    let hut = FollowedHut {
        id: 1,
        slug: "hut-1".into(),
        organization: "hrs".into(),
        source_hut_id: "1".into(),
        link: None,
        types: HutTypes::default(),
    };
    let today: NaiveDate = "2026-07-01".parse().unwrap();
    let check = Check::new(&hut, answer, &(today..=today + Days::new(364)), now);
    let measured = measure(|| {
        let _ = Fingerprint::of(&check);
    });
    assert!(measured.count_total <= 30, "{measured:?}");
}
