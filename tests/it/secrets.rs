//! No secret is told: on stdout, on stderr, in the metrics file, whatever goes wrong.

use std::process::Command;

use axum::http::StatusCode;

use crate::support::chance::is_full;
use crate::support::database::TestDatabase;
use crate::support::program::{hut_availability, run, update_availability};
use crate::support::pushgateway::PushStandIn;
use crate::support::site::TestSite;

const SECRET: &str = "hunter2";

/// Passwords that are not written as they should be, where libpq takes a part for something else.
const DATABASES: [&str; 12] = [
    "postgres://me:hunter2@127.0.0.1:9/huts",
    "postgres://127.0.0.1:9/huts?user=me&password=hunter2",
    "postgres://me:a@hunter2@127.0.0.1:9/huts",
    "postgres://me:a/hunter2@127.0.0.1:9/huts",
    "postgres://me:12?hunter2@127.0.0.1:9/huts",
    "postgres://me:12#hunter2@127.0.0.1:9/huts",
    "postgres://me:100%hunter2@127.0.0.1:9/huts",
    "postgres://me:hunter2/huts",
    "postgres://127.0.0.1:9/huts?password=a&hunter2",
    "postgres://127.0.0.1:9/huts?password=%hunter2",
    "mysql://me:hunter2@127.0.0.1/huts",
    "host=127.0.0.1 port=9 user=me password=hunter2",
];

/// Verbosities and forms of the log, those that say most first.
const SETTINGS: [(&[&str], &str); 6] = [
    (&[], "text"),
    (&["--verbose"], "json"),
    (&["--verbose"], "text"),
    (&[], "json"),
    (&["--quiet"], "text"),
    (&["--quiet"], "json"),
];

fn settings() -> &'static [(&'static [&'static str], &'static str)] {
    if is_full() { &SETTINGS } else { &SETTINGS[..2] }
}

/// Runs a program in all of them, each of which ends with a status.
fn keeps_the_secret(status: i32, command: impl Fn() -> Command) {
    for (verbosity, format) in settings() {
        let mut command = command();
        command.args(*verbosity).args(["--log-format", format]);
        let ran = run(&mut command);
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!told.contains(SECRET), "{command:?}: {told}");
        assert_eq!(ran.status, status, "{command:?}: {ran:?}");
    }
}

#[test]
fn of_a_database_that_cannot_be_reached() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("huts.prom");
    for url in DATABASES {
        keeps_the_secret(2, || {
            let mut command = update_availability();
            command.args(["--database-url", url]).env("AVAILABILITY_METRICS_FILE", &file);
            command
        });
        if let Ok(figures) = std::fs::read_to_string(&file) {
            assert!(!figures.contains(SECRET), "{figures}");
        }
        for args in [&["migrate"][..], &["huts", "list"], &["status"]] {
            keeps_the_secret(2, || {
                let mut command = hut_availability();
                command.args(args).env("DATABASE_URL", url);
                command
            });
        }
        keeps_the_secret(2, || {
            let mut command = hut_availability();
            command.args(["copy", "--from", url, "--to", url]);
            command
        });
    }
    assert!(file.exists());
}

/// A password that the server has no use for, since it trusts whoever is on this machine.
#[test]
fn of_a_database_that_works() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(2));
    let site = TestSite::with_huts(1);
    let url = database.url.replace("postgres@", "postgres:hunter2@");
    assert!(url.contains(SECRET));
    // The site does not know one of the huts.
    keeps_the_secret(1, || {
        let mut command = update_availability();
        command.args([
            "--all",
            "--timings",
            "--request-interval=0",
            "--retries=0",
            "--database-url",
            &url,
        ]);
        command.args(["--source-url", &format!("hrs={}", site.stand_in.url())]);
        command
    });
    let missing = format!("{url}_no_more");
    keeps_the_secret(2, || {
        let mut command = hut_availability();
        command.args(["status", "--database-url", &missing]);
        command
    });
}

#[test]
fn of_a_pushgateway() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let repeats = PushStandIn::answering(StatusCode::BAD_GATEWAY);
    let host = repeats.url.strip_prefix("http://").unwrap();
    for url in [
        format!("http://me:hunter2@{host}/hunter2/?token=hunter2"),
        "http://me:hunter2@127.0.0.1:9/?token=hunter2".into(),
        "https://me:hunter2@127.0.0.1:9/hunter2".into(),
        "me:hunter2@127.0.0.1:9".into(),
        "http://me:hunter2@127.0.0.1:port".into(),
    ] {
        keeps_the_secret(2, || {
            let mut command = update_availability();
            // The site is not there either: what is tested is what comes after.
            command.args(["--hut-slug", "hut-1", "--database-url", &database.url, "--retries=0"]);
            command.args(["--source-url", "hrs=http://127.0.0.1:9"]);
            command.env("AVAILABILITY_PUSHGATEWAY_URL", &url);
            command
        });
    }
    assert_eq!(repeats.pushed().len(), settings().len());
    assert!(repeats.pushed()[0].path.contains("hunter2"), "it repeats what it must not");
}
