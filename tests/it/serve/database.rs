//! The service and its database: it only reads, and survives an unreachable database.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::read_only;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, lines, number};
use crate::support::port::unused_port;
use crate::support::program::{as_unprivileged_user, hut_availability, run};
use crate::support::service::{Answer, Service, connect, read_to_end};

fn has_hut_metrics(answer: &Answer) -> bool {
    answer.text().contains("huts{state=\"followed\"}")
}

/// The content of a SQLite file, and when it was last modified.
fn file(directory: &Path) -> (Vec<u8>, SystemTime) {
    let path = directory.join("test.db");
    let modified = path.metadata().unwrap().modified().unwrap();
    (std::fs::read(path).unwrap(), modified)
}

on_both_databases! {
    fn a_connection_of_the_service_cannot_write(database) {
        drop(database.with_huts(1));
        let mut reader = read_only::connect(&database.url()).unwrap();
        for sql in [
            "DELETE FROM hut",
            "UPDATE hut SET name = 'x'",
            "INSERT INTO hut_type (slug) VALUES ('x')",
            "CREATE TABLE x (y integer)",
        ] {
            let error = reader.db.batch_execute(sql).unwrap_err().to_string();
            assert!(error.contains("read-only") || error.contains("readonly"), "{sql}: {error}");
        }
        assert_eq!(number(&mut reader.db, "SELECT count(*) AS number FROM hut"), 1);
        if matches!(reader.db, Db::Postgres(_)) {
            let setting = |name: &str| format!("SELECT current_setting('{name}') AS line");
            assert_eq!(lines(&mut reader.db, &setting("statement_timeout")), ["6s"]);
            let name = lines(&mut reader.db, &setting("application_name"));
            assert_eq!(name, ["hut-availability-serve"]);
        }
    }

    fn a_service_leaves_the_database_unchanged_and_sees_new_data(database) {
        drop(database.with_huts(1));
        let before = database.directory().map(file);
        let service = Service::start(&database.url);
        for path in ["/readyz", "/metrics", "/nowhere"] {
            service.get(path);
        }
        assert_eq!(database.directory().map(file), before);
        assert!(service.get("/metrics").text().contains("huts{state=\"followed\"} 1\n"));
        drop(database.with_huts(3));
        assert!(service.get("/metrics").text().contains("huts{state=\"followed\"} 3\n"));
    }
}

#[test]
fn a_missing_file_is_created_and_an_older_one_migrated() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", directory.path().join("new.db").display());
    let service = Service::start(&url);
    assert_eq!(service.get("/readyz").status, 200);
    drop(service);

    let mut db = hut_availability::db::open::connect(
        &url.parse().unwrap(),
        hut_availability::db::open::Access::ReadWrite,
    )
    .unwrap();
    let Db::Sqlite(connection) = &mut db else { unreachable!("the URL names a SQLite file") };
    // The file is in the state of an older version.
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let folders = std::fs::read_dir(migrations).unwrap().map(|entry| entry.unwrap().path());
    let mut newer: Vec<PathBuf> = folders
        .filter(|folder| folder.file_name().unwrap().to_str().unwrap() >= "2026-11-22-000007")
        .collect();
    newer.sort();
    for folder in newer.into_iter().rev() {
        let down = std::fs::read_to_string(folder.join("down.sql")).unwrap();
        connection.batch_execute(&down).unwrap();
    }
    let delete_versions =
        "DELETE FROM __diesel_schema_migrations WHERE version >= '20261122000007'";
    connection.batch_execute(delete_versions).unwrap();
    drop(db);
    let service = Service::start(&url);
    assert_eq!(service.get("/readyz").status, 200);
}

#[test]
fn a_file_of_another_program_is_reported_and_not_changed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    std::fs::write(&path, "no database, but a text that is longer than SQLite's header is")
        .unwrap();
    let serve = |url: &str| {
        run(hut_availability().args(["serve", "--listen", "127.0.0.1:0", "--database-url", url]))
    };
    let ran = serve(path.to_str().unwrap());
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("notes.txt"), "{ran:?}");
    let ran = serve("/nowhere/at/all.db");
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("there is no directory \"/nowhere/at\""), "{ran:?}");
}

#[test]
fn a_read_only_file_in_a_read_only_directory_is_served() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(2));
    let directory = database.directory().unwrap();
    let permit =
        |mode| std::fs::set_permissions(directory, PermissionsExt::from_mode(mode)).unwrap();
    let before: BTreeMap<_, _> = names(directory);
    permit(0o555);
    let mut command = as_unprivileged_user(hut_availability().get_program());
    command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", &database.url]);
    let service = Service::spawn(&mut command);
    assert_eq!(service.get("/readyz").status, 200);
    assert!(has_hut_metrics(&service.get("/metrics")));
    assert_eq!(names(directory), before, "no file is created beside it");
    // Another user with write permission adds huts.
    permit(0o755);
    drop(database.with_huts(5));
    permit(0o555);
    assert!(service.get("/metrics").text().contains("huts{state=\"followed\"} 5\n"));
    permit(0o755);
}

fn names(directory: &Path) -> BTreeMap<String, u64> {
    let entries = std::fs::read_dir(directory).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().len()))
        .collect()
}

/// Forwards connections to another address as long as this program runs.
fn forward(listener: TcpListener, to: SocketAddr) {
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (from, to) = (stream.unwrap(), TcpStream::connect(to).unwrap());
            for (mut from, mut to) in
                [(from.try_clone().unwrap(), to.try_clone().unwrap()), (to, from)]
            {
                std::thread::spawn(move || std::io::copy(&mut from, &mut to));
            }
        }
    });
}

#[test]
fn the_service_waits_for_an_unreachable_database() {
    let database = TestDatabase::postgres();
    let url: reqwest::Url = database.url.parse().unwrap();
    // A port on which no server listens until the test forwards it.
    let closed = SocketAddr::from(([127, 0, 0, 1], unused_port()));
    let unreachable = database
        .url
        .replace(&format!(":{}/", url.port().unwrap()), &format!(":{}/", closed.port()));
    let service = Service::start(&unreachable);
    assert_eq!(service.get("/healthz").status, 200);
    let not_ready = service.get("/readyz");
    assert_eq!(not_ready.status, 503);
    assert_eq!(not_ready.header("content-type"), Some("application/problem+json"));
    assert!(not_ready.json()["detail"].as_str().unwrap().contains("cannot be read"));
    let metrics = service.get("/metrics");
    assert!(metrics.text().contains("hut_availability_database_up 0\n"), "{metrics:?}");
    assert!(!has_hut_metrics(&metrics));

    forward(
        TcpListener::bind(closed).unwrap(),
        format!("127.0.0.1:{}", url.port().unwrap()).parse().unwrap(),
    );
    assert_eq!(service.get("/readyz").status, 200);
    assert!(
        has_hut_metrics(&service.get("/metrics"))
            || number(&mut database.open(), "SELECT count(*) AS number FROM hut") == 0
    );
}

#[test]
fn a_request_that_waits_for_the_database_is_finished_after_a_signal() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(1));
    let service = Service::start(&database.url);
    let mut db = database.open();
    db.batch_execute("BEGIN; LOCK TABLE hut IN ACCESS EXCLUSIVE MODE").unwrap();
    let mut waiting = connect(service.address);
    std::io::Write::write_all(&mut waiting, b"GET /metrics HTTP/1.1\r\nhost: test\r\n\r\n")
        .unwrap();
    let waits = "SELECT count(*) AS number FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    // A second connection, because the activity is a snapshot within one transaction.
    let mut other = database.open();
    while number(&mut other, waits) == 0 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    service.terminate();
    while TcpStream::connect(service.address).is_ok() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    db.batch_execute("COMMIT").unwrap();
    assert!(has_hut_metrics(&Answer::parse(&read_to_end(waiting)).unwrap()));
    assert_eq!(service.wait(), Some(0));
}
