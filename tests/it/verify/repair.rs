//! `repair` mends what has one right way to be mended, and names what is left.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use hut_availability::db::connection::Db;
use hut_availability::db::schema::{
    availability, availability_change, hut_check, lease, site_pace, update_run,
};
use hut_availability::db::timestamp::Timestamp;
use hut_availability::db::write::update_availability;
use serde_json::{Value, json};

use super::{verify, with_every_kind_of_row};
use crate::on_both_databases;
use crate::support::checks::{at, check, july};
use crate::support::database::{TestDatabase, current, history};
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, hut_availability, run};

const FUTURE: &str = "'2062-07-01T10:00:00.000000Z'";

/// A database with every kind of row, where the last check of the first hut, at 13:00, found nothing new, after this
/// corruption.
fn corrupted(like: &TestDatabase, sql: &str) -> TestDatabase {
    let database = if like.is_sqlite() { TestDatabase::sqlite() } else { TestDatabase::postgres() };
    let mut db = with_every_kind_of_row(&database);
    let steady = check(1, "13:00", &[(1, 5), (2, 7), (4, 40)]);
    update_availability(&mut db, &steady, steady.at).unwrap();
    assert_eq!(verify(&database, &[]).status, 0);
    db.batch_execute(&sql.replace('$', FUTURE)).unwrap();
    database
}

fn repair(database: &TestDatabase, args: &[&str]) -> RunOutput {
    run(hut_availability().arg("repair").args(args).args(["--database-url", &database.url]))
}

/// The counts of a report that are not 0.
fn counts(report: &Value) -> Value {
    let mut counts = report.clone();
    let names = ["database", "dry_run", "violations", "violations_left"];
    counts
        .as_object_mut()
        .unwrap()
        .retain(|name, value| !names.contains(&name.as_str()) && *value != 0);
    counts
}

/// Everything that `repair` may change.
fn stored(db: &mut Db) -> impl PartialEq + std::fmt::Debug + use<> {
    use hut_availability::db::check::HutCheck;
    let checks: Vec<HutCheck> =
        hut_check::table.order(hut_check::hut_id).select(HutCheck::as_select()).load(db).unwrap();
    let runs: Vec<(Timestamp, Option<Timestamp>)> = update_run::table
        .order(update_run::id)
        .select((update_run::started_at, update_run::finished_at))
        .load(db)
        .unwrap();
    let leases: i64 = lease::table.count().get_result(db).unwrap();
    let slots: Vec<Timestamp> = site_pace::table.select(site_pace::next_request).load(db).unwrap();
    (checks, runs, leases, slots, current(db), history(db))
}

/// Asserts that `repair` mends a corruption, with these counts, and that a dry run says so and writes nothing.
fn assert_mended(like: &TestDatabase, sql: &str, expected: &Value) -> TestDatabase {
    let database = corrupted(like, sql);
    let mut db = database.open();
    let before = stored(&mut db);
    let planned = repair(&database, &["--dry-run", "--output", "json"]);
    assert_eq!(counts(&planned.json()), *expected, "{sql}: {planned:?}");
    assert_eq!(stored(&mut db), before, "{sql}: a dry run writes nothing");
    let repaired = repair(&database, &["--output", "json"]);
    assert_eq!(
        (repaired.status, &repaired.json()["violations_left"]),
        (0, &0.into()),
        "{sql}: {repaired:?}"
    );
    assert_eq!(counts(&repaired.json()), *expected, "{sql}: {repaired:?}");
    assert_eq!(verify(&database, &[]).status, 0, "{sql}");
    assert_invariants(&mut db);
    let again = repair(&database, &[]);
    assert!(again.stdout.starts_with("nothing to mend\n"), "{sql}: {again:?}");

    // The next check finds what it would have found, and computes the summary again.
    let next = check(1, "14:00", &[(1, 5), (2, 7), (4, 40)]);
    update_availability(&mut db, &next, at("14:00")).unwrap();
    let summarized: Option<Timestamp> =
        hut_check::table.find(1).select(hut_check::listed_at).first(&mut db).unwrap();
    let last: Option<Timestamp> =
        hut_check::table.find(1).select(hut_check::last_success).first(&mut db).unwrap();
    assert_eq!(summarized, last, "{sql}");
    assert_invariants(&mut db);
    database
}

on_both_databases! {
    fn a_date_that_the_last_check_did_not_ask_for_is_no_longer_listed(database) {
        let sql = "UPDATE hut_check SET range_from = '2026-07-02' WHERE hut_id = 1";
        let found = verify(&corrupted_and_left(database, sql), &[]);
        assert!(found.stdout.contains("hut-1 (1), 2026-07-01: checked: listed"), "{found:?}");
        assert_mended(database, sql, &json!({"huts": 1, "listed_dates": 1, "summaries": 1}));
    }

    /// A check of an older version does not say for which dates it asked. It lists no dates that are past.
    fn dates_that_are_long_past_are_no_longer_listed(database) {
        let after = "'2026-07-10T10:00:00.000000Z'";
        let sql = format!(
            "UPDATE hut_check SET last_checked = {after}, last_success = {after}, listed_at = {after},
                range_from = NULL, range_until = NULL WHERE hut_id = 1"
        );
        let mended = corrupted(database, &sql);
        let repaired = repair(&mended, &["--output", "json"]);
        assert_eq!(repaired.status, 0, "{repaired:?}");
        assert_eq!(counts(&repaired.json()), json!({"huts": 1, "listed_dates": 3, "summaries": 1}));
        let rows = current(&mut mended.open());
        // They were listed until they were over, at the latest.
        let until = |day| rows.iter().find(|row| row.hut_id == 1 && row.date == july(day)).unwrap().last_checked();
        assert_eq!(until(1).to_rfc3339(), "2026-07-02T00:00:00+00:00");
        assert_eq!(until(4).to_rfc3339(), "2026-07-05T00:00:00+00:00");
        assert_eq!(until(3), at("10:00"), "this one was not listed before");
        assert_invariants(&mut mended.open());
    }

    fn a_date_that_the_site_withdrew_gets_its_mark(database) {
        let sql = "UPDATE availability SET withdrawn = FALSE WHERE hut_id = 1 AND availability_date = '2026-07-03'";
        let found = verify(&corrupted_and_left(database, sql), &[]);
        assert!(found.stdout.contains("hut-1 (1), 2026-07-03: withdrawn: not listed and not withdrawn"), "{found:?}");
        let mended = assert_mended(database, sql, &json!({"huts": 1, "withdrawn_dates": 1}));
        let withdrawn = availability::table.find((1, july(3))).select(availability::withdrawn);
        assert!(withdrawn.first::<bool>(&mut mended.open()).unwrap());
    }

    fn a_wrong_summary_of_a_check_is_removed(database) {
        for sql in ["content_digest = 'x'", "dates_listed = 99", "dates_bookable = 0", "tier = 'inactive'"] {
            let sql = format!("UPDATE hut_check SET {sql} WHERE hut_id = 1");
            assert_mended(database, &sql, &json!({"huts": 1, "summaries": 1}));
        }
    }

    fn request_times_that_a_wrong_clock_reserved_are_set_to_now(database) {
        let sql = "INSERT INTO site_pace (organization, next_request, paused_until) VALUES ('hrs', $, $)";
        let mended = assert_mended(database, sql, &json!({"run_times": 2}));
        let (next, pause): (Timestamp, Option<Timestamp>) =
            site_pace::table.select((site_pace::next_request, site_pace::paused_until)).first(&mut mended.open()).unwrap();
        assert!(DateTime::<Utc>::from(next) <= Utc::now() && pause.is_none(), "{next:?} {pause:?}");
    }

    /// A pause for which a site asked is kept, however long a site may ask for.
    fn a_pause_of_a_site_is_kept(database) {
        let until = (Utc::now() + chrono::TimeDelta::hours(20)).format("'%Y-%m-%dT%H:%M:%S.000000Z'");
        let sql = format!("INSERT INTO site_pace (organization, next_request, paused_until)
            VALUES ('hrs', '2026-06-30T13:00:00.000000Z', {until})");
        assert_mended(database, &sql, &json!({}));
    }

    fn runs_in_the_future_are_set_to_now(database) {
        let sql = "UPDATE update_run SET started_at = $, finished_at = $ WHERE id = 7";
        let found = verify(&corrupted_and_left(database, sql), &[]);
        assert!(found.stdout.contains("future: run 7: started_at is in the future"), "{found:?}");
        assert_mended(database, sql, &json!({"run_times": 2}));
        let sql = "UPDATE lease SET renewed_at = $, expires_at = '2062-07-01T10:01:00.000000Z'";
        let mended = assert_mended(database, sql, &json!({"run_times": 1}));
        assert_eq!(lease::table.count().get_result::<i64>(&mut mended.open()).unwrap(), 0);
    }

    /// Instants in the future keep their order, also where one date has several of them.
    fn a_history_in_the_future_is_mended_without_a_gap(database) {
        let sql = "
            UPDATE availability_change SET last_checked = $ WHERE hut_id = 1 AND availability_date = '2026-07-01'
                AND first_checked = '2026-06-30T11:00:00.000000Z';
            UPDATE availability_change SET first_checked = $, last_checked = '2062-07-01T11:00:00.000000Z'
                WHERE hut_id = 1 AND availability_date = '2026-07-01'
                AND first_checked = '2026-06-30T12:00:00.000000Z';
            UPDATE availability SET last_checked = '2062-07-01T11:00:00.000000Z'
                WHERE hut_id = 1 AND availability_date = '2026-07-01';
            UPDATE hut_check SET last_checked = '2062-07-02T10:00:00.000000Z', last_success = '2062-07-02T10:00:00.000000Z',
                last_checked_run = $, last_success_run = $, listed_at = NULL, content_digest = NULL, range_from = NULL,
                range_until = NULL WHERE hut_id = 1;
            UPDATE availability SET last_checked = '2026-06-30T13:00:00.000000Z'
                WHERE hut_id = 1 AND last_checked IS NULL;
            UPDATE availability_change SET last_checked = '2026-06-30T13:00:00.000000Z'
                WHERE hut_id = 1 AND last_checked IS NULL";
        let mended = corrupted(database, sql);
        let repaired = repair(&mended, &["--output", "json"]);
        assert_eq!(repaired.status, 0, "{repaired:?}");
        assert_eq!(counts(&repaired.json()), json!({"huts": 1, "future_instants": 3}));
        assert_invariants(&mut mended.open());
        let entries: Vec<Timestamp> = availability_change::table
            .filter(availability_change::hut_id.eq(1).and(availability_change::availability_date.eq(july(1))))
            .order(availability_change::first_checked)
            .select(availability_change::first_checked)
            .load(&mut mended.open())
            .unwrap();
        assert_eq!(entries.len(), 3);
    }

    /// A gap in a history has no single right way to be mended. The rest is mended.
    fn a_gap_in_a_history_is_named_and_left(database) {
        let gap = "UPDATE availability_change SET last_checked = '2026-06-30T10:30:00.000000Z' WHERE hut_id = 1
            AND availability_date = '2026-07-01' AND first_checked = '2026-06-30T10:00:00.000000Z'";
        let sql = format!("{gap}; UPDATE hut_check SET content_digest = 'x' WHERE hut_id = 1");
        let left = corrupted_and_left(database, &sql);
        let before = history(&mut left.open());
        let repaired = repair(&left, &["--output", "json"]);
        assert_eq!((repaired.status, &repaired.json()["violations_left"]), (1, &1.into()), "{repaired:?}");
        assert_eq!(repaired.json()["violations"][0]["rule"], "gap", "{repaired:?}");
        assert_eq!(counts(&repaired.json()), json!({"huts": 1, "summaries": 1}));
        assert_eq!(history(&mut left.open()), before);
        let repaired = repair(&left, &[]);
        assert_eq!(repaired.status, 1, "{repaired:?}");
        for line in ["nothing to mend\n1 violation left, which", "hut-1 (1), 2026-07-01: gap: "] {
            assert!(repaired.stdout.contains(line), "{line}: {repaired:?}");
        }
        assert!(repaired.stderr.contains("backup"), "{repaired:?}");
    }
}

/// A corrupt database that stays so.
fn corrupted_and_left(like: &TestDatabase, sql: &str) -> TestDatabase {
    let database = corrupted(like, sql);
    database.allow_violations("the test adds violations");
    database
}

/// SQLite stores any text. What cannot be read is left, and the other huts are mended.
#[test]
fn a_hut_that_cannot_be_read_is_named_and_left() {
    let like = TestDatabase::sqlite();
    let sql = "UPDATE hut_check SET content_digest = 'x' WHERE hut_id = 1;
        UPDATE hut_check SET failing_since = 'yesterday' WHERE hut_id = 2";
    let database = corrupted_and_left(&like, sql);
    let repaired = repair(&database, &["--output", "json"]);
    assert_eq!(repaired.status, 1, "{repaired:?}");
    assert_eq!(counts(&repaired.json()), json!({"huts": 1, "summaries": 1, "unreadable_huts": 1}));
}
