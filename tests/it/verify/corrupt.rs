//! Corrupts a valid database in many ways, one after the other, and asserts that `verify` finds each.

mod cases;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::open::{Access, open};

use self::cases::{ANYWHERE, Case, POSTGRES, SQLITE, VIEWS};
use super::with_every_kind_of_row;
use crate::on_both_databases;
use crate::support::database::{TestDatabase, violations};

/// A database without constraints, so that corrupt rows can be stored.
fn without_constraints(database: &TestDatabase) -> Db {
    let mut db = with_every_kind_of_row(database);
    let drop_constraints = match db {
        Db::Sqlite(_) => "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON",
        Db::Postgres(_) => {
            "DO $do$ DECLARE c record; BEGIN
            FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
                WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f')
            LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname); END LOOP;
        END $do$"
        }
    };
    db.batch_execute(drop_constraints).unwrap();
    db
}

/// The violations after running `sql`, as `rule hut date: message`. The corruption is undone afterwards.
fn found_after(database: &TestDatabase, db: &mut Db, sql: &str) -> Vec<String> {
    // Not by a rollback: verify reads over another connection, which cannot see an uncommitted transaction.
    let tables = [
        "hut",
        "hut_source",
        "hut_check",
        "availability",
        "availability_change",
        "update_run",
        "lease",
    ];
    let (mut save, mut restore, mut clean_up) = (String::new(), String::new(), String::new());
    for table in tables {
        save += &format!("CREATE TEMPORARY TABLE saved_{table} AS SELECT * FROM {table};");
        restore +=
            &format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM saved_{table};");
        clean_up += &format!("DROP TABLE saved_{table};");
    }
    db.batch_execute(&save).unwrap();
    let sql = sql
        .replace('$', "'2026-06-30T11:00:00.000000Z'")
        .replace('€', "'2026-06-30T13:00:00.000000Z'");
    db.batch_execute(&sql).unwrap();
    let found = describe(database);
    db.batch_execute(&restore).unwrap();
    db.batch_execute(&clean_up).unwrap();
    found
}

/// Verifies over another connection, and describes each violation as `rule hut date: message`.
fn describe(database: &TestDatabase) -> Vec<String> {
    let describe = |found: hut_availability::ops::verify::Violation| {
        let id = found.hut_id.map(|id| id.to_string());
        let hut = found.hut.or(id).unwrap_or_else(|| "-".into());
        let date = found.date.map(|date| format!(" {date}")).unwrap_or_default();
        format!("{} {hut}{date}: {}", found.rule, found.what)
    };
    let mut db = open(&database.url(), Access::ReadOnly).unwrap();
    violations(&mut db).into_iter().map(describe).collect()
}

fn assert_found(found: &[String], expected: &str, message: &str, sql: &str) {
    let matches =
        |line: &String| line.starts_with(&format!("{expected}: ")) && line.contains(message);
    assert!(
        found.iter().any(matches),
        "{sql}\nmust be reported as {expected}: {message}\n{found:#?}"
    );
}

on_both_databases! {
    fn each_corruption_is_found_and_reported(database) {
        let mut db = without_constraints(database);
        let own = if database.is_sqlite() { SQLITE } else { POSTGRES };
        for Case { sql, found, message } in ANYWHERE.iter().chain(own) {
            assert_found(&found_after(database, &mut db, sql), found, message, sql);
        }
        assert_eq!(describe(database), [""; 0], "the restored data are valid");
    }

    fn views_with_wrong_formulas_are_found(database) {
        let mut db = without_constraints(database);
        let directory = if database.is_sqlite() { "sqlite" } else { "postgres" };
        let path = format!("{}/migrations/{directory}/2026-11-27-000009_unpublished_and_withdrawn/up.sql", env!("CARGO_MANIFEST_DIR"));
        let migration = std::fs::read_to_string(path).unwrap();
        let (_, sound) = migration.split_at(migration.find("CREATE VIEW").unwrap());
        for (view, formula, wrong, words) in VIEWS {
            let begin = sound.find(&format!("CREATE VIEW {view} AS")).unwrap();
            let (before, after) = sound.split_at(begin);
            assert!(after.contains(formula), "{formula}");
            let views = format!("{before}{}", after.replacen(formula, wrong, 1));
            let drop = "DROP VIEW hut_availability; DROP VIEW hut_availability_history;";
            db.batch_execute(&format!("{drop}{views}")).unwrap();
            let found = describe(database);
            let matches = |line: &String| line.starts_with("view hut-1 ") && line.contains(view) && line.contains(words);
            assert!(found.iter().any(matches), "{wrong}: {words}\n{found:#?}");
            db.batch_execute(&format!("{drop}{sound}")).unwrap();
        }
    }
}
