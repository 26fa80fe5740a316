//! The two programs: exit statuses, reports, dry runs, the demo, signals.

mod demo;
mod dry_run;

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use hut_availability::domain::fault::Fault;
use hut_availability::simulate::faults::Faults;
use serde_json::Value;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, current};
use crate::support::program::{hut_availability, run, update_availability};
use crate::support::site::TestSite;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

on_both_databases! {
    fn the_json_report_has_the_shape_of_the_contract(database) {
        drop(database.with_huts(2));
        let site = TestSite::with_huts(1);
        let ran = site.update(database, "2026-07-01T10:00:00Z", &["--retries=0"]);
        assert_eq!(ran.status, 1, "the site does not know hut 2: {ran:?}");
        let report = ran.json();
        assert_eq!(keys(&report), [
            "dates", "dry_run", "finished_at", "history_entries", "huts", "interrupted", "mode", "results",
            "sites", "started_at",
        ]);
        assert_eq!(report["started_at"], "2026-07-01T10:00:00Z");
        assert_eq!((&report["mode"], &report["dry_run"], &report["interrupted"]), (&"due".into(), &false.into(), &false.into()));
        assert_eq!(report["huts"], serde_json::json!({"selected": 2, "updated": 1, "failed": 1, "skipped": 0}));
        assert_eq!(report["dates"], serde_json::json!({"created": 365, "changed": 0, "unchanged": 0, "dropped_out": 0}));
        assert_eq!(report["history_entries"], 365);
        let mut results = report["results"].as_array().unwrap().clone();
        results.sort_by_key(|result| result["hut"].to_string());
        assert_eq!(results[0], serde_json::json!({
            "hut": "hut-1", "organization": "hrs", "reason": "new", "outcome": "updated",
            "created": 365, "changed": 0, "unchanged": 0, "error": null,
        }));
        assert_eq!(results[1]["error"], serde_json::json!({
            "kind": "unknown_hut", "message": "the site does not know the hut \"2\"",
        }));
    }

    fn the_exit_status_tells_whether_all_some_or_no_huts_were_updated(database) {
        let nothing_due = run(update_availability().args(["--database-url", &database.url]));
        assert_eq!((nothing_due.status, nothing_due.stdout.as_str()), (0, "no hut is due\n"));
        assert!(nothing_due.stderr.contains("huts discover"), "{}", nothing_due.stderr);

        drop(database.with_huts(1));
        let site = TestSite::with_huts(1);
        site.fake_site.set_faults(Faults::always(Fault::Html));
        assert_eq!(site.update(database, "2026-07-01T10:00:00Z", &[]).status, 2);
        let unknown = run(update_availability().args(["--database-url", &database.url, "--hut-slug", "nope"]));
        assert_eq!(unknown.status, 2);
        assert_eq!(unknown.stdout, "");
        assert!(unknown.stderr.starts_with("error: there is no hut with the slug \"nope\""), "{}", unknown.stderr);
    }

    fn migrate_reports_the_migrations_that_it_ran(database) {
        let new = if database.is_sqlite() {
            TestDatabase::sqlite_in(tempfile::tempdir().unwrap(), "new.db")
        } else {
            TestDatabase::empty_postgres()
        };
        let migrate = || run(hut_availability().args(["migrate", "--database-url", &new.url]));
        let first = migrate();
        assert_eq!(first.status, 0, "{first:?}");
        assert!(first.stdout.contains("15 migrations run\n  2026-11-22-000001_create_hut\n"), "{first:?}");
        assert!(migrate().stdout.ends_with("is up to date\n"));
    }

    /// A run asks for the dates in the window of `--days`.
    fn dates_beyond_days_are_ignored(database) {
        drop(database.with_huts(1));
        let site = TestSite::with_huts(1);
        let year = site.update(database, "2026-07-01T10:00:00Z", &["--all"]).json();
        assert_eq!(year["dates"]["created"], 365);
        let fortnight = site.update(database, "2026-07-01T10:30:00Z", &["--all", "--days", "14"]).json();
        assert_eq!(fortnight["dates"]["dropped_out"], 365 - 14);
        let rows = current(&mut database.open());
        assert_eq!(rows.iter().filter(|row| row.last_checked().to_rfc3339().contains("T10:30")).count(), 14);
        let again = site.update(database, "2026-07-01T11:00:00Z", &["--all"]).json();
        assert_eq!((&again["dates"]["created"], &again["dates"]["dropped_out"]), (&0.into(), &0.into()));
        assert!(current(&mut database.open()).iter().all(|row| row.last_checked().to_rfc3339().contains("T11:00")));
    }

    /// The day is that of the huts' time zone.
    fn today_is_the_date_in_the_time_zone(database) {
        drop(database.with_huts(1));
        let site = TestSite::with_huts(1);
        site.update(database, "2026-07-01T22:30:00Z", &["--all"]);
        assert_eq!(current(&mut database.open())[0].date.to_string(), "2026-07-02");
    }
}

/// If the disk of the log is full, only log lines are lost.
#[test]
fn a_run_goes_on_when_stderr_cannot_be_written() {
    let directory = tempfile::tempdir().unwrap();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = update_availability();
    command.args(["--demo", "--request-interval", "0", "--no-progress"]).stderr(full);
    let output = command.current_dir(directory.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.starts_with(b"32 huts selected: 32 updated"));
}

#[test]
fn errors_quote_the_wrong_value() {
    let error = |args: &[&str]| {
        let ran = run(update_availability().args(args));
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
        ran.stderr
    };
    assert!(
        error(&["--database-url", "/no/such/place/huts.db"])
            .contains("no directory \"/no/such/place\"")
    );
    let refused = error(&["--database-url", "postgres://me:hunter2@127.0.0.1:9/huts"]);
    assert!(refused.contains("cannot open the database postgres://127.0.0.1:9/huts"), "{refused}");
    assert!(!refused.contains("hunter2"), "{refused}");
    assert!(error(&["--days", "0"]).contains("expected a whole number from 1 to 731"));
    assert!(error(&["--dry-run=maybe"]).contains("possible values: full, plan"));
    let no_database = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&no_database, "this is a text file, and longer than a header would be").unwrap();
    let text = error(&["--database-url", no_database.path().to_str().unwrap()]);
    assert!(text.contains("file is not a database"), "{text}");
}

#[test]
fn settings_come_from_the_environment_and_flags_override_it() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let plan = |args: &[&str]| {
        let mut command = update_availability();
        command.env("DATABASE_URL", &database.url).env("AVAILABILITY_DAYS", "732");
        run(command.args(["--dry-run=plan"]).args(args))
    };
    let bad = plan(&[]);
    assert_eq!(bad.status, 2);
    assert!(bad.stderr.contains("expected a whole number from 1 to 731"), "{}", bad.stderr);
    let good = plan(&["--days", "7"]);
    assert_eq!(good.status, 0, "{good:?}");
    assert!(good.stdout.contains("hut-1 (new)"), "{good:?}");
}

#[test]
fn a_signal_ends_a_run_with_a_report_and_its_own_exit_status() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(50));
    let site = TestSite::with_huts(50);
    for (signal, status) in [("TERM", 143), ("INT", 130)] {
        let source_url = format!("hrs={}", site.fake_site.url());
        let mut command = update_availability();
        command.args([
            "--all",
            "--no-progress",
            "--output",
            "json",
            "--database-url",
            &database.url,
        ]);
        command.args(["--source-url", &source_url, "--request-interval", "0.2"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut first_hut = String::new();
        stderr.read_line(&mut first_hut).unwrap();
        assert!(first_hut.starts_with("[1/50]"), "{first_hut}");
        let kill = std::process::Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(status));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["interrupted"], true);
        assert!(report["huts"]["skipped"].as_u64().unwrap() > 40, "{report}");
        assert_eq!(report["huts"]["failed"], 0);
    }
}

#[test]
fn the_fake_site_prints_its_address_and_serves_the_job() {
    let mut child = hut_availability()
        .args(["simulate", "--huts", "2", "--seed", "3", "--day", "2026-07-01"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
    let database = TestDatabase::sqlite();
    drop(database.with_huts(2));
    let source_url = format!("hrs={}", url.trim());
    let mut command = update_availability();
    command.args(["--as-of", "2026-07-01T12:00:00Z", "--source-url", &source_url]);
    let ran = run(command.args(["--database-url", &database.url]));
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("2 huts selected: 2 updated"), "{ran:?}");
    std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "a signal is the normal way to end it");
}

#[test]
fn each_shell_gets_completions_of_both_programs() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = |program: &str| {
            let ran = run(hut_availability().args(["completions", shell, "--program", program]));
            assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran:?}");
            ran.stdout
        };
        let (huts, update) = (script("hut-availability"), script("update-availability"));
        assert!(huts.contains("discover") && huts.contains("min-free"), "{shell}");
        assert!(update.contains("update-availability") && update.contains("every"), "{shell}");
        let default = run(hut_availability().args(["completions", shell]));
        assert_eq!(default.stdout, huts);
    }
    let unknown = run(hut_availability().args(["completions", "tcsh"]));
    assert_eq!(unknown.status, 2);
    assert!(
        unknown.stderr.contains("possible values: bash, elvish, fish, powershell, zsh"),
        "{unknown:?}"
    );
    // A shell that is there reads its script.
    let script = run(hut_availability().args(["completions", "bash"])).stdout;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, script).unwrap();
    let read = format!(". {} && complete -p hut-availability", file.path().display());
    let read = std::process::Command::new("bash").args(["-c", &read]).output().unwrap();
    assert!(read.status.success(), "{read:?}");
}
