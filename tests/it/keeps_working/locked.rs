//! Another program holds the write lock of a SQLite database.

use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, QueryResult};
use hut_availability::db::connection::{Db, write_transaction};
use hut_availability::db::open::{Access, open_within};
use hut_availability::db::resilient::{ResilientDb, TimeLimits};
use hut_availability::db::sqlite::lock::LockWait;
use hut_availability::runtime::timing::Meter;
use tokio::sync::watch;

use crate::support::database::TestDatabase;
use crate::support::running::{Running, wait_until};
use crate::support::same::assert_same;
use crate::support::site::TestSite;

const AS_OF: &str = "2026-07-01T10:00:00Z";

pub fn execute(db: &mut Db, sql: &str) {
    let Db::Sqlite(connection) = db else { panic!("only for SQLite: {sql}") };
    connection.batch_execute(sql).unwrap();
}

#[test]
fn a_run_waits_for_the_lock() {
    let (database, undisturbed) = (TestDatabase::sqlite(), TestDatabase::sqlite());
    let mut db = database.with_huts(12);
    drop(undisturbed.with_huts(12));
    let site = TestSite::with_huts(12);
    assert_eq!(site.update(&undisturbed, AS_OF, &["--all"]).status, 0);
    let before = site.fake_site.requests();
    let mut command = site.update_command(&database.url);
    let args = ["--all", "--as-of", AS_OF, "--request-interval", "0.05"];
    let mut running = Running::start(command.args(args));
    wait_until("requests", || site.fake_site.requests() >= before + 3);
    execute(&mut db, "BEGIN IMMEDIATE");
    sleep(Duration::from_secs(2));
    assert!(!running.has_ended());
    execute(&mut db, "COMMIT");
    let ran = running.end();
    assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &12.into()), "{ran:?}");
    assert_same(&database, &undisturbed, "after a lock");
}

/// The time limit of an outage holds for all tries together, however long SQLite waits in one of them.
#[test]
fn a_lock_that_stays_ends_the_wait_after_one_time_limit() {
    let database = TestDatabase::sqlite();
    let mut locked = database.with_huts(1);
    execute(&mut locked, "BEGIN IMMEDIATE");
    let (_sender, stop) = watch::channel(None);
    let url = Some(database.url());
    let (access, limit) = (Access::ReadWrite, Duration::from_secs(3));
    let db = ResilientDb::new(database.open(), url, access, stop, &Meter::default()).with_limits(
        TimeLimits { outage: limit, next_probe: Duration::ZERO, ..TimeLimits::default() },
    );
    let begin = Instant::now();
    let write = |db: &mut Db, _| write_transaction(db, |_| QueryResult::Ok(()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for _ in 0..3 {
        let error = runtime.block_on(db.run(write)).unwrap_err().to_string();
        assert_eq!(error, "database is locked");
    }
    let waited = begin.elapsed();
    assert!(waited < limit * 4, "{waited:?}");
    execute(&mut locked, "COMMIT");
    runtime.block_on(db.run(write)).unwrap();
}

/// At the start the wait has a limit, too.
#[test]
fn opening_a_locked_file_ends_after_one_time_limit() {
    let directory = tempfile::tempdir().unwrap();
    let database = TestDatabase::sqlite_in(directory, "new.db");
    let mut other =
        SqliteConnection::establish(database.sqlite_file().unwrap().to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN EXCLUSIVE; CREATE TABLE x (y)").unwrap();
    let wait = LockWait { notice_after: Duration::ZERO, total: Duration::from_secs(2) };
    for access in [Access::ReadOnly, Access::ReadWrite] {
        let begin = Instant::now();
        let error = open_within(&database.url(), access, wait).err().unwrap();
        let error = format!("{error:#}");
        assert!(error.starts_with("another program has kept sqlite://"), "{error}");
        assert!(error.contains("new.db locked for ") && error.contains("database is locked"));
        assert!(begin.elapsed() < wait.total * 5, "{:?}", begin.elapsed());
    }
    other.batch_execute("ROLLBACK").unwrap();
    drop(open_within(&database.url(), Access::ReadWrite, wait).unwrap());
}
