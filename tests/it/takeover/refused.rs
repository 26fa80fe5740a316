//! Takeovers that are refused, each with its reason.

use diesel::connection::SimpleConnection;

use super::{small, take_over, with};
use crate::on_both_databases;
use crate::support::database::{TestDatabase, number};
use crate::support::postgres::SharedServerDatabase;
use crate::support::program::{hut_availability, run};
use crate::support::wodore::{Version, Wodore};

on_both_databases! {
    fn a_target_with_huts_of_its_own_is_refused(database) {
        database.with_huts(2);
        let ran = take_over(&small(Version::April, 1), database, &[]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains("\"hut-1\"") && ran.stderr.contains("empty database"), "{ran:?}");
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM hut"), 2);
    }

    fn a_target_of_another_takeover_is_refused(database) {
        assert_eq!(take_over(&small(Version::April, 1), database, &[]).status, 0);
        let mut other = Wodore::new(Version::April);
        other.hut(5, "other", 2, "5", (1, 1));
        let ran = take_over(&other, database, &[]);
        assert!(ran.status == 2 && ran.stderr.contains("from another database"), "{ran:?}");
    }

    fn a_database_that_is_not_theirs_is_refused(database) {
        let mut empty = Wodore::new(Version::April);
        let database_without_tables = SharedServerDatabase::empty();
        empty.url.clone_from(&database_without_tables.url);
        let ran = take_over(&empty, database, &[]);
        assert!(ran.status == 2 && ran.stderr.contains("there is no table \"huts_hut\""), "{ran:?}");
        let mut lacking = small(Version::April, 1);
        lacking.connection.batch_execute("ALTER TABLE huts_hut DROP COLUMN is_public").unwrap();
        let ran = take_over(&lacking, database, &[]);
        assert!(ran.status == 2 && ran.stderr.contains("no column \"is_public\""), "{ran:?}");
    }
}

#[test]
fn their_password_is_in_no_message() {
    let database = TestDatabase::sqlite();
    for url in
        ["postgres://me:hunter2@127.0.0.1:1/wodore", "postgres://me:hunter2@:x/", "hunter2.db"]
    {
        let ran = run(hut_availability().args([
            "takeover",
            "--from",
            url,
            "--database-url",
            &database.url,
        ]));
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(!ran.stderr.contains("me:hunter2"), "{ran:?}");
    }
}

#[test]
fn a_flag_says_what_to_do() {
    let database = TestDatabase::sqlite();
    for args in [&[][..], &["--finish", "--dry-run"], &["--finish", "--from", "postgres://db/x"]] {
        let ran = with(&database, &[&["takeover"], args].concat());
        assert!(ran.status == 2 && ran.stderr.contains("Usage"), "{args:?}: {ran:?}");
    }
}

#[test]
fn a_dry_run_creates_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("huts.db");
    let wodore = small(Version::April, 1);
    let mut command = hut_availability();
    command.args(["takeover", "--from", &wodore.url, "--dry-run", "--database-url"]).arg(&file);
    let ran = run(&mut command);
    assert!(ran.status == 0 && ran.stdout.contains("nothing was written"), "{ran:?}");
    assert!(!file.exists());
}

#[test]
fn the_same_database_is_refused() {
    let database = TestDatabase::postgres();
    let wodore = Wodore::at(database.url.clone());
    let ran = take_over(&wodore, &database, &[]);
    assert!(ran.status == 2 && ran.stderr.contains("are the same"), "{ran:?}");
}
