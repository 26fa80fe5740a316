//! `prune` removes old nights and runs and nothing else, in small steps that do not delay runs.

mod concurrent;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::write::update_availability;
use hut_availability::ops::prune::{LongPast, ROWS_IN_A_STEP, Rows, database};
use serde_json::json;

use crate::on_both_databases;
use crate::reading::plans::{HUTS, with_many_rows};
use crate::support::checks::{at, check, july};
use crate::support::database::{TestDatabase, current, history, lines};
use crate::support::program::{RunOutput, hut_availability, run};
use crate::support::statements::{plan, statements_of};

/// Prunes as of an instant, with a JSON report.
fn prune(database: &TestDatabase, as_of: &str, args: &[&str]) -> RunOutput {
    let mut command = hut_availability();
    command.args(["prune", "--as-of", as_of, "--allow-future", "--output", "json"]);
    run(command.args(args).args(["--database-url", &database.url]))
}

/// Stores two huts with the first days of July, some of them changed, and runs of all kinds.
fn july_of_two_huts(database: &TestDatabase) -> Db {
    let mut db = database.with_huts(2);
    for (hut_id, time, days) in [
        (1, "10:00", &[(1, 5), (2, 7), (3, 0), (9, 3)][..]),
        (1, "11:00", &[(1, 6), (2, 7), (3, 0), (9, 4)]),
        (2, "10:00", &[(2, 5), (3, 5)]),
    ] {
        let check = check(hut_id, time, days);
        update_availability(&mut db, &check, check.at).unwrap();
    }
    let run = |id: i32, day: &str| {
        format!(
            "INSERT INTO update_run (id, started_at, mode, host) VALUES ({id}, '{day}T10:00:00.000000Z', 'due', 'pod');"
        )
    };
    let lease = |id: i32, year: i32| {
        format!(
            "INSERT INTO lease (run_id, hut_ids, renewed_at, expires_at) VALUES ({id}, '1', '2026-06-01T00:00:00.000000Z', '{year}-07-01T00:00:00.000000Z');"
        )
    };
    let (old, new) = ("2026-06-30", "2026-07-03");
    let rows = [run(1, old), run(2, old), lease(2, 2026), run(3, old), lease(3, 9999), run(4, new)];
    db.batch_execute(&rows.concat()).unwrap();
    db
}

on_both_databases! {
    fn only_old_nights_and_runs_are_pruned(database) {
        let mut db = july_of_two_huts(database);
        let before = (current(&mut db), history(&mut db));
        // Before 3 July there are three dates, one of them with two entries, and two runs without a valid lease.
        // The lease of the third run is still valid.
        let counts = |report: &serde_json::Value| json!([report["dates"], report["entries"], report["runs"]]);
        let args = ["--keep-days", "2"];
        let ran = prune(database, "2026-07-05T10:00:00Z", &[&args[..], &["--dry-run"]].concat());
        assert_eq!(ran.status, 0, "{ran:?}");
        let report = ran.json();
        assert_eq!((counts(&report), &report["before"], &report["dry_run"]), (json!([3, 4, 2]), &json!("2026-07-03"), &json!(true)));
        assert_eq!((current(&mut db), history(&mut db)), before, "a dry run writes nothing");

        let ran = prune(database, "2026-07-05T10:00:00Z", &args);
        assert_eq!((ran.status, counts(&ran.json())), (0, json!([3, 4, 2])), "{ran:?}");
        let (rows, entries) = before;
        let kept: Vec<_> = rows.into_iter().filter(|row| row.date >= july(3)).collect();
        assert_eq!(current(&mut db), kept);
        let kept: Vec<_> = entries.into_iter().filter(|entry| entry.date >= july(3)).collect();
        assert_eq!(history(&mut db), kept);
        let runs = "SELECT CAST(update_run.id AS text) || coalesce(' leased', '') AS line
            FROM update_run LEFT JOIN lease ON run_id = id ORDER BY id";
        assert_eq!(lines(&mut db, &runs.replace("coalesce(' leased', '')", "CASE WHEN run_id IS NULL THEN '' ELSE ' leased' END")), ["3 leased", "4"]);

        let ran = prune(database, "2026-07-05T10:00:00Z", &args);
        assert_eq!((ran.status, counts(&ran.json())), (0, json!([0, 0, 0])), "nothing is left to prune");
    }

    /// Only a run with an old clock can check a pruned date again.
    fn a_pruned_date_is_new_to_a_check_of_its_time(database) {
        let mut db = july_of_two_huts(database);
        let ran = prune(database, "2026-07-08T10:00:00Z", &["--keep-days", "0"]);
        assert_eq!(ran.json()["dates"], 5, "{ran:?}");
        let again = check(1, "12:00", &[(2, 9), (9, 4)]);
        update_availability(&mut db, &again, again.at).unwrap();
        let entries: Vec<_> = history(&mut db).into_iter().map(|entry| (entry.date, entry.free, entry.first_checked())).collect();
        assert_eq!(entries, [(july(2), Some(9), at("12:00")), (july(9), Some(3), at("10:00")), (july(9), Some(4), at("11:00"))]);
    }

    fn free_space_is_reported_and_released_on_request(database) {
        let mut db = with_many_rows(database);
        let ran = prune(database, "2026-12-31T10:00:00Z", &["--keep-days", "10"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let report = ran.json();
        assert_eq!((&report["dates"], &report["entries"]), (&json!(HUTS * 200), &json!(HUTS * 200 * 4)));
        let size = report["size_bytes_after"].as_i64().unwrap();
        assert!(size > 1_000_000, "{report}");
        let ran = prune(database, "2026-12-31T10:00:00Z", &["--keep-days", "10", "--vacuum"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        if let Db::Sqlite(_) = db {
            assert!(report["reusable_bytes"].as_i64().unwrap() > size * 9 / 10, "{report}");
            let report = ran.json();
            assert_eq!(report["reusable_bytes"], 0);
            assert!(report["size_bytes_after"].as_i64().unwrap() < size / 10, "{report}");
        } else {
            assert_eq!(report["reusable_bytes"], json!(null), "PostgreSQL does not report reusable space");
        }
        assert_eq!(current(&mut db), []);
    }

    fn steps_are_small_and_use_the_keys(database) {
        let mut db = with_many_rows(database);
        let many = match db {
            Db::Postgres(_) => "SELECT timestamptz '2020-01-01Z' + n * interval '1 hour', 'due', 'pod' FROM generate_series(1, 20000) AS n",
            Db::Sqlite(_) => "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000)
                SELECT strftime('%Y-%m-%dT%H:%M:%f000Z', '2020-01-01', n || ' hours'), 'due', 'pod' FROM n",
        };
        db.batch_execute(&format!("INSERT INTO update_run (started_at, mode, host) {many}; ANALYZE")).unwrap();
        let past = LongPast::new(july(10), 0, chrono_tz::Tz::UTC);
        let mut removed = Rows::default();
        let statements = statements_of(&mut db, |db| {
            assert_eq!(database::count_hut(db, 7, past).unwrap(), Rows { dates: 190, entries: 760, runs: 0, watches: 0 });
            removed = database::step_of_hut(db, 7, past).unwrap();
            // A step removes at most this many of the old runs.
            assert_eq!(database::step_of_runs(db, past).unwrap().runs, ROWS_IN_A_STEP);
        });
        assert_eq!(removed, Rows { dates: 190, entries: 760, runs: 0, watches: 0 });
        let executed = |verb: &str, table: &str| statements.iter().any(|text| text.starts_with(verb) && text.contains(table));
        assert!(executed("DELETE", "availability_change") && executed("DELETE", "update_run"), "{statements:#?}");
        for statement in statements.iter().filter(|text| ["SELECT", "DELETE"].iter().any(|verb| text.starts_with(verb))) {
            let plan = plan(&mut db, statement);
            let scans = match db {
                Db::Postgres(_) => ["Seq Scan on availability", "Seq Scan on update_run"],
                Db::Sqlite(_) => ["SCAN availability", "SCAN update_run"],
            };
            assert!(!scans.iter().any(|scan| plan.contains(scan)), "{statement}\n{plan}");
        }
    }
}

#[test]
fn the_number_of_days_to_keep_is_required() {
    let database = TestDatabase::sqlite();
    for (args, words) in [
        (&[][..], "--keep-days <N>"),
        (
            &["--keep-days=-1"],
            "invalid value '-1' for '--keep-days <N>': expected a whole number from 0 to 36500",
        ),
        (&["--keep-days", "7", "--dry-run", "--vacuum"], "cannot be used with"),
    ] {
        let ran = prune(&database, "2026-07-05T10:00:00Z", args);
        assert_eq!(ran.status, 2);
        assert!(ran.stderr.contains(words), "{words}: {ran:?}");
    }
}
