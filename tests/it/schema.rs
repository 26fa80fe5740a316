//! The schema is the same in both databases, its rules refuse impossible rows, and its views compute the
//! formulas.

use std::collections::BTreeSet;

use diesel::RunQueryDsl;
use hut_availability::db::connection::Db;
use hut_availability::db::migrations;
use hut_availability::db::open::{Access, connect, open};
use hut_availability::domain::database_url::DatabaseUrl;
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};

use crate::on_both_databases;
use crate::support::database::{TestDatabase, current, lines};
use crate::support::postgres::SharedServerDatabase;

const INSTANT: &str = "'2026-01-01T00:00:00.000000Z'";

/// `table.column`, and ` null` where it may be null, of all tables and views.
fn columns(db: &mut Db) -> BTreeSet<String> {
    let sql = match db {
        Db::Postgres(_) => {
            "SELECT c.table_name || '.' || c.column_name
                || CASE WHEN c.is_nullable = 'YES' AND t.table_type = 'BASE TABLE' THEN ' null' ELSE '' END
                AS line
             FROM information_schema.columns AS c
             JOIN information_schema.tables AS t USING (table_schema, table_name)
             WHERE c.table_schema = 'public'"
        }
        Db::Sqlite(_) => {
            "SELECT t.name || '.' || c.name
                || CASE WHEN c.\"notnull\" = 0 AND c.pk = 0 AND t.type = 'table' THEN ' null' ELSE '' END
                AS line
             FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c
             WHERE t.type IN ('table', 'view') AND t.name NOT LIKE 'sqlite_%'"
        }
    };
    lines(db, sql).into_iter().filter(|line| !line.starts_with("__diesel")).collect()
}

#[test]
fn both_databases_have_the_same_tables_views_and_columns() {
    let sqlite = columns(&mut TestDatabase::sqlite().open());
    let postgres = columns(&mut TestDatabase::postgres().open());
    assert!(sqlite.contains("hut_check.last_success null") && sqlite.contains("hut.slug"));
    assert_eq!(sqlite, postgres);
}

/// The tables, primary keys and columns of the Rust schema, in its own words. `scripts/schema.sh --check` compares
/// the whole file, but needs a program that takes minutes to compile.
#[test]
fn the_rust_schema_agrees_with_the_migrations() {
    let schema = include_str!("../../src/db/schema.rs");
    let of_a_table = |line: &&str| {
        line.ends_with(") {") || (line.contains(" -> ") && !line.starts_with("diesel::"))
    };
    let written: Vec<_> = schema.lines().map(str::trim).filter(of_a_table).collect();
    let sql = "SELECT line FROM (
        SELECT table_name COLLATE \"C\" AS name, 0 AS position, table_name || ' ('
            || string_agg(key.column_name, ', ' ORDER BY key.ordinal_position) || ') {' AS line
        FROM information_schema.table_constraints
        JOIN information_schema.key_column_usage AS key USING (table_schema, table_name, constraint_name)
        WHERE table_schema = 'public' AND constraint_type = 'PRIMARY KEY'
        GROUP BY table_name
        UNION ALL
        SELECT table_name, ordinal_position, column_name || ' -> '
            || CASE is_nullable WHEN 'YES' THEN 'Nullable<' || initcap(udt_name) || '>' ELSE initcap(udt_name) END
            || ','
        FROM information_schema.columns
        JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
    ) AS schema
    WHERE name NOT LIKE '\\_\\_diesel%' ORDER BY name, position";
    assert_eq!(lines(&mut TestDatabase::postgres().open(), sql), written);
}

#[test]
fn both_databases_have_migrations_with_the_same_names() {
    let names = |database: &str| -> BTreeSet<_> {
        let directory = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

on_both_databases! {
    fn migrations_can_be_reverted_and_run_again(database) {
        let mut db = database.with_huts(2);
        let before = columns(&mut db);
        migrations::revert_all(&mut db).unwrap();
        assert_eq!(columns(&mut db), BTreeSet::new());
        assert_eq!(migrations::state(&mut db).unwrap().pending.len(), 15);
        assert_eq!(migrations::run_pending(&mut db).unwrap().len(), 15);
        assert_eq!(columns(&mut db), before);
        assert_eq!(migrations::run_pending(&mut db).unwrap().len(), 0);
    }

    /// Compares the formulas in SQL with those in Rust, for every number of free places of many totals.
    fn views_compute_the_formulas_of_the_contract(database) {
        let mut db = database.with_huts(1);
        database.allow_violations("rows are inserted without a history, to test the formulas");
        let check = "INSERT INTO hut_check (hut_id, last_checked, last_checked_run, last_success,
            last_success_run) VALUES (1, $, $, $, $)"
            .replace('$', INSTANT);
        diesel::sql_query(check).execute(&mut db).unwrap();
        let dates = match db {
            Db::Postgres(_) => "date '2000-01-01' + (total * 201 + free)",
            Db::Sqlite(_) => "date('2000-01-01', (total * 201 + free) || ' days')",
        };
        let rows = format!(
            "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 200)
             INSERT INTO availability
             SELECT 1, {dates}, 'hrs', '1', free, total, 'hut', 'unknown',
                {INSTANT}, NULL, FALSE
             FROM (SELECT f.n AS free, t.n AS total FROM n AS f, n AS t
                   WHERE f.n <= t.n AND (t.n <= 60 OR t.n IN (99, 100, 101, 160, 200))) AS places"
        );
        diesel::sql_query(rows).execute(&mut db).unwrap();
        let unpublished = ["NULL, 0", "NULL, 1", "NULL, 40", "0, NULL", "1, NULL", "40, NULL", "NULL, NULL"];
        for (year, places) in unpublished.iter().enumerate() {
            let row = format!(
                "INSERT INTO availability VALUES
                    (1, '{}-01-01', 'hrs', '1', {places}, 'hut', 'unknown', {INSTANT}, NULL, FALSE)",
                1990 + year
            );
            diesel::sql_query(row).execute(&mut db).unwrap();
        }
        let rows = current(&mut db);
        assert_eq!(rows.len(), 61 * 62 / 2 + 100 + 101 + 102 + 161 + 201 + unpublished.len());
        for row in rows {
            let state = State {
                free: row.free,
                total: row.total,
                hut_type: HutType::Hut,
                reservation_status: ReservationStatus::Unknown,
            };
            assert_eq!(row.occupancy_percent, state.occupancy_percent(), "{row:?}");
            assert_eq!(row.occupancy_steps, state.occupancy_steps(), "{row:?}");
            assert_eq!(row.occupancy_status, state.occupancy_status().to_string(), "{row:?}");
        }
    }

    fn impossible_rows_are_refused(database) {
        let mut db = database.with_huts(1);
        let bad = [
            "INSERT INTO availability VALUES (1, '2026-01-01', 'hrs', '1', 3, 2, 'hut', 'unknown', $, NULL, FALSE)",
            "INSERT INTO availability VALUES (1, '2026-01-01', 'hrs', '1', -1, 2, 'hut', 'unknown', $, NULL, FALSE)",
            "INSERT INTO availability VALUES (1, '2026-01-01', 'hrs', '1', NULL, -1, 'hut', 'unknown', $, NULL, FALSE)",
            "INSERT INTO availability VALUES (1, '2026-01-01', 'hrs', '1', -1, NULL, 'hut', 'unknown', $, NULL, FALSE)",
            "INSERT INTO availability VALUES (1, '2026-01-01', 'hrs', '1', 1, 2, 'hut', 'unknown', $, NULL, TRUE)",
            "INSERT INTO availability VALUES (1, '2026-01-01', 'hrs', '1', 1, 2, 'castle', 'unknown', $, NULL, FALSE)",
            "INSERT INTO availability VALUES (1, '2026-01-01', 'hrs', '1', 1, 2, 'hut', 'perhaps', $, NULL, FALSE)",
            "INSERT INTO availability VALUES (1, '2026-01-01', 'dav', '1', 1, 2, 'hut', 'unknown', $, NULL, FALSE)",
            "INSERT INTO availability_change VALUES (1, '2026-01-01', $, NULL, 1, 2, 'hut', 'unknown')",
            "INSERT INTO hut_check (hut_id) VALUES (99)",
            "UPDATE hut SET booking_ref = 'dav'",
            "UPDATE hut SET latitude = 91",
            "UPDATE hut SET capacity_open = -1",
            "DELETE FROM hut_source",
        ];
        for sql in bad {
            let sql = sql.replace('$', INSTANT);
            assert!(diesel::sql_query(&sql).execute(&mut db).is_err(), "{sql}");
        }
    }
}

#[test]
fn postgres_is_migrated_only_by_migrate() {
    let database = SharedServerDatabase::empty();
    let url: DatabaseUrl = database.url.parse().unwrap();
    for access in [Access::ReadOnly, Access::ReadWrite] {
        let error = open(&url, access).err().unwrap().to_string();
        assert!(error.contains("lacks 15 of the migrations"), "{error}");
        assert!(error.contains("hut-availability migrate"), "{error}");
    }
    let mut db = connect(&url, Access::ReadWrite).unwrap();
    let tables = "SELECT tablename AS line FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(lines(&mut db, tables), [""; 0], "no table was created");
}

/// Several programs start at the same time on a new database, as pods do.
#[test]
fn concurrent_migrations_wait_for_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite://{}", directory.path().join("new.db").display());
    let postgres = SharedServerDatabase::empty();
    for url in [&sqlite, &postgres.url] {
        let url: DatabaseUrl = url.parse().unwrap();
        let migrate = || migrations::run_pending(&mut connect(&url, Access::ReadWrite)?);
        let executed: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6).map(|_| scope.spawn(migrate)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap().unwrap().len()).sum()
        });
        assert_eq!(executed, 15, "{url}");
    }
}
