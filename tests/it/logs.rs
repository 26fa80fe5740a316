//! The lines on stderr with `--log-format json`.

use hut_availability::domain::fault::Fault;
use hut_availability::simulate::faults::Faults;
use serde_json::Value;

use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::program::{RunOutput, discover, hut_availability, run, update_availability};
use crate::support::site::TestSite;

/// The events on stderr. Each line must be one object with a time, a level and a message.
fn log(ran: &RunOutput) -> Vec<Value> {
    let lines = ran.stderr.lines().map(|line| {
        let event: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        let at = event["timestamp"].as_str().unwrap_or_else(|| panic!("{line}"));
        assert!(chrono::DateTime::parse_from_rfc3339(at).is_ok(), "{line}");
        assert!(event["level"].is_string() && event["message"].is_string(), "{line}");
        event
    });
    lines.collect()
}

fn messages(log: &[Value]) -> Vec<&str> {
    log.iter().map(|event| event["message"].as_str().unwrap()).collect()
}

fn fields(event: &Value) -> Vec<&str> {
    event.as_object().unwrap().keys().map(String::as_str).collect()
}

const AS_OF: &str = "2026-07-01T10:00:00Z";

on_both_databases! {
    fn each_hut_has_one_event_with_its_fields(database) {
        drop(database.with_huts(2));
        let site = TestSite::with_huts(1);
        let ran = site.update(database, AS_OF, &["--log-format", "json"]);
        assert_eq!((ran.status, &ran.json()["huts"]["failed"]), (1, &1.into()), "{ran:?}");
        let log = log(&ran);
        assert_eq!(messages(&log)[0], "run started", "{log:?}");
        assert_eq!(log[0]["huts_selected"], 2);
        let hut = |slug: &str| log.iter().find(|event| event["hut"] == slug).unwrap();
        let updated = hut("hut-1");
        assert_eq!((&updated["level"], &updated["message"]), (&"INFO".into(), &"hut updated".into()));
        assert_eq!(fields(updated), [
            "adjustments", "changed", "created", "dropped_out", "duration_seconds", "hut", "level", "message",
            "nights_withdrawn", "organization", "outcome", "reason", "timestamp", "unchanged",
        ]);
        assert_eq!((&updated["created"], &updated["reason"]), (&365.into(), &"new".into()));
        assert!(updated["duration_seconds"].as_f64().unwrap() > 0.0, "{updated}");
        let failed = hut("hut-2");
        assert_eq!((&failed["level"], &failed["error_kind"]), (&"ERROR".into(), &"unknown_hut".into()));
        assert_eq!(failed["error_message"], "the site does not know the hut \"2\"");
        let end = log.last().unwrap();
        assert_eq!((&end["message"], &end["exit_status"]), (&"run finished".into(), &1.into()));
        assert_eq!((&end["huts_updated"], &end["history_entries"]), (&1.into(), &365.into()));
        assert_eq!(log.len(), 4, "{log:?}");
    }
}

#[test]
fn a_skipped_hut_has_an_event_as_well() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(20));
    let site = TestSite::with_huts(20);
    let long = std::time::Duration::from_secs(3600);
    let refusals = Faults { retry_after: long, ..Faults::always(Fault::RateLimit) };
    site.fake_site.set_faults(refusals);
    let ran = site.update(&database, AS_OF, &["--log-format", "json", "--max-in-flight", "1"]);
    let log = log(&ran);
    assert_eq!(log.iter().filter(|event| event["hut"].is_string()).count(), 20, "{log:?}");
    let abandoned = log.iter().find(|event| event["huts_skipped"].is_number()).unwrap();
    assert_eq!((&abandoned["organization"], &abandoned["level"]), (&"hrs".into(), &"ERROR".into()));
    assert_eq!(abandoned["error_kind"], "rate_limited");
}

#[test]
fn quiet_logs_only_failed_huts() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(2));
    let site = TestSite::with_huts(1);
    let ran = site.update(&database, AS_OF, &["--log-format", "json", "--quiet"]);
    let log = log(&ran);
    assert_eq!((log.len(), &log[0]["hut"]), (1, &"hut-2".into()), "{log:?}");
}

#[test]
fn everything_else_on_stderr_is_json_as_well() {
    let mut failing = update_availability();
    failing.args(["--database-url", "/no/such/place/huts.db"]);
    let ran = run(failing.env("AVAILABILITY_LOG_FORMAT", "json"));
    let error = log(&ran);
    assert_eq!((ran.status, error.len(), &error[0]["level"]), (2, 1, &"ERROR".into()), "{error:?}");
    assert!(messages(&error)[0].contains("/no/such/place"), "{error:?}");

    let database = TestDatabase::sqlite();
    let list = ["huts", "list", "--log-format", "json", "--database-url", &database.url];
    let events = log(&run(hut_availability().args(list)));
    assert!(messages(&events)[0].starts_with("no huts yet"), "{events:?}");

    let site = TestSite::with_huts(3);
    let mut discovery = discover(&site.fake_site.url(), &database);
    discovery.args(["--log-format=json", "--max-id=5", "--request-interval=0", "--retries=0"]);
    let events = log(&run(discovery.arg("--verbose")));
    assert!(events.iter().any(|event| event["level"] == "DEBUG"), "{events:?}");
    assert!(messages(&events).iter().any(|line| line.ends_with(": added")), "{events:?}");
}
