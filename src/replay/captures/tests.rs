//! Tests of courses from files and histories.

use chrono::{DateTime, Utc};

use super::*;
use crate::domain::hut::HutType;
use crate::domain::state::{ReservationStatus, State};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

const HRS: &str = "fetched_on,hut_id,date,free_beds,total_sleeping_places,hut_status
2026-07-01,7,2026-07-02,5,40,SERVICED
2026-07-01,7,2026-07-03,5,40,SERVICED
2026-07-02,7,2026-07-02,4,40,SERVICED
2026-07-02,7,2026-07-03,5,40,SERVICED
2026-07-02,7,2026-07-04,,0,CLOSED
2026-07-03,7,2026-07-03,0,40,SERVICED
";

#[test]
fn a_change_lies_between_two_captures_and_a_new_night_begins_with_its_day() {
    let courses = read(file(HRS).path(), &(day(1)..=day(31)), 365).unwrap();
    let [course] = &courses[..] else { panic!("{courses:?}") };
    assert_eq!((course.begin, course.end), (midnight(day(1)), midnight(day(3))));
    assert_eq!(course.nights.keys().copied().collect::<Vec<_>>(), [day(2), day(3)]);
    let spans: Vec<_> = course
        .changes
        .iter()
        .map(|span| {
            (span.date, span.after, span.until, span.state.map(|state| state.free), span.is_new)
        })
        .collect();
    assert_eq!(
        spans,
        [
            (day(2), midnight(day(1)), midnight(day(2)), Some(Some(4)), false),
            (day(4), midnight(day(2)), midnight(day(2)), Some(Some(0)), true),
            (day(3), midnight(day(2)), midnight(day(3)), Some(Some(0)), false),
            // A night that is no longer listed; the one that is past does not count.
            (day(4), midnight(day(3)), midnight(day(3)), None, false),
        ]
    );
    let drawn = course.draw(&mut fastrand::Rng::with_seed(3));
    assert!(drawn.changes.is_sorted_by_key(|change| change.at));
    assert!(drawn.changes[0].at > midnight(day(1)) && drawn.changes[0].at < midnight(day(2)));
}

#[test]
fn the_columns_say_whose_captures_a_file_has() {
    let ffcam = file(
        "fetched_at,structure,date,free
2026-07-01T08:00:00+02:00,BK_STRUCTURE:30,2026-07-05,-1
2026-07-02T08:00:00+02:00,BK_STRUCTURE:30,2026-07-05,3
",
    );
    let courses = read(ffcam.path(), &(day(1)..=day(31)), 365).unwrap();
    assert_eq!(courses[0].slug, "BK_STRUCTURE:30");
    assert_eq!(courses[0].nights[&day(5)].free, Some(0));
    assert_eq!(courses[0].changes.len(), 1);
}

#[test]
fn what_cannot_be_replayed_is_an_error_that_names_the_file() {
    let error = |file: &tempfile::NamedTempFile, days: RangeInclusive<NaiveDate>| {
        let error = read(file.path(), &days, 365).unwrap_err();
        (format!("{error:#}"), file.path().display().to_string())
    };
    let (text, path) = error(&file(HRS), day(1)..=day(1));
    assert_eq!(
        text,
        format!("{path} has no hut that was captured on two days from 2026-07-01 to 2026-07-01")
    );
    let (text, path) = error(&file("what,ever\n1,2\n"), day(1)..=day(9));
    assert!(
        text.starts_with(&format!("cannot read {path}: ")) && text.contains("fetched_on"),
        "{text}"
    );
    let missing = read(Path::new("/missing.csv"), &(day(1)..=day(2)), 365).unwrap_err();
    assert!(format!("{missing:#}").contains("cannot read /missing.csv"), "{missing:#}");
}

#[test]
fn the_changes_of_a_history_happened_before_they_were_seen() {
    let state = |free| State {
        free: Some(free),
        total: Some(40),
        hut_type: HutType::Hut,
        reservation_status: ReservationStatus::Possible,
    };
    let entries = vec![
        (at("2026-06-20T10:00:00Z"), state(9)),
        (at("2026-07-01T08:00:00Z"), state(8)),
        (at("2026-07-01T09:00:00Z"), state(7)),
        (at("2026-07-04T09:00:00Z"), state(6)),
        (at("2026-07-09T09:00:00Z"), state(5)),
    ];
    let late = vec![(at("2026-07-02T10:00:00Z"), state(1))];
    let hut =
        HutHistory { slug: "hut".into(), entries: [(day(20), entries), (day(21), late)].into() };
    let course = of_history(hut, &(day(1)..=day(5)));
    assert_eq!(course.nights, Nights::from([(day(20), state(9))]));
    let spans: Vec<_> = course
        .changes
        .iter()
        .map(|span| (span.date, span.after, span.until, span.is_new))
        .collect();
    assert_eq!(
        spans,
        [
            (day(20), at("2026-07-01T00:00:00Z"), at("2026-07-01T08:00:00Z"), false),
            (day(20), at("2026-07-01T08:00:00Z"), at("2026-07-01T09:00:00Z"), false),
            (day(20), at("2026-07-03T09:00:00Z"), at("2026-07-04T09:00:00Z"), false),
            (day(21), at("2026-07-02T10:00:00Z"), at("2026-07-02T10:00:00Z"), true),
        ]
    );
}
