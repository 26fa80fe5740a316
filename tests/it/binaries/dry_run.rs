//! A dry run says what a run would change, and changes nothing.

use std::collections::BTreeMap;
use std::path::Path;

use hut_availability::db::connection::Db;
use hut_availability::domain::fault::Fault;
use hut_availability::simulate::faults::Faults;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, lines};
use crate::support::program::{run_in, update_availability};
use crate::support::site::TestSite;

/// The names and contents of the files in a directory.
fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Every row of every table; in PostgreSQL with the transaction that wrote it.
fn rows(db: &mut Db) -> Vec<String> {
    let written_by = if matches!(db, Db::Postgres(_)) { "xmin::text" } else { "''" };
    let tables = [
        ("hut", "slug"),
        ("hut_source", "source_hut_id"),
        ("hut_check", "last_checked"),
        ("availability", "first_checked || availability_date"),
        ("availability_change", "first_checked || availability_date"),
    ];
    let rows = tables.map(|(table, row)| {
        lines(
            db,
            &format!("SELECT {written_by} || ' ' || {row} AS line FROM {table} ORDER BY line"),
        )
    });
    rows.concat()
}

on_both_databases! {
    fn a_dry_run_reports_the_changes_and_leaves_the_database_unchanged(database) {
        let mut db = database.with_huts(3);
        let site = TestSite::with_huts(3);
        assert_eq!(site.update(database, "2026-07-01T10:00:00Z", &["--hut-id", "1"]).status, 0);
        let before_rows = rows(&mut db);
        drop(db);
        let directory = database.directory();
        let before = directory.map(files);

        let ran = site.update(database, "2026-07-05T10:00:00Z", &["--dry-run"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let report = ran.json();
        assert_eq!(report["dry_run"], true);
        assert_eq!(report["huts"]["updated"], 3);
        assert!(report["dates"]["created"].as_u64().unwrap() > 2 * 365, "{report}");
        assert!(report["dates"]["changed"].as_u64().unwrap() > 0, "{report}");
        let requests = site.fake_site.requests();

        let plan = site.update(database, "2026-07-05T10:00:00Z", &["--dry-run=plan"]);
        assert_eq!(plan.json()["huts"], serde_json::json!({"selected": 3, "updated": 0, "failed": 0, "skipped": 3}));
        assert_eq!(site.fake_site.requests(), requests, "a plan sends no request");

        // A failed preview is not stored either.
        site.fake_site.set_faults(Faults::always(Fault::Html));
        assert_eq!(site.update(database, "2026-07-05T10:00:00Z", &["--dry-run"]).status, 2);

        assert_eq!(directory.map(files), before, "the files are unchanged, byte for byte");
        assert_eq!(rows(&mut database.open()), before_rows);
    }
}

#[test]
fn a_dry_run_creates_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let ran = run_in(directory.path(), update_availability().arg("--dry-run"));
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("does not exist yet"), "{ran:?}");
    let demo = ["--demo", "--dry-run", "--request-interval", "0"];
    // The demo needs no file either, not even the list of CA certificates.
    let mut command = update_availability();
    command.env("SSL_CERT_FILE", "/none").env("SSL_CERT_DIR", "/none");
    let demo = run_in(directory.path(), command.args(demo));
    assert_eq!(demo.status, 0, "{demo:?}");
    assert!(demo.stdout.contains("(new): 365 dates to create, 0 to change"), "{demo:?}");
    assert_eq!(files(directory.path()), BTreeMap::new());
}

/// After a crash, SQLite's write-ahead log still holds data. A run merges it into the database, a preview
/// does not.
#[test]
fn a_dry_run_leaves_the_write_ahead_log_of_a_crash_unchanged() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(2));
    let open = database.open();
    let site = TestSite::with_huts(2);
    assert_eq!(site.update(&database, "2026-07-01T10:00:00Z", &["--all"]).status, 0);
    let crashed = tempfile::tempdir().unwrap();
    for file in ["test.db", "test.db-wal"] {
        std::fs::copy(database.directory().unwrap().join(file), crashed.path().join(file)).unwrap();
    }
    drop(open);
    let log = files(crashed.path());
    assert!(
        log["test.db-wal"].len() > 100_000,
        "the data of the run are in the write-ahead log only"
    );
    let dry_run =
        ["--dry-run=plan", "--database-url", "test.db", "--as-of", "2026-07-02T10:00:00Z"];
    let ran = run_in(crashed.path(), update_availability().args(dry_run));
    assert_eq!(ran.status, 0, "{ran:?}");
    let mut after = files(crashed.path());
    after.remove("test.db-shm");
    assert_eq!(after, log);
}

#[test]
fn a_dry_run_runs_no_migration() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("old.db");
    std::fs::write(&path, "").unwrap();
    let ran = run_in(
        directory.path(),
        update_availability().args(["--dry-run", "--database-url", "old.db"]),
    );
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("lacks 15 of the migrations"), "{ran:?}");
    assert_eq!(std::fs::read(&path).unwrap(), b"");
}
