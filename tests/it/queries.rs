//! What statements cost: which index serves them, and how many rows a check writes.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use hut_availability::db::connection::Db;
use hut_availability::db::write::update_availability;

use crate::on_both_databases;
use crate::support::checks::{at, check};
use crate::support::database::{TestDatabase, lines, number};

/// Rows that were inserted, updated and deleted in the database so far.
fn row_writes(db: &mut Db) -> i64 {
    match db {
        Db::Postgres(_) => {
            // The server counts in good time, unless it is asked to do it now.
            db.batch_execute("SELECT pg_stat_force_next_flush()").unwrap();
            let counts = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint AS number
                FROM pg_stat_user_tables";
            number(db, counts)
        }
        Db::Sqlite(_) => number(db, "SELECT total_changes() AS number"),
    }
}

on_both_databases! {
    fn a_check_writes_only_what_it_found(database) {
        let mut db = database.with_huts(1);
        let mut store = |time: &str, days: &[(u32, i16)]| {
            let check = check(1, time, days);
            let before = row_writes(&mut db);
            update_availability(&mut db, &check, check.at).unwrap();
            row_writes(&mut db) - before
        };
        let year: Vec<(u32, i16)> = (1..=31).map(|day| (day, 5)).collect();
        // 31 rows, 31 entries, and the hut's check, which is made and then filled in.
        assert_eq!(store("10:00", &year), 31 + 31 + 2);
        assert_eq!(store("10:30", &year), 1, "a steady check writes one row");
        let mut changed = year.clone();
        changed[3].1 = 6;
        changed[9].1 = 6;
        // A row, a closed entry and a new one for each.
        assert_eq!(store("11:00", &changed), 2 * 3 + 1);
        assert_eq!(store("11:30", &changed[1..]), 2 + 1, "a date that drops out: its row and its entry");
        assert_eq!(store("12:00", &changed), 2 + 1, "and the same when it comes back");
    }
}

/// The plan of a statement, in one text.
fn plan(db: &mut Db, statement: &str) -> String {
    match db {
        Db::Postgres(connection) => {
            #[derive(QueryableByName)]
            struct Plan {
                #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
                line: String,
            }
            let rows: Vec<Plan> =
                diesel::sql_query(format!("EXPLAIN {statement}")).load(connection).unwrap();
            rows.into_iter().map(|row| row.line).collect::<Vec<_>>().join("\n")
        }
        Db::Sqlite(connection) => {
            #[derive(QueryableByName)]
            struct Plan {
                #[diesel(sql_type = diesel::sql_types::Text)]
                detail: String,
            }
            let rows: Vec<Plan> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"))
                .load(connection)
                .unwrap();
            rows.into_iter().map(|row| row.detail).collect::<Vec<_>>().join("\n")
        }
    }
}

/// Forty huts with a month each, of which the planner knows.
fn filled(database: &TestDatabase) -> Db {
    let mut db = database.with_huts(40);
    let month: Vec<(u32, i16)> = (1..=31).map(|day| (day, 5)).collect();
    for hut_id in 1..=40 {
        update_availability(&mut db, &check(hut_id, "10:00", &month), at("10:00")).unwrap();
    }
    db.batch_execute("ANALYZE").unwrap();
    db
}

on_both_databases! {
    fn queries_are_served_by_the_primary_keys(database) {
        let mut db = filled(database);
        let statements = [
            // db::current::load
            "SELECT * FROM availability WHERE hut_id = 7 AND availability_date >= '2026-07-01'",
            // db::due::candidates, for each hut
            "SELECT max(cast(total - free AS double precision) / total * 100) FROM availability
             WHERE hut_id = 7 AND availability_date BETWEEN '2026-07-01' AND '2026-07-15'
                AND last_checked IS NULL AND total > 0",
            // db::history::set_open_until
            "UPDATE availability_change SET last_checked = NULL
             WHERE hut_id = 7 AND availability_date IN ('2026-07-01', '2026-07-02')
                AND first_checked = (SELECT max(other.first_checked) FROM availability_change AS other
                    WHERE other.hut_id = availability_change.hut_id
                        AND other.availability_date = availability_change.availability_date)",
            // db::current::freeze
            "UPDATE availability SET last_checked = NULL
             WHERE hut_id = 7 AND availability_date IN ('2026-07-01', '2026-07-02')",
        ];
        for statement in statements {
            let plan = plan(&mut db, statement);
            let (scan, expected) = match db {
                Db::Postgres(_) => ("Seq Scan", "_pkey"),
                Db::Sqlite(_) => ("SCAN a", "USING PRIMARY KEY (hut_id=? AND availability_date"),
            };
            assert!(plan.contains(expected) && !plan.contains(scan), "{statement}\n{plan}");
        }
        assert_eq!(lines(&mut db, "SELECT slug AS line FROM organization ORDER BY slug"), ["hrs", "huetten-holiday"]);
    }
}
