//! `hut-availability distribute`, and the program on a real Citus cluster if `HUT_TEST_CITUS` has the URL of a database
//! of it, such as `postgres://postgres@127.0.0.1:9700/huts`. Everything happens in a schema of its own there.

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::migrations;
use hut_availability::db::open::{Access, connect};
use hut_availability::domain::database_url::DatabaseUrl;

use super::{QUERIES, with_months};
use crate::on_both_databases;
use crate::support::database::{TestDatabase, current, history, lines, number, violations};
use crate::support::program::{RunOutput, hut_availability, run};
use crate::support::site::TestSite;

fn distribute(database: &TestDatabase, args: &[&str]) -> RunOutput {
    run(hut_availability().arg("distribute").args(args).args(["--database-url", &database.url]))
}

on_both_databases! {
    fn without_citus_the_command_says_what_is_missing_and_writes_nothing(database) {
        for args in [&["--shards", "4"][..], &["--undo"], &["--dry-run"]] {
            let refused = distribute(database, args);
            assert_eq!((refused.status, refused.stdout.as_str()), (2, ""), "{refused:?}");
            let remedy = if database.is_sqlite() { "hut-availability copy" } else { "CREATE EXTENSION citus" };
            assert!(refused.stderr.contains(remedy), "{refused:?}");
        }
    }
}

#[test]
fn a_database_that_is_not_migrated_is_refused() {
    let database = TestDatabase::empty_postgres();
    database.allow_violations("there are no tables");
    let refused = distribute(&database, &[]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("run `hut-availability migrate`"), "{refused:?}");
}

/// A schema in a database of a Citus cluster, dropped at the end.
struct Schema {
    database: TestDatabase,
    url: DatabaseUrl,
    name: String,
}

impl Schema {
    fn new(url: &str) -> Self {
        let name = format!("test_{}", std::process::id());
        let in_database: DatabaseUrl = url.parse().unwrap();
        let mut db = connect(&in_database, Access::ReadWrite).unwrap();
        db.batch_execute(&format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"))
            .unwrap();
        let sign = if url.contains('?') { '&' } else { '?' };
        let database = TestDatabase::at(format!("{url}{sign}options=-csearch_path%3D{name}"));
        let mut db = connect(&database.url(), Access::ReadWrite).unwrap();
        migrations::run_pending(&mut db).unwrap();
        Self { database, url: in_database, name }
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        self.database.allow_violations("the tables are dropped");
        let mut db = connect(&self.url, Access::ReadWrite).unwrap();
        db.batch_execute(&format!("DROP SCHEMA {} CASCADE", self.name)).unwrap();
    }
}

fn shards(db: &mut Db) -> i64 {
    number(
        db,
        "SELECT count(*) AS number FROM pg_dist_shard JOIN pg_class ON pg_class.oid = logicalrelid
        JOIN pg_dist_partition USING (logicalrelid) WHERE partmethod = 'h' AND pg_table_is_visible(pg_class.oid)",
    )
}

/// Keys, checks and columns, without what differs by name only.
fn constraints(db: &mut Db) -> Vec<String> {
    lines(
        db,
        "SELECT conrelid::regclass || ' ' || conname || ' ' || replace(pg_get_constraintdef(oid), ' NOT VALID', '')
            AS line FROM pg_constraint WHERE connamespace = current_schema()::regnamespace ORDER BY 1",
    )
}

#[test]
fn the_program_works_on_citus_as_on_one_server() {
    let Some(url) = std::env::var("HUT_TEST_CITUS").ok().filter(|url| !url.is_empty()) else {
        eprintln!("skipped: HUT_TEST_CITUS does not name a database of a Citus cluster");
        return;
    };
    let (one, citus) = (TestDatabase::postgres(), Schema::new(&url));
    let database = &citus.database;
    let (mut one_db, mut db) = (with_months(&one), with_months(database));
    let before = (constraints(&mut db), current(&mut db), history(&mut db));

    let planned = distribute(database, &["--shards", "4", "--dry-run"]);
    assert!(
        planned.stdout.contains("SELECT create_distributed_table('availability'"),
        "{planned:?}"
    );
    assert_eq!(shards(&mut db), 0, "a dry run writes nothing");
    let done = distribute(database, &["--shards", "4"]);
    assert_eq!((done.status, shards(&mut db)), (0, 12), "{done:?}");
    let again = distribute(database, &["--shards", "4"]);
    assert!(again.status == 0 && again.stdout.contains("nothing to do"), "{again:?}");
    let other = distribute(database, &["--shards", "8"]);
    assert!(other.status == 2 && other.stderr.contains("4 shards, not 8"), "{other:?}");
    assert_eq!((current(&mut db), history(&mut db)), (before.1, before.2));

    // New huts get the next numbers.
    let new = "INSERT INTO hut (slug, name) VALUES ('new', 'New') RETURNING id::bigint AS number";
    assert_eq!(number(&mut db, new), 41);
    db.batch_execute("DELETE FROM hut WHERE slug = 'new'").unwrap();

    // Every statement of the list, on both.
    for (_, query) in QUERIES {
        query(&mut one_db);
        query(&mut db);
    }
    let site = TestSite::with_huts(40);
    for as_of in ["2026-07-02T10:00:00Z", "2026-07-02T18:00:00Z"] {
        for database in [&one, database] {
            let ran = site.update(database, as_of, &["--days", "60"]);
            assert_eq!(ran.status, 0, "{ran:?}");
        }
    }
    assert_eq!(current(&mut db), current(&mut one_db));
    assert_eq!(history(&mut db), history(&mut one_db));
    assert_eq!(violations(&mut db), []);
    for args in [&["map", "2026-07-02"][..], &["hut", "hut-7"], &["trend", "hut-7", "2026-07-02"]] {
        let shown = |database: &TestDatabase| {
            run(hut_availability().args(args).args([
                "--as-of",
                "2026-07-02T19:00:00Z",
                "--database-url",
                &database.url,
            ]))
        };
        assert_eq!(shown(database).stdout, shown(&one).stdout, "{args:?}");
    }

    let filled = (current(&mut db), history(&mut db));
    let undone = distribute(database, &["--undo"]);
    assert_eq!((undone.status, shards(&mut db)), (0, 0), "{undone:?}");
    assert_eq!(constraints(&mut db), before.0);
    assert_eq!((current(&mut db), history(&mut db)), filled);
    let again = distribute(database, &["--undo"]);
    assert!(again.stdout.contains("nothing to do"), "{again:?}");
    assert_eq!(number(&mut db, new), 41);
}
