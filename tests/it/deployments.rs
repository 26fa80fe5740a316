//! PostgreSQL as docs/databases.md says that it may be used: in another schema, and as a replica.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::support::database::{TestDatabase, lines, number};
use crate::support::pgbouncer::Pooler;
use crate::support::postgres::Server;
use crate::support::program::{hut_availability, run};
use crate::support::running::wait_until;
use crate::support::service::Service;
use crate::support::site::TestSite;

fn execute(url: &str, sql: &str) {
    PgConnection::establish(url).unwrap().batch_execute(sql).unwrap();
}

/// Migrates, checks all huts, and reads, at a URL.
fn works_at(url: &str, huts: u32) {
    let site = TestSite::with_huts(huts);
    let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    let rows: String = (1..=huts).map(|id| format!("hut-{id},Hut {id},hrs,{id}\n")).collect();
    std::fs::write(file.path(), format!("slug,name,organization,source_hut_id\n{rows}")).unwrap();
    let file = file.path().to_str().unwrap();
    for args in [&["migrate"][..], &["huts", "import", file]] {
        let ran = run(hut_availability().args(args).args(["--database-url", url]));
        assert_eq!(ran.status, 0, "{ran:?}");
    }
    let ran = run(&mut site.update_command(url));
    assert_eq!((ran.status, ran.json()["huts"]["updated"].as_u64()), (0, Some(huts.into())));
    for args in ["map", "hut hut-1", "status", "verify"] {
        let args = args.split(' ');
        let ran = run(hut_availability().args(args).args(["--database-url", url]));
        assert_eq!(ran.status, 0, "{ran:?}");
    }
}

/// The schemas that hold our tables.
fn schemas(database: &TestDatabase) -> Vec<String> {
    let sql = "SELECT DISTINCT schemaname::text AS line FROM pg_tables \
        WHERE tablename IN ('hut', 'availability', '__diesel_schema_migrations')";
    lines(&mut hut_availability::db::open::connect(&database.url(), READ).unwrap(), sql)
}

const READ: hut_availability::db::open::Access = hut_availability::db::open::Access::ReadOnly;

#[test]
fn the_tables_may_lie_in_another_schema_that_the_url_names() {
    let database = TestDatabase::empty_postgres();
    execute(&database.url, "CREATE SCHEMA huts");
    works_at(&format!("{}?options=-csearch_path%3Dhuts", database.url), 3);
    assert_eq!(schemas(&database), ["huts"]);
    database.allow_violations("the tables lie in another schema");
}

#[test]
fn behind_a_pooler_the_database_names_the_schema() {
    let database = TestDatabase::empty_postgres();
    let name = database.url.rsplit('/').next().unwrap();
    execute(
        &database.url,
        &format!("CREATE SCHEMA huts; ALTER DATABASE {name} SET search_path = huts"),
    );
    let Some(pooler) = Pooler::start(&database.url, "transaction", 2) else { return };
    works_at(&pooler.url(), 3);
    assert_eq!(schemas(&database), ["huts"]);
}

#[test]
fn a_replica_is_read_and_not_written() {
    let server = Server::start();
    let database = TestDatabase::at(server.new_database());
    drop(database.with_huts(3));
    let site = TestSite::with_huts(3);
    let replica = server.start_replica();
    let url = replica.url_of(&database.url);
    assert_eq!(run(&mut site.update_command(&database.url)).status, 0);
    let mut db = TestDatabase::at(url.clone());
    db.allow_violations("it is a replica");
    let checked = "SELECT count(*) AS number FROM hut_check WHERE last_success IS NOT NULL";
    let db = &mut db;
    wait_until("the replica", || {
        number(&mut hut_availability::db::open::connect(&db.url(), READ).unwrap(), checked) == 3
    });
    for args in ["map", "hut hut-1", "trend hut-1 today", "status", "verify", "huts list"] {
        let ran = run(hut_availability().args(args.split(' ')).args(["--database-url", &url]));
        assert_eq!(ran.status, 0, "{ran:?}");
    }
    let service = Service::start(&url);
    assert_eq!(service.get("/v1/huts/hut-1/availability/today").status, 200);
    assert_eq!(service.get("/readyz").status, 200);
    let preview = run(site.update_command(&url).args(["--all", "--dry-run"]));
    assert_eq!(preview.status, 0, "{preview:?}");
    let set = ["huts", "set", "hut-1", "name=Other"];
    let ran = run(hut_availability().args(set).args(["--database-url", &url]));
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("the server is a replica"), "{ran:?}");
    let ran = run(&mut site.update_command(&url));
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("the server is a replica"), "{ran:?}");
}
