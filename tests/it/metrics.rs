//! The metrics of a run, in a file and at a Pushgateway.

mod documents;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use hut_availability::domain::fault::Fault;
use hut_availability::simulate::faults::Faults;

use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::program::{RunOutput, run, update_availability};
use crate::support::pushgateway::{FakePushgateway, Pushgateway, silent_server};
use crate::support::service::request;
use crate::support::site::TestSite;
use crate::support::{tool, tools};

const AS_OF: &str = "2026-07-01T10:00:00Z";

/// A directory for the metrics file.
struct MetricsFile(tempfile::TempDir);

impl MetricsFile {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("huts.prom")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).unwrap()
    }

    fn update(&self, database: &TestDatabase, site: &TestSite, as_of: &str) -> RunOutput {
        self.update_with(database, site, as_of, &[])
    }

    fn update_with(
        &self,
        database: &TestDatabase,
        site: &TestSite,
        as_of: &str,
        args: &[&str],
    ) -> RunOutput {
        let path = self.path();
        let mine = ["--metrics-file", path.to_str().unwrap(), "--retries=0"];
        site.update(database, as_of, &[&mine, args].concat())
    }
}

/// The values by name and labels, without the prefix `hut_availability_run_`.
fn values(text: &str) -> BTreeMap<&str, f64> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.strip_prefix("hut_availability_run_"), value.parse().unwrap())
        })
        // The messages of watches do not describe one run.
        .filter_map(|(name, value)| Some((name?, value)))
        .collect()
}

fn names(text: &str) -> BTreeSet<String> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    samples.map(|line| line.split(['{', ' ']).next().unwrap().to_owned()).collect()
}

on_both_databases! {
    fn a_run_writes_its_metrics(database) {
        drop(database.with_huts(3));
        let site = TestSite::with_huts(2);
        let file = MetricsFile::new();
        assert_eq!(file.update(database, &site, AS_OF).status, 1);
        let text = file.text();
        let metrics = values(&text);
        assert_eq!(metrics["exit_status"], 1.0);
        assert_eq!(metrics["start_timestamp_seconds"], 1_782_900_000.0);
        assert_eq!(metrics["last_success_timestamp_seconds"], metrics["end_timestamp_seconds"]);
        assert_eq!(metrics[r#"huts{organization="hrs",outcome="updated"}"#], 2.0);
        assert_eq!(metrics[r#"failed_huts{organization="hrs",error_kind="unknown_hut"}"#], 1.0);
        assert_eq!((metrics["selected_huts"], metrics[r#"dates{change="created"}"#]), (3.0, 730.0));
        assert_eq!(metrics[r#"request_duration_seconds_count{organization="hrs"}"#], 3.0);
        for stage in ["waiting_for_answers", "parsing", "comparing", "writing"] {
            assert!(metrics[&*format!("stage_seconds{{stage=\"{stage}\"}}")] > 0.0, "{stage}: {text}");
        }
    }

    /// The age is computed at the end, so it includes the checks of the run itself.
    fn the_age_of_the_stalest_high_tier_hut_is_measured_after_the_run(database) {
        drop(database.with_huts(30));
        let site = TestSite::with_huts(30);
        let file = MetricsFile::new();
        let stalest = || values(&file.text())["stalest_high_tier_hut_age_seconds"];
        assert_eq!(file.update(database, &site, AS_OF).status, 0);
        assert_eq!(stalest(), 0.0, "each hut was checked in this run");
        site.fake_site.set_faults(Faults::always(Fault::Html));
        let later = file.update(database, &site, "2026-07-01T10:40:00Z");
        assert_eq!(later.json()["results"][0]["reason"], "high", "{later:?}");
        assert_eq!((later.status, stalest()), (2, 40.0 * 60.0));
        site.fake_site.set_faults(Faults::none());
        assert_eq!(file.update(database, &site, "2026-07-01T11:20:00Z").status, 0);
        assert_eq!(stalest(), 0.0);
    }
}

#[test]
fn a_failed_run_writes_its_status_and_the_last_success() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    let file = MetricsFile::new();
    assert_eq!(file.update(&database, &site, AS_OF).status, 0);
    let mut command = update_availability();
    command.args([
        "--database-url",
        "postgres://127.0.0.1:9/huts",
        "--as-of",
        "2026-07-01T10:30:00Z",
    ]);
    let failed = run(command.env("AVAILABILITY_METRICS_FILE", file.path()));
    assert_eq!(failed.status, 2, "{failed:?}");
    let text = file.text();
    let metrics = values(&text);
    assert_eq!(
        (metrics["exit_status"], metrics["start_timestamp_seconds"]),
        (2.0, 1_782_901_800.0)
    );
    let success = metrics["last_success_timestamp_seconds"];
    assert!((1_782_900_000.0..1_782_901_000.0).contains(&success), "{success}");
    assert!(
        !metrics.contains_key("stalest_high_tier_hut_age_seconds"),
        "its age is unknown: {text}"
    );
}

#[test]
fn a_dry_run_writes_no_metrics() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    let (file, gateway) = (MetricsFile::new(), FakePushgateway::answering(StatusCode::OK));
    for dry_run in ["--dry-run", "--dry-run=plan"] {
        let path = file.path();
        let args =
            [dry_run, "--metrics-file", path.to_str().unwrap(), "--pushgateway-url", &gateway.url];
        assert_eq!(site.update(&database, AS_OF, &args).status, 0);
    }
    assert_eq!(std::fs::read_dir(file.0.path()).unwrap().count(), 0);
    assert_eq!(gateway.pushed().len(), 0);
}

/// The exit status depends on the huts only; the reason is a warning.
#[test]
fn metrics_that_cannot_be_written_fail_no_run() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    let broken = FakePushgateway::answering(StatusCode::INTERNAL_SERVER_ERROR);
    let (_listener, silent_url) = silent_server();
    for (args, warning) in [
        (["--metrics-file", "/no/such/place/huts.prom"], "cannot write the metrics file"),
        (
            ["--pushgateway-url", "http://127.0.0.1:9"],
            "cannot push the metrics to http://127.0.0.1:9: no answer",
        ),
        (["--pushgateway-url", &broken.url], "HTTP 500"),
        (["--pushgateway-url", &silent_url], "it took too long"),
    ] {
        let ran = site.update(&database, AS_OF, &[&["--all"][..], &args].concat());
        assert!(ran.status == 0 && ran.stderr.contains(warning), "{args:?}: {ran:?}");
    }
}

#[test]
fn metrics_are_pushed_to_the_group_and_with_the_password_of_the_url() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    let gateway = FakePushgateway::answering(StatusCode::ACCEPTED);
    let url = gateway.url.replace("http://", "http://me:hunter2@");
    assert_eq!(site.update(&database, AS_OF, &["--pushgateway-url", &url]).status, 0);
    let group = format!("{}/metrics/job/huts/instance/3", gateway.url);
    assert_eq!(site.update(&database, AS_OF, &["--pushgateway-url", &group]).status, 0);
    let pushed = gateway.pushed();
    assert_eq!(pushed[0].path, "/metrics/job/update-availability");
    assert_eq!(pushed[0].authorization.as_deref(), Some("Basic bWU6aHVudGVyMg=="));
    assert_eq!(pushed[0].content_type, "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(values(&pushed[0].body)["selected_huts"], 1.0);
    assert_eq!(
        (&*pushed[1].path, &pushed[1].authorization),
        ("/metrics/job/huts/instance/3", &None)
    );
}

/// Even if the Pushgateway hangs.
#[test]
fn a_stopped_run_writes_its_metrics() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(50));
    let site = TestSite::with_huts(50);
    let (_listener, silent_url) = silent_server();
    let file = MetricsFile::new();
    let mut command = update_availability();
    command.args(["--all", "--no-progress", "--database-url", &database.url]);
    command.args(["--source-url", &format!("hrs={}", site.fake_site.url())]);
    command.args(["--request-interval", "0.2", "--pushgateway-url", &silent_url, "--metrics-file"]);
    let mut child =
        command.arg(file.path()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first_hut = String::new();
    BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut first_hut).unwrap();
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
    let text = file.text();
    assert_eq!((values(&text)["interrupted"], values(&text)["exit_status"]), (1.0, 143.0));
}

fn assert_promtool_accepts(text: &str) {
    let Some(promtool) = tool(tools().with_file_name("tools/bin/promtool")) else { return };
    let mut check = Command::new(promtool);
    check
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut check = check.spawn().unwrap();
    check.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let checked = check.wait_with_output().unwrap();
    let output = [checked.stdout, checked.stderr].concat();
    let output = String::from_utf8_lossy(&output);
    assert!(checked.status.success() && output.is_empty(), "{output}");
}

#[test]
fn a_pushgateway_keeps_the_last_success_while_runs_fail() {
    let Some(gateway) = Pushgateway::start() else { return };
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    let push = ["--pushgateway-url", &gateway.url];
    let good = site.update(&database, AS_OF, &push);
    assert_eq!((good.status, good.stderr.contains("push")), (0, false), "{good:?}");
    site.fake_site.set_faults(Faults::always(Fault::Html));
    let bad = site.update(&database, "2026-07-01T11:00:00Z", &[&push[..], &["--all"]].concat());
    assert_eq!((bad.status, bad.stderr.contains("push")), (2, false), "{bad:?}");

    let address = gateway.url.strip_prefix("http://").unwrap().parse().unwrap();
    // HTTP/1.0 has no chunks, whose ends could be within a line.
    let stored = request(address, "GET /metrics HTTP/1.0\r\n\r\n").text().to_owned();
    let labels = r#"{instance="",job="update-availability"}"#;
    let value = |name: &str| {
        let name = format!("hut_availability_run_{name}{labels} ");
        let line = stored.lines().find_map(|line| line.strip_prefix(&name));
        line.unwrap_or_else(|| panic!("{name}: {stored}")).parse::<f64>().unwrap()
    };
    assert_eq!(value("exit_status"), 2.0);
    assert_eq!(value("start_timestamp_seconds"), 1_782_903_600.0);
    assert!(value("last_success_timestamp_seconds") < 1_782_901_000.0);
}

/// The run succeeds, and says that its metrics are not written.
#[test]
fn nothing_else_than_a_metrics_file_is_replaced() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    let directory = tempfile::tempdir().unwrap();
    let foreign = directory.path().join("notes.txt");
    std::fs::write(&foreign, "my notes\n").unwrap();
    let file = database.sqlite_file().unwrap();
    let wal = PathBuf::from(format!("{}-wal", file.display()));
    for (path, why) in [
        (Path::new("/dev/null"), "it is a device"),
        (directory.path(), "it is a directory"),
        (&foreign, "it holds something other"),
        (file, "it holds something other"),
        (&wal, "it holds something other"),
    ] {
        let ran =
            site.update(&database, AS_OF, &["--all", "--metrics-file", path.to_str().unwrap()]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let warning = format!("cannot write the metrics file {path:?}: {why}");
        assert!(ran.stderr.contains(&warning), "{warning}: {ran:?}");
    }
    assert_eq!(std::fs::read_to_string(&foreign).unwrap(), "my notes\n");
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    assert_eq!(crate::support::database::violations(&mut database.open()), []);
}
