//! What a copy holds.

use super::{HUTS, NEXT_DAY, assert_same, copy, filled, rows, with_long_history};
use crate::support::database::{TestDatabase, current, history, number};
use crate::support::model::assert_invariants;
use crate::support::program::{hut_availability, run};

/// The copy is the same in every row, and a program goes on with it as with the original.
fn copies(from: &TestDatabase, to: &TestDatabase) {
    let site = filled(from);
    with_long_history(&mut from.open(), HUTS as i32 + 1);
    let filled_rows = rows(from);
    for (table, rows) in &filled_rows {
        assert!(!rows.is_empty(), "{table}: a table that is not tested");
    }
    let ran = copy(from, to);
    assert_eq!(ran.status, 0, "{ran:?}");
    let report = ran.json();
    assert_eq!(report["huts"], serde_json::json!({"all": HUTS + 2, "copied": HUTS + 1}));
    for (table, rows) in &filled_rows {
        assert_eq!(report["rows"][table], rows.len(), "{table}");
    }
    assert!(filled_rows["availability_change"].len() > 4_500 + 60 * HUTS as usize);
    assert_same(from, to);
    assert_eq!(rows(from), filled_rows);

    let (mut from_db, mut to_db) = (from.open(), to.open());
    assert_eq!(current(&mut from_db), current(&mut to_db));
    assert_eq!(history(&mut from_db), history(&mut to_db));
    assert_invariants(&mut to_db);
    let again = copy(from, to);
    assert_eq!((again.status, &again.json()["huts"]["copied"]), (0, &0.into()), "{again:?}");

    // The same answers as in the original.
    let as_of = "2026-07-02T10:05:00Z";
    let slug = ["--hut-slug", "hut-1", "--days", "30"];
    let in_copy = site.update(to, as_of, &slug).json();
    assert_eq!(in_copy["dates"]["unchanged"], 30, "{in_copy}");
    assert_eq!(in_copy["history_entries"], 0, "{in_copy}");
    let in_copy = site.update(to, NEXT_DAY, &["--all", "--retries=0"]).json();
    let in_original = site.update(from, NEXT_DAY, &["--all", "--retries=0"]).json();
    assert_eq!(in_copy["dates"], in_original["dates"]);
    assert_invariants(&mut to_db);

    // New huts and runs are numbered after those that were copied.
    to_db = to.with_huts_of("huetten-holiday", "new", 2);
    assert_eq!(number(&mut to_db, "SELECT CAST(max(id) AS bigint) AS number FROM hut"), 79);
}

#[test]
fn of_sqlite_in_postgres() {
    copies(&TestDatabase::sqlite(), &TestDatabase::postgres());
}

#[test]
fn of_postgres_in_sqlite() {
    copies(&TestDatabase::postgres(), &TestDatabase::sqlite());
}

#[test]
fn of_sqlite_in_sqlite() {
    copies(&TestDatabase::sqlite(), &TestDatabase::sqlite());
}

#[test]
fn of_postgres_in_postgres() {
    copies(&TestDatabase::postgres(), &TestDatabase::postgres());
}

#[test]
fn of_nothing_is_made_where_there_is_nothing() {
    let (from, directory) = (TestDatabase::sqlite(), tempfile::tempdir().unwrap());
    let to = directory.path().join("new.db");
    let mut command = hut_availability();
    command.args(["copy", "--from", &from.url, "--to", to.to_str().unwrap()]);
    let ran = run(&mut command);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.contains("0 of 0 huts copied"), "{ran:?}");
    assert!(to.exists());
}
