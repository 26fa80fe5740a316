//! Secrets never appear on stdout, on stderr or in the metrics file, whatever error occurs.

use std::process::Command;

use axum::http::StatusCode;

use crate::support::database::TestDatabase;
use crate::support::program::{hut_availability, run, update_availability};
use crate::support::pushgateway::FakePushgateway;
use crate::support::random::is_full;
use crate::support::site::TestSite;

const SECRET: &str = "hunter2";

/// URLs with a password that is not correctly escaped, or that libpq parses differently.
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

/// Verbosities and log formats, the most verbose ones first.
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

/// Runs a command with each verbosity and log format. Asserts that its output has no secret, and that it
/// exits with `status`.
fn run_without_leaks(status: i32, command: impl Fn() -> Command) {
    for (verbosity, format) in settings() {
        let mut command = command();
        command.args(*verbosity).args(["--log-format", format]);
        let ran = run(&mut command);
        let output = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!output.contains(SECRET), "{command:?}: {output}");
        assert_eq!(ran.status, status, "{command:?}: {ran:?}");
    }
}

#[test]
fn the_password_of_an_unreachable_database_is_not_printed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("huts.prom");
    for url in DATABASES {
        run_without_leaks(2, || {
            let mut command = update_availability();
            command.args(["--database-url", url]).env("AVAILABILITY_METRICS_FILE", &file);
            command
        });
        if let Ok(metrics) = std::fs::read_to_string(&file) {
            assert!(!metrics.contains(SECRET), "{metrics}");
        }
        for args in [&["migrate"][..], &["huts", "list"], &["status"]] {
            run_without_leaks(2, || {
                let mut command = hut_availability();
                command.args(args).env("DATABASE_URL", url);
                command
            });
        }
        run_without_leaks(2, || {
            let mut command = hut_availability();
            command.args(["copy", "--from", url, "--to", url]);
            command
        });
    }
    assert!(file.exists());
}

/// The server does not check the password, since it trusts connections from this machine.
#[test]
fn the_password_of_a_working_database_is_not_printed() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(2));
    let site = TestSite::with_huts(1);
    let url = database.url.replace("postgres@", "postgres:hunter2@");
    assert!(url.contains(SECRET));
    // The site does not know one of the huts.
    run_without_leaks(1, || {
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
    let missing = format!("{url}_no_more");
    run_without_leaks(2, || {
        let mut command = hut_availability();
        command.args(["status", "--database-url", &missing]);
        command
    });
}

#[test]
fn the_password_of_a_pushgateway_is_not_printed() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let gateway = FakePushgateway::answering(StatusCode::BAD_GATEWAY);
    let host = gateway.url.strip_prefix("http://").unwrap();
    for url in [
        format!("http://me:hunter2@{host}/hunter2/?token=hunter2"),
        "http://me:hunter2@127.0.0.1:9/?token=hunter2".into(),
        "https://me:hunter2@127.0.0.1:9/hunter2".into(),
        "me:hunter2@127.0.0.1:9".into(),
        "http://me:hunter2@127.0.0.1:port".into(),
    ] {
        run_without_leaks(2, || {
            let mut command = update_availability();
            // The site is unreachable as well, because only the push after the run is tested.
            command.args(["--hut-slug", "hut-1", "--database-url", &database.url, "--retries=0"]);
            command.args(["--source-url", "hrs=http://127.0.0.1:9"]);
            command.env("AVAILABILITY_PUSHGATEWAY_URL", &url);
            command
        });
    }
    assert_eq!(gateway.pushed().len(), settings().len());
    assert!(
        gateway.pushed()[0].path.contains("hunter2"),
        "the fake repeats the secret in its answer"
    );
}
