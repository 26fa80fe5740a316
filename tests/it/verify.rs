//! `verify` finds every violation of a rule and names it, and reports nothing else.

mod corrupt;
mod live;
mod repair;

use diesel::connection::SimpleConnection;
use hut_availability::db::check::Attempt;
use hut_availability::db::connection::Db;
use hut_availability::db::write::{record_failure, update_availability};

use crate::on_both_databases;
use crate::support::checks::{at, check};
use crate::support::database::{TestDatabase, violations};
use crate::support::program::{RunOutput, hut_availability, run};

/// Stores three huts: one with every kind of history entry, one that fails, one that was never asked for;
/// and two runs, one of which has not ended.
fn with_every_kind_of_row(database: &TestDatabase) -> Db {
    let mut db = database.with_huts(3);
    for (time, days) in [
        ("10:00", &[(1, 5), (2, 7), (3, 0)][..]),
        ("11:00", &[(1, 6), (2, 7)]),
        ("12:00", &[(1, 5), (2, 7), (4, 40)]),
    ] {
        let check = check(1, time, days);
        update_availability(&mut db, &check, check.at).unwrap();
    }
    let only = check(2, "10:00", &[(1, 5)]);
    update_availability(&mut db, &only, only.at).unwrap();
    let attempt = Attempt { at: at("10:30").into(), run_started: at("10:30").into() };
    assert!(record_failure(&mut db, 2, attempt, false, "timeout: too late").unwrap());
    let (expires, renewed) = ("'2026-06-30T12:05:00.000000Z'", "'2026-06-30T12:00:00.000000Z'");
    db.batch_execute(&format!(
        "INSERT INTO update_run (id, started_at, mode, host) VALUES (8, {renewed}, 'due', 'pod');
        INSERT INTO update_run (id, started_at, finished_at, mode, host, exit_status)
            VALUES (7, {renewed}, {expires}, 'due', 'pod', 0);
        INSERT INTO lease (run_id, hut_ids, renewed_at, expires_at)
            VALUES (8, '3', {renewed}, {expires})"
    ))
    .unwrap();
    db
}

fn verify(database: &TestDatabase, args: &[&str]) -> RunOutput {
    run(hut_availability().arg("verify").args(args).args(["--database-url", &database.url]))
}

on_both_databases! {
    fn stored_checks_keep_every_rule(database) {
        let mut db = with_every_kind_of_row(database);
        assert_eq!(violations(&mut db), []);
        let ran = verify(database, &[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(ran.stdout, @"3 huts, 5 dates, 7 history entries, 2 runs: every rule holds");
        }
    }

    fn each_violation_is_one_line_and_sets_the_exit_status(database) {
        database.allow_violations("the test adds a violation");
        let mut db = with_every_kind_of_row(database);
        db.batch_execute("UPDATE availability SET free = 4 WHERE hut_id = 1 AND availability_date = '2026-07-01'").unwrap();
        let ran = verify(database, &[]);
        assert_eq!((ran.status, ran.stderr.as_str()), (1, ""), "{ran:?}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(ran.stdout, @r"
            hut-1 (1): hut_check: content_digest does not match the 3 listed dates
            hut-1 (1), 2026-07-01: open_entry: the row is 4/40 free, hut, possible, but its open entry is 5/40 free, hut, possible
            3 huts, 5 dates, 7 history entries, 2 runs: 2 violations
            ");
        }
        let ran = verify(database, &["--output", "json"]);
        assert_eq!(ran.status, 1, "{ran:?}");
        let report = ran.json();
        assert_eq!(report["violations_found"], 2);
        assert_eq!(report["violations"][1]["hut"], "hut-1");
        assert_eq!(report["violations"][1]["rule"], "open_entry");
    }
}

/// Rules without a query of their own are constraints of the database.
#[test]
fn constraints_of_sqlite_are_checked() {
    let database = TestDatabase::sqlite();
    database.allow_violations("the test adds a violation");
    let mut db = database.with_huts(2);
    db.batch_execute(
        "PRAGMA ignore_check_constraints = ON; UPDATE hut SET country = 'Switzerland'",
    )
    .unwrap();
    drop(db);
    let ran = verify(&database, &[]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stdout.starts_with("database: CHECK constraint failed in hut\n"), "{ran:?}");
}

#[test]
fn a_missing_database_is_not_created() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("new.db");
    let mut command = hut_availability();
    let ran = run(command.arg("verify").arg("--database-url").arg(&path));
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("new.db does not exist: give the right database"), "{ran:?}");
    assert!(!path.exists());
}
