//! The database answers, but refuses statements: conflicts, locks, a hut that cannot be stored.

use std::thread::sleep;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;

use crate::support::database::{TestDatabase, number};
use crate::support::model::assert_invariants;
use crate::support::program::run;
use crate::support::running::{Running, wait_until};
use crate::support::same::assert_same;
use crate::support::site::TestSite;

const AS_OF: &str = "2026-07-01T10:00:00Z";

fn execute(db: &mut Db, sql: &str) {
    let Db::Postgres(connection) = db else { panic!("only for PostgreSQL: {sql}") };
    connection.batch_execute(sql).unwrap();
}

/// A database that refuses every write of a check with an SQLSTATE while the condition `when` holds.
/// `nextval('tries')` counts the attempts.
fn refusing_database(huts: usize, sqlstate: &str, when: &str) -> TestDatabase {
    let database = TestDatabase::postgres();
    let mut db = database.with_huts(huts);
    execute(
        &mut db,
        &format!(
            "CREATE SEQUENCE tries;
             CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF {when} THEN RAISE EXCEPTION 'refused' USING ERRCODE = '{sqlstate}'; END IF;
                 RETURN NEW;
             END $$;
             CREATE TRIGGER refuse BEFORE UPDATE ON hut_check FOR EACH ROW EXECUTE FUNCTION refuse();"
        ),
    );
    database
}

/// A conflict, a deadlock, a lock that is not available, a full disk, a server that shuts down: all are
/// temporary.
#[test]
fn temporary_database_errors_are_retried() {
    let undisturbed = TestDatabase::sqlite();
    drop(undisturbed.with_huts(4));
    let site = TestSite::with_huts(4);
    let args = ["--all", "--days", "60"];
    assert_eq!(site.update(&undisturbed, AS_OF, &args).status, 0);
    for sqlstate in ["40001", "40P01", "55P03", "53100", "57P01"] {
        let database = refusing_database(4, sqlstate, "nextval('tries') % 3 > 0");
        let ran = site.update(&database, AS_OF, &args);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &4.into()), "{ran:?}");
        assert!(ran.stderr.contains("refused; trying again in"), "{ran:?}");
        assert_same(&database, &undisturbed, sqlstate);
    }
}

/// One hut that cannot be stored does not affect the others.
#[test]
fn a_permanent_database_error_is_reported_for_its_hut() {
    let database = refusing_database(8, "53100", "NEW.hut_id = 3");
    let site = TestSite::with_huts(8);
    let ran = site.update(&database, AS_OF, &["--all"]);
    let report = ran.json();
    assert_eq!((ran.status, &report["huts"]["updated"]), (1, &7.into()), "{ran:?}");
    let failed =
        report["results"].as_array().unwrap().iter().find(|result| result["outcome"] == "failed");
    assert_eq!(failed.unwrap()["hut"], "hut-3");
    assert_eq!(failed.unwrap()["error"]["kind"], "database");
    let mut db = database.open();
    assert_invariants(&mut db);
    assert_eq!(number(&mut db, "SELECT count(*) AS number FROM availability WHERE hut_id = 3"), 0);
    assert_eq!(
        number(
            &mut db,
            "SELECT exit_status AS number FROM (SELECT exit_status::bigint FROM update_run) AS r"
        ),
        1
    );
}

/// If nothing can be stored, the run soon stops sending requests to the site.
#[test]
fn a_run_ends_if_the_database_refuses_every_write() {
    let database = refusing_database(60, "53100", "true");
    let site = TestSite::with_huts(60);
    site.set_now(AS_OF.parse().unwrap());
    let args = ["--all", "--as-of", AS_OF, "--request-interval", "0.05"];
    let ran = run(site.update_command(&database.url).args(args));
    let report = ran.json();
    assert_eq!((ran.status, &report["huts"]["updated"]), (2, &0.into()), "{ran:?}");
    for result in report["results"].as_array().unwrap() {
        assert_eq!(result["error"]["kind"], "database", "{result}");
    }
    assert!(site.fake_site.requests() <= 60, "{}", site.fake_site.requests());
    assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM availability"), 0);
}

/// A migration or an operator locks a table for some time.
#[test]
fn a_run_waits_for_a_locked_table() {
    let database = TestDatabase::postgres();
    let undisturbed = TestDatabase::sqlite();
    let mut db = database.with_huts(12);
    drop(undisturbed.with_huts(12));
    let site = TestSite::with_huts(12);
    assert_eq!(site.update(&undisturbed, AS_OF, &["--all"]).status, 0);
    let mut command = site.update_command(&database.url);
    command.args(["--all", "--as-of", AS_OF, "--request-interval", "0.05"]);
    let before = site.fake_site.requests();
    let mut running = Running::start(&mut command);
    wait_until("requests", || site.fake_site.requests() >= before + 3);
    execute(&mut db, "BEGIN; LOCK TABLE hut_check IN ACCESS EXCLUSIVE MODE");
    sleep(Duration::from_secs(3));
    assert!(!running.has_ended());
    execute(&mut db, "COMMIT");
    let ran = running.end();
    assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &12.into()), "{ran:?}");
    assert_same(&database, &undisturbed, "after a lock");
}
