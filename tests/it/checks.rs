//! The rows that a check writes: each of the contract's five rules.

use diesel::prelude::*;
use hut_availability::db::check::{Attempt, HutCheck};
use hut_availability::db::connection::Db;
use hut_availability::db::schema::{hut_check, hut_source};
use hut_availability::db::write::{Stored, preview, record_failure, update_availability};
use hut_availability::domain::availability::Check;
use hut_availability::domain::diff::DiffCounts;

use crate::on_both_databases;
use crate::support::checks::{at, check, july};
use crate::support::database::{HistoryRow, current, history};
use crate::support::model::assert_invariants;

/// Stores a check as part of a run that started at the same instant.
fn store(db: &mut Db, check: &Check) -> DiffCounts {
    let stored = update_availability(db, check, check.at).unwrap();
    assert_invariants(db);
    match stored {
        Stored::Updated(diff) => DiffCounts::from(&diff),
        other => panic!("the check is stored, and not {other:?}"),
    }
}

/// Each entry as `DAY FREE FROM-TO`.
fn entries(db: &mut Db) -> Vec<String> {
    let describe = |row: &HistoryRow| {
        let (from, to) = (row.first_checked().format("%H:%M"), row.last_checked().format("%H:%M"));
        format!("{} {} {from}-{to}", row.date.format("%d"), row.free.unwrap())
    };
    history(db).iter().map(describe).collect()
}

fn hut_check_of(db: &mut Db, hut_id: i32) -> HutCheck {
    hut_check::table.find(hut_id).select(HutCheck::as_select()).first(db).unwrap()
}

fn fail(db: &mut Db, hut_id: i32, time: &str) -> bool {
    let attempt = Attempt { at: at(time).into(), run_started: at(time).into() };
    record_failure(db, hut_id, attempt, false, "timeout: too late").unwrap()
}

on_both_databases! {
    fn a_new_date_gets_a_row_and_an_entry(database) {
        let mut db = database.with_huts(1);
        let counts = store(&mut db, &check(1, "10:00", &[(1, 5), (2, 0)]));
        assert_eq!(counts, DiffCounts { created: 2, history_entries: 2, ..DiffCounts::default() });
        assert_eq!(entries(&mut db), ["01 5 10:00-10:00", "02 0 10:00-10:00"]);
        let row = &current(&mut db)[1];
        assert_eq!((row.free, row.total, row.occupancy_status.as_str()), (Some(0), Some(40), "full"));
        assert_eq!((row.reservation_status.as_str(), row.hut_type.as_str()), ("not_possible", "hut"));
        assert_eq!((row.source_organization.as_str(), row.source_hut_id.as_str()), ("hrs", "1"));
        let link = "https://www.hut-reservation.org/reservation/book-hut/1/wizard";
        assert_eq!(row.link.as_deref(), Some(link));
    }

    fn a_changed_date_closes_its_entry_and_opens_another(database) {
        let mut db = database.with_huts(1);
        store(&mut db, &check(1, "10:00", &[(1, 5), (2, 0)]));
        let counts = store(&mut db, &check(1, "10:30", &[(1, 4), (2, 0)]));
        let expected = DiffCounts { changed: 1, unchanged: 1, history_entries: 1, bookable: 1, coming: 2, ..DiffCounts::default() };
        assert_eq!(counts, expected);
        assert_eq!(entries(&mut db), ["01 5 10:00-10:30", "01 4 10:30-10:30", "02 0 10:00-10:30"]);
        assert_eq!(current(&mut db)[0].first_checked(), at("10:00"));
    }

    fn an_unchanged_check_updates_every_last_checked(database) {
        let mut db = database.with_huts(1);
        store(&mut db, &check(1, "10:00", &[(1, 5), (2, 0)]));
        store(&mut db, &check(1, "11:00", &[(1, 5), (2, 0)]));
        assert_eq!(entries(&mut db), ["01 5 10:00-11:00", "02 0 10:00-11:00"]);
        assert!(current(&mut db).iter().all(|row| row.last_checked() == at("11:00")));
    }

    fn a_date_that_is_no_longer_listed_keeps_its_last_checked(database) {
        let mut db = database.with_huts(1);
        store(&mut db, &check(1, "10:00", &[(1, 5), (2, 7)]));
        let counts = store(&mut db, &check(1, "11:00", &[(2, 7)]));
        assert_eq!(counts, DiffCounts { unchanged: 1, dropped_out: 1, bookable: 1, coming: 2, lost: 1, ..DiffCounts::default() });
        store(&mut db, &check(1, "12:00", &[(2, 7)]));
        assert_eq!(entries(&mut db), ["01 5 10:00-10:00", "02 7 10:00-12:00"]);
    }

    fn a_date_that_is_listed_again_continues_its_history(database) {
        let mut db = database.with_huts(1);
        store(&mut db, &check(1, "10:00", &[(1, 5), (2, 7), (3, 9)]));
        store(&mut db, &check(1, "10:30", &[(1, 4), (2, 7), (3, 9)]));
        store(&mut db, &check(1, "11:00", &[(3, 9)]));
        let counts = store(&mut db, &check(1, "12:00", &[(1, 4), (2, 8), (3, 9)]));
        let expected = DiffCounts { changed: 1, unchanged: 2, history_entries: 1, bookable: 3, coming: 1, ..DiffCounts::default() };
        assert_eq!(counts, expected);
        store(&mut db, &check(1, "13:00", &[(1, 4), (2, 8), (3, 9)]));
        let expected = [
            "01 5 10:00-10:30", "01 4 10:30-13:00", "02 7 10:00-12:00", "02 8 12:00-13:00", "03 9 10:00-13:00",
        ];
        assert_eq!(entries(&mut db), expected);
    }

    fn a_frozen_entry_is_not_confused_with_the_closed_entry_before_it(database) {
        let mut db = database.with_huts(1);
        store(&mut db, &check(1, "10:00", &[(1, 5), (2, 7)]));
        store(&mut db, &check(1, "10:30", &[(1, 4), (2, 7)]));
        // Both the closed entry and the frozen one end at 10:30.
        store(&mut db, &check(1, "11:00", &[(2, 7)]));
        assert_eq!(entries(&mut db)[..2], ["01 5 10:00-10:30", "01 4 10:30-10:30"]);
        store(&mut db, &check(1, "12:00", &[(1, 4), (2, 7)]));
        assert_eq!(entries(&mut db)[..2], ["01 5 10:00-10:30", "01 4 10:30-12:00"]);
    }

    fn another_source_updates_the_rows_and_makes_no_history(database) {
        let mut db = database.with_huts(1);
        store(&mut db, &check(1, "10:00", &[(1, 5), (2, 7)]));
        let mut moved = check(1, "11:00", &[(1, 5), (2, 6)]);
        moved.source_hut_id = "777".into();
        moved.new_link = Some("https://example.org/777".into());
        let counts = store(&mut db, &moved);
        assert_eq!((counts.changed, counts.unchanged, counts.history_entries), (1, 1, 1));
        for row in current(&mut db) {
            assert_eq!(row.source_hut_id, "777");
            assert_eq!(row.link.as_deref(), Some("https://example.org/777"));
        }
        let links: Vec<Option<String>> = hut_source::table.select(hut_source::link).load(&mut db).unwrap();
        assert_eq!(links.len(), 1);
    }

    fn past_dates_are_not_changed(database) {
        let mut db = database.with_huts(1);
        store(&mut db, &check(1, "10:00", &[(1, 5), (2, 7), (3, 9)]));
        let mut days_later = check(1, "10:00", &[(3, 9), (4, 1)]);
        days_later.at += chrono::TimeDelta::days(3);
        let counts = store(&mut db, &days_later);
        assert_eq!((counts.created, counts.unchanged, counts.dropped_out), (1, 1, 2));
        let mut later_still = days_later.clone();
        later_still.at += chrono::TimeDelta::days(1);
        assert_eq!(store(&mut db, &later_still).dropped_out, 0);
        assert_eq!(current(&mut db)[0].last_checked(), at("10:00"));
    }

    /// West of Greenwich, today can be yesterday's date in UTC.
    fn a_date_before_the_utc_date_of_the_check_can_drop_out(database) {
        let mut db = database.with_huts(1);
        let mut evening = check(1, "10:00", &[(1, 5), (2, 7)]);
        evening.at = "2026-07-02T02:00:00Z".parse().unwrap();
        store(&mut db, &evening);
        let mut next_day = check(1, "10:00", &[(2, 7)]);
        next_day.at = "2026-07-02T08:00:00Z".parse().unwrap();
        assert_eq!(store(&mut db, &next_day).dropped_out, 1);
    }

    fn an_older_check_is_dropped(database) {
        let mut db = database.with_huts(1);
        store(&mut db, &check(1, "10:00", &[(1, 5)]));
        for time in ["09:59", "10:00"] {
            let older = check(1, time, &[(1, 1), (2, 2)]);
            assert_eq!(preview(&mut db, &older).unwrap(), Stored::Outdated);
            assert_eq!(update_availability(&mut db, &older, older.at).unwrap(), Stored::Outdated);
        }
        assert_eq!(entries(&mut db), ["01 5 10:00-10:00"]);
        assert!(!fail(&mut db, 1, "09:00"));
        assert_eq!(hut_check_of(&mut db, 1).consecutive_failures, 0);
    }

    fn a_failure_touches_hut_check_only(database) {
        let mut db = database.with_huts(1);
        store(&mut db, &check(1, "10:00", &[(1, 5)]));
        let before = (current(&mut db), history(&mut db));
        assert!(fail(&mut db, 1, "10:30") && fail(&mut db, 1, "11:30"));
        assert_eq!((current(&mut db), history(&mut db)), before);
        let row = hut_check_of(&mut db, 1);
        assert_eq!((row.consecutive_failures, row.has_data), (2, true));
        assert_eq!(row.last_error.as_deref(), Some("timeout: too late"));
        assert_eq!((row.last_checked, row.last_success), (Some(at("11:30").into()), Some(at("10:00").into())));

        store(&mut db, &check(1, "12:00", &[(1, 5)]));
        let row = hut_check_of(&mut db, 1);
        assert_eq!((row.consecutive_failures, row.last_error), (0, None));
    }

    fn a_hut_can_fail_before_its_first_success(database) {
        let mut db = database.with_huts(2);
        assert!(fail(&mut db, 2, "10:00"));
        let row = hut_check_of(&mut db, 2);
        assert_eq!((row.consecutive_failures, row.has_data, row.last_success), (1, false, None));
        store(&mut db, &check(2, "11:00", &[(1, 5)]));
        assert_eq!(entries(&mut db), ["01 5 11:00-11:00"]);
    }

    fn a_preview_returns_the_changes_and_writes_nothing(database) {
        let mut db = database.with_huts(1);
        store(&mut db, &check(1, "10:00", &[(1, 5), (2, 7)]));
        let before = (current(&mut db), history(&mut db), hut_check_of(&mut db, 1));
        let Stored::Updated(diff) = preview(&mut db, &check(1, "11:00", &[(2, 8), (3, 1)])).unwrap() else {
            panic!("this check is the newest")
        };
        assert_eq!((diff.created.len(), diff.changed[0].date, diff.dropped_out.len()), (1, july(2), 1));
        assert_eq!((diff.changed[0].before.free, diff.changed[0].after.free), (Some(7), Some(8)));
        assert_eq!((current(&mut db), history(&mut db), hut_check_of(&mut db, 1)), before);
    }

    /// Runs write at the same time. The newest check wins, in whatever order they write.
    fn concurrent_writers_do_not_overwrite_newer_checks(database) {
        let mut db = database.with_huts(1);
        std::thread::scope(|scope| {
            for writer in 0..4_i16 {
                scope.spawn(move || {
                    let mut db = database.open();
                    for minute in 0..15_i16 {
                        let free = minute * 2 + i16::from(writer % 2 == 0);
                        let time = format!("10:{:02}", minute * 4 + writer);
                        let check = check(1, &time, &[(1, free), (2, writer)]);
                        update_availability(&mut db, &check, check.at).unwrap();
                    }
                });
            }
        });
        assert_invariants(&mut db);
        assert_eq!(current(&mut db)[0].last_checked(), at("10:59"));
        assert_eq!((current(&mut db)[0].free, current(&mut db)[1].free), (Some(28), Some(3)));
    }
}
