//! Another program holds the write lock of a SQLite database.

use std::thread::sleep;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;

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
