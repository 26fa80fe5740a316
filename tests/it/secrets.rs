//! No secret is told: on stdout, on stderr, in the metrics file, whatever goes wrong.

use std::process::Command;

use axum::http::StatusCode;

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

/// Runs a program in all verbosities and forms of the log, and returns how each ended.
fn keeps_the_secret(command: impl Fn() -> Command) -> Vec<i32> {
    let mut ended = Vec::new();
    for verbosity in [&[][..], &["--verbose"], &["--quiet"]] {
        for format in ["text", "json"] {
            let mut command = command();
            command.args(verbosity).args(["--log-format", format]);
            let ran = run(&mut command);
            let told = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!told.contains(SECRET), "{command:?}: {told}");
            ended.push(ran.status);
        }
    }
    ended
}

#[test]
fn of_a_database_that_cannot_be_reached() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("huts.prom");
    for url in DATABASES {
        let ended = keeps_the_secret(|| {
            let mut command = update_availability();
            command.args(["--database-url", url]).env("AVAILABILITY_METRICS_FILE", &file);
            command
        });
        assert_eq!(ended, [2; 6], "{url}");
        if let Ok(figures) = std::fs::read_to_string(&file) {
            assert!(!figures.contains(SECRET), "{figures}");
        }
        for args in [&["migrate"][..], &["huts", "list"], &["status"]] {
            let ended = keeps_the_secret(|| {
                let mut command = hut_availability();
                command.args(args).env("DATABASE_URL", url);
                command
            });
            assert_eq!(ended, [2; 6], "{url} {args:?}");
        }
        let ended = keeps_the_secret(|| {
            let mut command = hut_availability();
            command.args(["copy", "--from", url, "--to", url]);
            command
        });
        assert_eq!(ended, [2; 6], "{url} copy");
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
    let ended = keeps_the_secret(|| {
        let mut command = update_availability();
        command.args([
            "--all",
            "--timings",
            "--request-interval=0",
            "--retries=0",
            "--database-url",
            &url,
        ]);
        command.args(["--source-url", &format!("hrs={}", site.fake_site.url())]);
        command
    });
    assert_eq!(ended, [1; 6], "the site does not know one of the huts");
    let missing = format!("{url}_no_more");
    let ended = keeps_the_secret(|| {
        let mut command = hut_availability();
        command.args(["status", "--database-url", &missing]);
        command
    });
    assert_eq!(ended, [2; 6]);
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
        let ended = keeps_the_secret(|| {
            let mut command = update_availability();
            // The site is not there either: what is tested is what comes after.
            command.args(["--hut-slug", "hut-1", "--database-url", &database.url, "--retries=0"]);
            command.args(["--source-url", "hrs=http://127.0.0.1:9"]);
            command.env("AVAILABILITY_PUSHGATEWAY_URL", &url);
            command
        });
        assert_eq!(ended, [2; 6], "{url}");
    }
    assert_eq!(repeats.pushed().len(), 6);
    assert!(repeats.pushed()[0].path.contains("hunter2"), "it repeats what it must not");
}
