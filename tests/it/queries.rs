//! The cost of statements: the index that each one uses, and the number of rows that a check writes.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::lease::claim_huts;
use hut_availability::db::schedule::{Selection, get_huts_needing_update};
use hut_availability::db::write::update_availability;
use hut_availability::db::{request_slots, update_run};
use hut_availability::domain::day::Now;
use hut_availability::domain::lease::ClaimToken;
use hut_availability::domain::run::Mode;
use hut_availability::domain::schedule::{Intervals, Schedule};

use crate::on_both_databases;
use crate::reading::plans;
use crate::support::checks::{at, check};
use crate::support::database::{TestDatabase, number};
use crate::support::statements::{plan, record, statements_of};

/// The number of rows that were inserted, updated and deleted in the database until now.
fn row_writes(db: &mut Db) -> i64 {
    match db {
        Db::Postgres(_) => {
            // The server updates its counts later, unless it is told to do it now.
            db.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
            let counts = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint AS number
                FROM pg_stat_user_tables";
            number(db, counts)
        }
        Db::Sqlite(_) => number(db, "SELECT total_changes() AS number"),
    }
}

on_both_databases! {
    fn a_check_writes_only_changed_rows(database) {
        let mut db = database.with_huts(1);
        let mut store = |time: &str, days: &[(u32, i16)]| {
            let check = check(1, time, days);
            let before = row_writes(&mut db);
            update_availability(&mut db, &check, check.at).unwrap();
            row_writes(&mut db) - before
        };
        let year: Vec<(u32, i16)> = (1..=31).map(|day| (day, 5)).collect();
        // 31 rows, 31 entries, and the hut's check, which is inserted and then updated.
        assert_eq!(store("10:00", &year), 31 + 31 + 2);
        assert_eq!(store("10:30", &year), 1, "an unchanged check writes one row");
        let mut changed = year.clone();
        changed[3].1 = 6;
        changed[9].1 = 6;
        // For each date a row, a closed entry and a new one.
        assert_eq!(store("11:00", &changed), 2 * 3 + 1);
        assert_eq!(store("11:30", &changed[1..]), 2 + 1, "a date is no longer listed: its row and its entry");
        assert_eq!(store("12:00", &changed), 2 + 1, "the date is listed again: its row and its entry");
    }
}

/// Stores forty huts with a month each, and updates the planner's statistics.
fn with_months(database: &TestDatabase) -> Db {
    let mut db = database.with_huts(40);
    let month: Vec<(u32, i16)> = (1..=31).map(|day| (day, 5)).collect();
    for hut_id in 1..=40 {
        update_availability(&mut db, &check(hut_id, "10:00", &month), at("10:00")).unwrap();
    }
    db.batch_execute("ANALYZE").unwrap();
    db
}

on_both_databases! {
    fn the_queries_of_a_run_use_the_primary_keys(database) {
        let mut db = with_months(database);
        let statements = statements_of(&mut db, |db| {
            let now = Now::new(at("12:00"), chrono_tz::UTC);
            let schedule = Schedule::Tiers(Intervals::all(TimeDelta::zero()));
            let due = get_huts_needing_update(db, &Selection::Due, &now, 14, &schedule, None);
            assert_eq!(due.unwrap().huts.len(), 40);
            // One date changes, one is no longer listed, and one is listed again.
            for (time, days) in [("11:00", [(1, 6), (2, 5)]), ("12:00", [(1, 6), (3, 5)])] {
                let check = check(7, time, &days);
                update_availability(db, &check, check.at).unwrap();
            }
        });
        let mut used = BTreeSet::new();
        for statement in statements.iter().filter(|text| ["SELECT", "UPDATE", "DELETE"].iter().any(|verb| text.starts_with(verb))) {
            let plan = plan(&mut db, statement);
            let (scan, keys) = match db {
                Db::Postgres(_) => ("Seq Scan on availability", ["availability_pkey", "availability_change_pkey"]),
                Db::Sqlite(_) => ("SCAN availability", ["SEARCH availability USING", "SEARCH availability_change USING"]),
            };
            assert!(!plan.contains(scan), "{statement}\n{plan}");
            used.extend(keys.into_iter().filter(|key| plan.contains(key)));
        }
        assert_eq!(used.len(), 2, "{statements:#?}");
    }

    /// Not by reading all entries of the night or the hut, whose number grows with the history.
    fn the_open_entry_is_found_by_its_key(database) {
        let mut db = plans::with_many_rows(database);
        let changed = check(7, "10:00", &[(1, 6), (2, 7)]);
        let statements = statements_of(&mut db, |db| {
            update_availability(db, &changed, changed.at).unwrap();
        });
        let closing = statements.iter().find(|text| text.starts_with("UPDATE") && text.contains("max(")).unwrap();
        let plan = plan(&mut db, closing);
        let by_key = match db {
            Db::Postgres(_) => "AND (first_checked = (SubPlan",
            Db::Sqlite(_) => "(hut_id=? AND availability_date=? AND first_checked=?)",
        };
        assert!(plan.contains(by_key), "{closing}\n{plan}");
        assert!(!plan.contains("Hash"), "{closing}\n{plan}");
    }

    /// Diesel would parse its own UPDATE statements each time.
    fn the_writes_of_a_check_with_changes_are_prepared_once(database) {
        let mut db = database.with_huts(2);
        let mut run = ClaimToken { run_id: 0, generation: 1 };
        let start = record(&mut db, |db| {
            let lease = TimeDelta::minutes(1);
            run = update_run::begin(db, at("10:00"), Mode::Due, "here", 2, lease).unwrap();
        });
        let mut pass = |time: &str, days: &[(u32, i16)]| {
            record(&mut db, |db| {
                claim_huts(db, run, &[], &[1, 2], TimeDelta::minutes(1)).unwrap();
                request_slots::take(db, "hrs", 1, TimeDelta::zero()).unwrap();
                for hut_id in [1, 2] {
                    let check = check(hut_id, time, days);
                    update_availability(db, &check, check.at).unwrap();
                }
            })
        };
        let writes = |statements: Vec<String>| -> BTreeSet<String> {
            let is_write = |text: &String| text.starts_with("UPDATE") || text.starts_with("INSERT");
            statements.into_iter().filter(is_write).collect()
        };
        // Dates change, and the last one is no longer listed.
        let first = pass("10:00", &[(1, 5), (2, 5), (3, 5), (4, 5)]);
        let second = pass("10:30", &[(1, 6), (2, 5), (3, 5)]);
        let third = pass("11:00", &[(1, 7), (2, 4)]);
        let cached = writes([start.cached, first.cached, second.cached].concat());
        let written = writes(third.statements);
        // The lease; the request slot; the check, once unchanged and once saved; the changed dates; the
        // unlisted dates; the closed entries; and on SQLite the new entries, which PostgreSQL writes with
        // COPY.
        assert_eq!(written.len(), if database.is_sqlite() { 8 } else { 7 }, "{written:#?}");
        assert!(written.is_subset(&cached), "independent of the number of changed dates: {cached:#?}");
        assert_eq!(writes(third.cached), BTreeSet::new());
    }
}
