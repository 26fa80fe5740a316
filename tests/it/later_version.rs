//! A database that a later version of the program has migrated. Its tables may differ, so nothing is written.

use diesel::connection::SimpleConnection;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, lines, number};
use crate::support::program::{RunOutput, discover, hut_availability, run};
use crate::support::service::{Service, serve_command};
use crate::support::site::TestSite;

const VERSION: &str = "29990101000001";

/// A database with a hut that a later version has migrated.
fn migrate_later(database: &TestDatabase) {
    let insert = format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{VERSION}')");
    database.open().batch_execute(&insert).unwrap();
}

/// Connects without checking the schema.
fn query(database: &TestDatabase, sql: &str) -> Vec<String> {
    use hut_availability::db::open::{Access, connect};
    lines(&mut connect(&database.url(), Access::ReadOnly).unwrap(), sql)
}

fn assert_refused(ran: &RunOutput) {
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
    for part in ["was migrated by a later version of this program", VERSION, "use that version"] {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
}

on_both_databases! {
    fn no_command_writes_a_database_of_a_later_version(database) {
        drop(database.with_huts(2));
        database.allow_violations("this version does not open it");
        migrate_later(database);
        let site = TestSite::with_huts(2);
        let everything = "SELECT slug || name || is_active || (SELECT count(*) FROM hut) ||
            (SELECT count(*) FROM hut_check) || (SELECT count(*) FROM update_run) AS line FROM hut ORDER BY slug";
        let everything = if database.is_sqlite() {
            everything.to_owned()
        } else {
            everything.replace("is_active", "is_active::text")
        };
        let before = query(database, &everything);
        assert_eq!(before.len(), 2);
        for args in [&["--all"][..], &[], &["--dry-run"], &["--dry-run=plan"]] {
            assert_refused(&run(site.update_command(&database.url).args(args)));
        }
        let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        std::fs::write(file.path(), "slug,name,organization,source_hut_id\nnew,New,hrs,3\n").unwrap();
        let file = file.path().to_str().unwrap();
        let other = TestDatabase::sqlite();
        for args in [
            &["huts", "import", file][..],
            &["huts", "link", "hut-1", "hrs", "2", "--replace"],
            &["huts", "deactivate", "hut-1"],
            &["huts", "set", "hut-1", "name=Other"],
            &["prune", "--keep-days", "400"],
            &["repair"],
            &["repair", "--dry-run"],
            &["verify"],
            &["migrate"],
        ] {
            let ran = run(hut_availability().args(args).args(["--database-url", &database.url]));
            assert!(!ran.stdout.contains("up to date"), "{args:?}: {ran:?}");
            assert_refused(&ran);
        }
        assert_refused(&run(discover(&site.fake_site.url(), database).args(["--max-id", "2"])));
        for (from, to) in [(database, &other), (&other, database)] {
            assert_refused(&run(hut_availability().args(["copy", "--from", &from.url, "--to", &to.url])));
        }
        assert_eq!(site.fake_site.requests(), 0);
        assert_eq!(query(database, &everything), before);
        assert_eq!(number(&mut other.open(), "SELECT count(*) AS number FROM hut"), 0);
    }

    fn a_service_is_not_ready_once_a_later_version_has_migrated(database) {
        drop(database.with_huts(1));
        database.allow_violations("this version does not open it");
        let service = Service::start(&database.url);
        assert_eq!(service.get("/readyz").status, 200);
        migrate_later(database);
        let answer = service.get("/readyz");
        assert_eq!(answer.status, 503, "{answer:?}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("a later version") && detail.contains(VERSION), "{detail}");
        assert_eq!(service.get("/healthz").status, 200, "it is not restarted in vain");
        drop(service);
        assert_refused(&run(&mut serve_command(&database.url)));
    }
}
