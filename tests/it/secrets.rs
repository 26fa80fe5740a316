//! Secrets never appear on stdout, on stderr or in the metrics file, whatever error occurs.

use std::process::Command;

use axum::http::StatusCode;

use crate::support::database::TestDatabase;
use crate::support::program::{hut_availability, run, update_availability};
use crate::support::pushgateway::FakePushgateway;
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

/// Runs a command at every log level and in both log formats, and asserts that its output has no secret.
/// Returns the exit statuses.
fn run_without_leaks(command: impl Fn() -> Command) -> Vec<i32> {
    let mut statuses = Vec::new();
    for verbosity in [&[][..], &["--verbose"], &["--quiet"]] {
        for format in ["text", "json"] {
            let mut command = command();
            command.args(verbosity).args(["--log-format", format]);
            let ran = run(&mut command);
            let output = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!output.contains(SECRET), "{command:?}: {output}");
            statuses.push(ran.status);
        }
    }
    statuses
}

#[test]
fn the_password_of_an_unreachable_database_is_not_printed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("huts.prom");
    for url in DATABASES {
        let statuses = run_without_leaks(|| {
            let mut command = update_availability();
            command.args(["--database-url", url]).env("AVAILABILITY_METRICS_FILE", &file);
            command
        });
        assert_eq!(statuses, [2; 6], "{url}");
        if let Ok(metrics) = std::fs::read_to_string(&file) {
            assert!(!metrics.contains(SECRET), "{metrics}");
        }
        for args in [&["migrate"][..], &["huts", "list"], &["status"]] {
            let statuses = run_without_leaks(|| {
                let mut command = hut_availability();
                command.args(args).env("DATABASE_URL", url);
                command
            });
            assert_eq!(statuses, [2; 6], "{url} {args:?}");
        }
        let statuses = run_without_leaks(|| {
            let mut command = hut_availability();
            command.args(["copy", "--from", url, "--to", url]);
            command
        });
        assert_eq!(statuses, [2; 6], "{url} copy");
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
    let statuses = run_without_leaks(|| {
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
    assert_eq!(statuses, [1; 6], "the site does not know one of the huts");
    let missing = format!("{url}_no_more");
    let statuses = run_without_leaks(|| {
        let mut command = hut_availability();
        command.args(["status", "--database-url", &missing]);
        command
    });
    assert_eq!(statuses, [2; 6]);
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
        let statuses = run_without_leaks(|| {
            let mut command = update_availability();
            // The site is unreachable as well, because only the push after the run is tested.
            command.args(["--hut-slug", "hut-1", "--database-url", &database.url, "--retries=0"]);
            command.args(["--source-url", "hrs=http://127.0.0.1:9"]);
            command.env("AVAILABILITY_PUSHGATEWAY_URL", &url);
            command
        });
        assert_eq!(statuses, [2; 6], "{url}");
    }
    assert_eq!(gateway.pushed().len(), 6);
    assert!(
        gateway.pushed()[0].path.contains("hunter2"),
        "the fake repeats the secret in its answer"
    );
}
