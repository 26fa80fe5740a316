//! The migration of a database of the version before places without a number, and the way back.

use std::collections::BTreeMap;
use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::open::{Access, connect};
use hut_availability::db::write::{Stored, update_availability};
use hut_availability::domain::fingerprint::Fingerprint;
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};

use crate::support::checks::{check, july, state};
use crate::support::database::{TestDatabase, current, history, lines, number, violations};
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, hut_availability, run};

/// The migrations that this version adds to the one before.
const NEW: [&str; 7] = [
    "2026-11-27-000009",
    "2026-11-27-000010",
    "2026-11-27-000011",
    "2026-11-28-000012",
    "2026-11-28-000013",
    "2026-11-28-000014",
    "2026-11-28-000015",
];

/// The state that was stored for a date of which the site said nothing.
const UNKNOWN: State = State {
    free: Some(0),
    total: Some(0),
    hut_type: HutType::Hut,
    reservation_status: ReservationStatus::Unknown,
};

/// The folders of the migrations, in their order.
fn migrations(database: &TestDatabase) -> Vec<PathBuf> {
    let name = if database.is_sqlite() { "sqlite" } else { "postgres" };
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations").join(name);
    let mut folders: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn is_new(folder: &std::path::Path) -> bool {
    let name = folder.file_name().unwrap().to_str().unwrap();
    NEW.iter().any(|new| name.starts_with(new))
}

/// Opens a database whatever its schema is.
fn open(database: &TestDatabase) -> Db {
    connect(&database.url(), Access::ReadWrite).unwrap()
}

/// Fills an empty database as the version before did.
fn fill(database: &TestDatabase) {
    let mut db = open(database);
    let mut create =
        "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL,
        run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);"
            .to_owned();
    for folder in migrations(database).iter().filter(|folder| !is_new(folder)) {
        create += &std::fs::read_to_string(folder.join("up.sql")).unwrap();
        let name = folder.file_name().unwrap().to_str().unwrap();
        let version = name.split('_').next().unwrap().replace('-', "");
        create +=
            &format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}');");
    }
    db.batch_execute(&create).unwrap();
    let days =
        BTreeMap::from([(july(1), state(3, 40)), (july(2), UNKNOWN), (july(3), state(0, 40))]);
    let digest = Fingerprint::new("hrs", "1", days.iter()).digest;
    let rows = "BEGIN;
        INSERT INTO hut (id, slug, name, capacity_open, hut_type_open, booking_ref) VALUES
            (1, 'hut-1', 'Hut 1', 80, 'hut', 'hrs'), (2, 'hut-2', 'Hut 2', 80, 'hut', 'hrs'),
            (3, 'hut-3', 'Hut 3', 80, 'hut', 'hrs');
        INSERT INTO hut_source (hut_id, organization, source_hut_id)
            VALUES (1, 'hrs', '1'), (2, 'hrs', '2'), (3, 'hrs', '3');
        INSERT INTO hut_check (hut_id, last_checked, last_checked_run, last_success, last_success_run, has_data,
                listed_at, content_digest, dates_listed, dates_bookable,
                tier, tier_from, tier_until, tier_next_days, etag, asked_digest)
            VALUES (1, T12, T12, T12, T12, TRUE, T12, 'DIGEST', 3, 1,
                'high', '2026-06-30', '2026-07-01', 14, '\"1\"', 'asked');
        INSERT INTO hut_check (hut_id, last_checked, last_checked_run, last_success, last_success_run, has_data,
                consecutive_failures, last_error, failing_since)
            VALUES (2, T12, T12, T10, T10, FALSE, 1, 'empty: no dates', T12),
                (3, T12, T12, NULL, NULL, FALSE, 2, 'timeout: no answer', T11);
        INSERT INTO availability VALUES
            (1, '2026-07-01', 'hrs', '1', 3, 40, 'hut', 'possible', T10, NULL),
            (1, '2026-07-02', 'hrs', '1', 0, 0, 'hut', 'unknown', T10, NULL),
            (1, '2026-07-03', 'hrs', '1', 0, 40, 'hut', 'not_possible', T10, NULL),
            (1, '2026-07-04', 'hrs', '1', 9, 40, 'hut', 'possible', T10, T11),
            (2, '2026-07-01', 'hrs', '2', 40, 40, 'hut', 'possible', T10, NULL);
        INSERT INTO availability_change VALUES
            (1, '2026-07-01', T10, T11, 5, 40, 'hut', 'possible'),
            (1, '2026-07-01', T11, NULL, 3, 40, 'hut', 'possible'),
            (1, '2026-07-02', T10, NULL, 0, 0, 'hut', 'unknown'),
            (1, '2026-07-03', T10, NULL, 0, 40, 'hut', 'not_possible'),
            (1, '2026-07-04', T10, T11, 9, 40, 'hut', 'possible'),
            (2, '2026-07-01', T10, NULL, 40, 40, 'hut', 'possible');
        INSERT INTO update_run (id, started_at, finished_at, mode, host, exit_status)
            VALUES (1, T12, T12, 'all', 'pod', 0);
        COMMIT"
        .replace("DIGEST", &digest);
    let rows = ["10", "11", "12"].iter().fold(rows, |rows, hour| {
        rows.replace(&format!("T{hour}"), &format!("'2026-06-30T{hour}:00:00.000000Z'"))
    });
    db.batch_execute(&rows).unwrap();
}

/// The rows and entries, by the columns of the version before.
fn rows(database: &TestDatabase) -> Vec<String> {
    let columns = |table: &str, columns: &str| {
        let texts: Vec<_> = columns
            .split(' ')
            .map(|column| format!("coalesce(CAST({column} AS text), 'null')"))
            .collect();
        format!("SELECT '{table} ' || {} AS line FROM {table}", texts.join(" || ' ' || "))
    };
    let state = "hut_id availability_date free total hut_type reservation_status first_checked last_checked";
    let sql = [
        columns("availability", &format!("{state} source_organization source_hut_id")),
        columns("availability_change", state),
        columns(
            "hut_check",
            "hut_id last_checked last_success has_data consecutive_failures last_error content_digest",
        ),
    ];
    let sql = sql.join(" UNION ALL ") + " ORDER BY line";
    lines(&mut open(database), &sql)
}

fn migrate(database: &TestDatabase) -> RunOutput {
    run(hut_availability().args(["migrate", "--database-url", &database.url]))
}

/// Reverts the new migrations.
fn revert(database: &TestDatabase) {
    let mut db = open(database);
    for folder in migrations(database).iter().rev().filter(|folder| is_new(folder)) {
        db.batch_execute(&std::fs::read_to_string(folder.join("down.sql")).unwrap()).unwrap();
    }
    let delete = "DELETE FROM __diesel_schema_migrations WHERE version >= '20261127000009'";
    db.batch_execute(delete).unwrap();
}

fn on_old_databases(test: fn(&TestDatabase)) {
    for database in [
        TestDatabase::sqlite_in(tempfile::tempdir().unwrap(), "old.db"),
        TestDatabase::empty_postgres(),
    ] {
        fill(&database);
        test(&database);
    }
}

#[test]
fn rows_keep_their_values_and_the_next_check_withdraws_what_is_missing() {
    on_old_databases(|database| {
        let before = rows(database);
        let ran = migrate(database);
        assert!(ran.status == 0 && ran.stdout.contains("7 migrations run"), "{ran:?}");
        assert_eq!(rows(database), before);
        let mut db = database.open();
        assert_eq!(violations(&mut db), []);
        assert_invariants(&mut db);

        let stored = current(&mut db);
        let percents: Vec<_> = stored.iter().map(|row| row.occupancy_percent).collect();
        assert_eq!(percents, [Some(92.5), None, Some(100.0), Some(77.5), Some(0.0)]);
        assert_eq!((stored[1].occupancy_steps, &*stored[1].occupancy_status), (None, "unknown"));
        assert!(stored.iter().all(|row| !row.withdrawn), "{stored:?}");
        assert_eq!(history(&mut db)[2].occupancy_percent, None);
        let unknown = "SELECT count(*) AS number FROM hut_check WHERE tier IS NULL AND tier_from IS NULL
            AND tier_until IS NULL AND tier_next_days IS NULL AND range_from IS NULL AND range_until IS NULL
            AND etag IS NULL AND asked_digest IS NULL";
        assert_eq!(number(&mut db, unknown), 3, "the next check computes them");
        let empty = "SELECT hut_id || ' ' || empty_answers AS line FROM hut_check ORDER BY line";
        assert_eq!(lines(&mut db, empty), ["1 0", "2 1", "3 0"]);

        // The first check after it lists the same dates.
        let mut next = check(1, "13:00", &[(1, 3), (3, 0)]);
        next.days.insert(july(2), UNKNOWN);
        let entries = history(&mut db).len();
        let Stored::Updated(diff) = update_availability(&mut db, &next, next.at).unwrap() else {
            panic!("not stored")
        };
        assert_eq!((diff.withdrawn, diff.changed.len(), diff.created.len()), (vec![july(4)], 0, 0));
        assert_eq!(history(&mut db).len(), entries);
        let withdrawn: Vec<_> = current(&mut db).into_iter().filter(|row| row.withdrawn).collect();
        assert_eq!(withdrawn.iter().map(|row| row.date).collect::<Vec<_>>(), [july(4)]);
        assert_eq!(withdrawn[0].last_checked(), check(1, "11:00", &[]).at, "it keeps its age");
        assert_invariants(&mut db);
        assert_eq!(violations(&mut db), []);
    });
}

#[test]
fn the_way_back_keeps_rows_with_both_numbers() {
    on_old_databases(|database| {
        let before = rows(database);
        assert_eq!(migrate(database).status, 0);
        revert(database);
        assert_eq!(rows(database), before);
        let percent = "SELECT CAST(occupancy_percent AS text) AS line FROM hut_availability
            WHERE hut_id = 1 AND availability_date = '2026-07-02'";
        assert!(
            lines(&mut open(database), percent)[0].starts_with("100"),
            "as the version before computed it"
        );
        let insert_null = "UPDATE availability SET free = NULL";
        assert!(open(database).batch_execute(insert_null).is_err(), "numbers are required again");

        // Forward once more, with dates that the version before cannot store.
        assert_eq!(migrate(database).status, 0);
        let mut next = check(1, "13:00", &[(1, 3), (3, 0)]);
        next.days.insert(july(2), State { total: Some(40), free: None, ..UNKNOWN });
        next.days.insert(july(5), State { total: None, free: Some(7), ..UNKNOWN });
        update_availability(&mut database.open(), &next, next.at).unwrap();
        let with_both = |database: &TestDatabase| {
            let mut rows = rows(database);
            rows.retain(|row| !row.contains("2026-07-02") && !row.contains("2026-07-05"));
            rows
        };
        let before = with_both(database);
        revert(database);
        assert_eq!(with_both(database), before);
        let others = "SELECT availability_date || ' ' || free || '/' || total || ' ' || reservation_status AS line
            FROM availability WHERE availability_date IN ('2026-07-02', '2026-07-05') ORDER BY line";
        let expected = ["2026-07-02 0/0 unknown", "2026-07-05 0/0 unknown"];
        assert_eq!(lines(&mut open(database), others), expected);
        assert_eq!(migrate(database).status, 0);
        // Two neighbours that differed by an unpublished number alone have become equal, as the migration says.
        let mut found: Vec<_> =
            violations(&mut database.open()).iter().map(|found| found.rule.to_string()).collect();
        found.sort();
        assert_eq!(found, ["equal_neighbours", "hut_check"]);
        database.allow_violations("the way back loses numbers");
    });
}

/// A copy reads a database of this version only. A SQLite file that it writes to is migrated, as by every command.
#[test]
fn copies_from_and_to_a_database_of_before() {
    on_old_databases(|database| {
        let copy = |from: &TestDatabase, to: &TestDatabase| {
            run(hut_availability().args(["copy", "--from", &from.url, "--to", &to.url]))
        };
        let assert_refused = |ran: &RunOutput| {
            assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
            assert!(ran.stderr.contains("lacks 7 of the migrations"), "{ran:?}");
            assert!(ran.stderr.contains("run `hut-availability migrate`"), "{ran:?}");
        };
        let before = rows(database);
        let target = TestDatabase::sqlite();
        assert_refused(&copy(database, &target));
        assert_eq!(number(&mut target.open(), "SELECT count(*) AS number FROM hut"), 0);
        assert_eq!(rows(database), before, "nothing is written to the original");

        assert_eq!(migrate(database).status, 0);
        let ran = copy(database, &target);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(current(&mut target.open()), current(&mut database.open()));

        // The other direction, onto the same data of before.
        revert(database);
        let ran = copy(&target, database);
        if database.is_sqlite() {
            assert_eq!(ran.status, 0, "{ran:?}");
            assert_eq!(current(&mut target.open()), current(&mut database.open()));
        } else {
            assert_refused(&ran);
            assert_eq!(rows(database), before);
            assert_eq!(migrate(database).status, 0);
        }
    });
}
