//! The content of a copy.

use super::{HUTS, NEXT_DAY, assert_same, copy, filled, rows, with_long_history};
use crate::support::database::{TestDatabase, current, history, number};
use crate::support::model::assert_invariants;
use crate::support::program::{hut_availability, run};
use crate::support::random::is_skipped_as_long;

/// Every row of the copy equals the original, and later runs on the copy give the same results as on the
/// original.
fn copy_equals_original(from: &TestDatabase, to: &TestDatabase) {
    let site = filled(from);
    with_long_history(&mut from.open(), HUTS as i32 + 1);
    let original_rows = rows(from);
    for (table, rows) in &original_rows {
        assert!(!rows.is_empty(), "{table} is empty, so copying it is not tested");
    }
    let ran = copy(from, to);
    assert_eq!(ran.status, 0, "{ran:?}");
    let report = ran.json();
    assert_eq!(report["huts"], serde_json::json!({"all": HUTS + 2, "copied": HUTS + 1}));
    for (table, rows) in &original_rows {
        assert_eq!(report["rows"][table], rows.len(), "{table}");
    }
    assert!(original_rows["availability_change"].len() > 4_500 + 60 * HUTS as usize);
    assert_same(from, to);
    assert_eq!(rows(from), original_rows);

    let (mut from_db, mut to_db) = (from.open(), to.open());
    assert_eq!(current(&mut from_db), current(&mut to_db));
    assert_eq!(history(&mut from_db), history(&mut to_db));
    assert_invariants(&mut to_db);
    let again = copy(from, to);
    assert_eq!((again.status, &again.json()["huts"]["copied"]), (0, &0.into()), "{again:?}");

    // A run on the copy finds the same data as one on the original.
    let as_of = "2026-07-02T10:05:00Z";
    let slug = ["--hut-slug", "hut-1", "--days", "30"];
    let in_copy = site.update(to, as_of, &slug).json();
    assert_eq!(in_copy["dates"]["unchanged"], 30, "{in_copy}");
    assert_eq!(in_copy["history_entries"], 0, "{in_copy}");
    let in_copy = site.update(to, NEXT_DAY, &["--all", "--retries=0"]).json();
    let in_original = site.update(from, NEXT_DAY, &["--all", "--retries=0"]).json();
    assert_eq!(in_copy["dates"], in_original["dates"]);
    assert_invariants(&mut to_db);

    // IDs of new huts and runs follow those of the copied ones.
    to_db = to.with_huts_of("huetten-holiday", "new", 2);
    assert_eq!(number(&mut to_db, "SELECT CAST(max(id) AS bigint) AS number FROM hut"), 79);
}

#[test]
fn sqlite_is_copied_to_postgres() {
    copy_equals_original(&TestDatabase::sqlite(), &TestDatabase::postgres());
}

#[test]
fn postgres_is_copied_to_sqlite() {
    copy_equals_original(&TestDatabase::postgres(), &TestDatabase::sqlite());
}

#[test]
fn sqlite_is_copied_to_sqlite() {
    if is_skipped_as_long("the copy of SQLite to SQLite") {
        return;
    }
    copy_equals_original(&TestDatabase::sqlite(), &TestDatabase::sqlite());
}

#[test]
fn postgres_is_copied_to_postgres() {
    if is_skipped_as_long("the copy of PostgreSQL to PostgreSQL") {
        return;
    }
    copy_equals_original(&TestDatabase::postgres(), &TestDatabase::postgres());
}

#[test]
fn an_empty_database_is_copied_to_a_new_file() {
    let (from, directory) = (TestDatabase::sqlite(), tempfile::tempdir().unwrap());
    let to = directory.path().join("new.db");
    let mut command = hut_availability();
    command.args(["copy", "--from", &from.url, "--to", to.to_str().unwrap()]);
    let ran = run(&mut command);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.contains("0 of 0 huts copied"), "{ran:?}");
    assert!(to.exists());
}
