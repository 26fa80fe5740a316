//! `hut-availability compare` against a fake of the Wodore backend.

use std::collections::BTreeSet;
use std::process::Command;

use axum::http::{HeaderName, StatusCode};
use axum::response::IntoResponse;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use super::fake::{Era, start};
use super::{NOW, fill};
use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::port::unused_port;
use crate::support::program::{RunOutput, hut_availability, run};
use crate::support::receiver::Receiver;
use crate::support::say;
use crate::support::service::{Service, serve_command};

fn command(with: &str, args: &[&str]) -> Command {
    let mut command = hut_availability();
    command.args(["compare", "--with", with, "--request-interval", "0", "--as-of", NOW]);
    command.args(["--date", "2026-07-01"]).args(args);
    command
}

fn compare(database: &TestDatabase, with: &Receiver, args: &[&str]) -> RunOutput {
    let args = [args, &["--database-url", &database.url, "--output", "json"]].concat();
    run(&mut command(&with.url, &args))
}

/// The values of a field of groups of differences, each once.
fn names(groups: &Value, field: &str) -> BTreeSet<String> {
    let groups = groups.as_array().unwrap().iter();
    groups.map(|group| group[field].as_str().unwrap().to_owned()).collect()
}

fn paths(with: &Receiver) -> Vec<String> {
    with.requests().into_iter().map(|request| request.path).collect()
}

on_both_databases! {
    fn equal_services_have_only_expected_differences(database) {
        let mut db = fill(database, 6);
        // A withdrawn night, of which the other service keeps the figures.
        db.batch_execute("UPDATE availability SET withdrawn = TRUE, last_checked = '2026-06-30T11:30:00.000000Z'
            WHERE hut_id = 2 AND availability_date = '2026-07-03'").unwrap();
        database.allow_violations("a night is withdrawn without a check");
        for (era, known) in [
            (Era::April, &["addition", "booking_link", "history", "invalid_value", "not_listed", "not_published", "own_clock", "program", "trend_period"][..]),
            (Era::October, &["addition", "booking_link", "history", "invalid_value", "not_listed", "own_clock", "program", "trend_period"]),
        ] {
            let fake = start(&mut db, era, |_, _| {});
            let ran = compare(database, &fake, &["--requests", "40"]);
            let found = ran.json();
            assert_eq!((ran.status, &found["differences"]), (0, &json!([])), "{era:?}: {ran:?}");
            let reasons = names(&found["expected"], "reason");
            assert!(reasons.iter().all(|reason| known.contains(&reason.as_str())), "{era:?}: {reasons:?}");
            assert!(reasons.contains("own_clock") && reasons.contains("not_listed"), "{era:?}: {reasons:?}");
            assert_eq!(found["questions"]["hut"], 7, "each hut, and one that does not exist");
            assert_eq!(paths(&fake).iter().filter(|path| path.contains("bbox")).count(), usize::from(era == Era::October));
            say(&format!("compare with {era:?}: {}", found["expected"].as_array().unwrap().iter()
                .map(|group| format!("{} {} {} ({}): {}", group["reason"], group["kind"], group["field"], group["area"], group["count"]))
                .collect::<Vec<_>>().join("; ")));
        }
    }

    fn each_kind_of_difference_is_found(database) {
        let mut db = fill(database, 6);
        type Spoil = fn(&str, &mut (StatusCode, Value));
        let cases: [(&str, &str, Spoil); 9] = [
            ("value", "free", |_, (_, body)| {
                if let Some(free) = body.pointer_mut("/features/1/properties/data/2/free") { *free = 1.into(); }
            }),
            ("value", "occupancy_status", |_, (_, body)| {
                if body["slug"] == "hut-4" && let Some(status) = body.pointer_mut("/data/4/occupancy_status") { *status = "full".into(); }
            }),
            ("type", "total", |_, (_, body)| {
                if let Some(total) = body.pointer_mut("/features/0/properties/data/0/total") { *total = "40".into(); }
            }),
            ("field_missing", "rating", |_, (_, body)| {
                if let Some(hut) = body.pointer_mut("/features/0/properties") { hut["rating"] = 5.into(); }
            }),
            ("field_missing", "type_color", |_, (_, body)| {
                if let Some(day) = body.pointer_mut("/features/0/properties/data/0") { day.as_object_mut().unwrap().remove("type_color"); }
            }),
            ("hut_missing", "", |path, (_, body)| {
                if path.contains("days=8") && let Some(huts) = body.get_mut("features").and_then(Value::as_array_mut) { huts.retain(|hut| hut["properties"]["slug"] != "hut-3"); }
            }),
            ("night_missing", "", |_, (_, body)| {
                if body["slug"] == "hut-5" && let Some(days) = body.get_mut("data").and_then(Value::as_array_mut) { days.remove(0); }
            }),
            ("order", "", |path, (_, body)| {
                if path.ends_with("days=8") && let Some(huts) = body.get_mut("features").and_then(Value::as_array_mut) { huts.reverse(); }
            }),
            ("status", "status", |path, answer| {
                if path.contains("no-such-hut") { answer.0 = StatusCode::OK; }
            }),
        ];
        for (kind, field, spoil) in cases {
            let fake = start(&mut db, Era::October, spoil);
            let ran = compare(database, &fake, &["--requests", "60"]);
            let differences = &ran.json()["differences"];
            assert_eq!(ran.status, 1, "{kind} {field}: {ran:?}");
            let found: BTreeSet<(String, String)> = differences.as_array().unwrap().iter()
                .map(|group| (group["kind"].as_str().unwrap().into(), group["field"].as_str().unwrap().into())).collect();
            assert!(found.contains(&(kind.into(), field.into())), "{kind} {field}: {differences}");
            assert!(found.iter().all(|(found, _)| found == kind || kind == "night_missing"), "{kind} {field}: {differences}");
            let example = &differences[0]["examples"][0];
            assert!(example["question"].as_str().unwrap().starts_with("/v1/"), "{example}");
        }
    }

    /// On the map, too, which does not say when a night was checked.
    fn a_change_after_the_last_check_of_one_service_is_expected(database) {
        let mut db = fill(database, 3);
        let fake = start(&mut db, Era::October, |_, _| {});
        let mut changed = crate::support::checks::check(2, "13:00", &[(1, 3)]);
        changed.range = crate::support::checks::july(1)..=crate::support::checks::july(1);
        hut_availability::db::write::update_availability(&mut db, &changed, changed.at).unwrap();
        let ran = compare(database, &fake, &["--requests", "40"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let found = ran.json();
        let on_map = |group: &&Value| group["reason"] == "checked_since" && group["area"] == "map";
        assert!(found["expected"].as_array().unwrap().iter().any(|group| on_map(&group)), "{found}");
        // Without the answer about the hut, nobody knows.
        let ran = compare(database, &fake, &["--requests", "2"]);
        assert_eq!(ran.status, 1, "{ran:?}");
    }
}

#[test]
fn the_budget_limits_the_requests_and_the_seed_chooses_the_huts() {
    let database = TestDatabase::sqlite();
    let mut db = fill(&database, 12);
    let mut asked = |args: &[&str]| {
        let fake = start(&mut db, Era::October, |_, _| {});
        let ran = compare(&database, &fake, args);
        let requests = &ran.json()["requests"];
        assert_eq!(requests["theirs"], paths(&fake).len(), "{ran:?}");
        paths(&fake)
    };
    let seven = asked(&["--requests", "14", "--seed", "7"]);
    assert_eq!(seven.len(), 14);
    assert_eq!(asked(&["--requests", "14", "--seed", "7"]), seven);
    assert_ne!(asked(&["--requests", "14", "--seed", "8"]), seven);
    let all = asked(&[]);
    assert_eq!(all.len(), 2 + 5 + 2 * 12, "every hut is asked once");
}

#[test]
fn retry_after_is_obeyed() {
    let database = TestDatabase::sqlite();
    let mut db = fill(&database, 2);
    let fake = start(&mut db, Era::October, |_, _| {});
    // A proxy that refuses each path once.
    let seen = std::sync::Arc::new(std::sync::Mutex::new(BTreeSet::new()));
    let client = std::sync::Arc::new(fake);
    let inner = client.url.clone();
    let limited = Receiver::start(move |request| {
        if seen.lock().unwrap().insert(request.path.clone()) {
            return (
                StatusCode::TOO_MANY_REQUESTS,
                [(HeaderName::from_static("retry-after"), "0")],
            )
                .into_response();
        }
        let answer = crate::support::service::get(
            inner.trim_start_matches("http://").parse().unwrap(),
            &request.path,
        );
        let status = StatusCode::from_u16(answer.status).unwrap();
        (status, answer.body).into_response()
    });
    let ran = compare(&database, &limited, &[]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(ran.json()["requests"]["theirs"], 2 * (2 + 5 + 2 * 2), "each request twice");
}

#[test]
fn a_service_that_wants_a_long_pause_is_left_alone() {
    let database = TestDatabase::sqlite();
    let mut db = fill(&database, 5);
    let fake = start(&mut db, Era::October, |path, answer| {
        if path.contains("hut") && path.contains("trend") {
            *answer = (StatusCode::TOO_MANY_REQUESTS, Value::Null);
        }
    });
    // Without the header, the request is sent again, but not for ever.
    let ran = compare(&database, &fake, &[]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert_eq!(ran.json()["stopped"], "the service asks to wait 1 s");
    assert_eq!(paths(&fake).iter().filter(|path| path.contains("trend")).count(), 3);

    let pause = [(HeaderName::from_static("retry-after"), "3600")];
    let busy = Receiver::start(move |_| (StatusCode::TOO_MANY_REQUESTS, pause.clone()));
    let ran = compare(&database, &busy, &[]);
    assert_eq!((ran.status, paths(&busy).len()), (2, 1), "{ran:?}");
    assert!(
        ran.stderr.contains("nothing was compared: no map from")
            && ran.stderr.contains("wait 3600 s"),
        "{ran:?}"
    );
}

#[test]
fn what_cannot_be_compared_is_an_error() {
    let database = TestDatabase::sqlite();
    drop(fill(&database, 1));
    let html = Receiver::start(|_| "<html>");
    let missing = Receiver::start(|_| StatusCode::NOT_FOUND);
    for (with, message) in [
        (format!("http://127.0.0.1:{}", unused_port()), "no map from http://127.0.0.1"),
        (html.url.clone(), "no JSON"),
        (missing.url.clone(), "status 404"),
    ] {
        let ran = run(&mut command(&with, &["--database-url", &database.url]));
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{ran:?}");
        assert!(ran.stderr.contains(message), "{message}: {ran:?}");
    }
    let nowhere = tempfile::tempdir().unwrap();
    let file = nowhere.path().join("new.db");
    let ran = run(&mut command(&html.url, &["--database-url", file.to_str().unwrap()]));
    assert!(ran.status == 2 && ran.stderr.contains("new.db does not exist"), "{ran:?}");
    assert!(!file.exists(), "a comparison makes no database");
    let bad = run(&mut command("ftp://example.org", &[]));
    assert!(bad.stderr.contains("must begin with http:// or https://"), "{bad:?}");
}

#[test]
fn an_answer_that_fails_is_a_difference() {
    let database = TestDatabase::sqlite();
    let mut db = fill(&database, 2);
    let fake = start(&mut db, Era::October, |path, answer| {
        if path.contains("/hut-1/") {
            answer.0 = StatusCode::INTERNAL_SERVER_ERROR;
        }
    });
    let ran = compare(&database, &fake, &[]);
    assert_eq!(ran.status, 1, "{ran:?}");
    let kinds = names(&ran.json()["differences"], "kind");
    assert!(kinds.contains("status"), "{ran:?}");
}

#[test]
fn a_running_service_can_be_compared_and_the_report_is_text() {
    let database = TestDatabase::sqlite();
    let mut db = fill(&database, 3);
    let service = Service::spawn(serve_command(&database.url).args(["--as-of", NOW]));
    let fake = start(&mut db, Era::October, |_, (_, body)| {
        if let Some(free) = body.pointer_mut("/features/1/properties/data/2/free") {
            *free = 1.into();
        }
    });
    let ours = format!("http://{}", service.address);
    // No database is needed.
    let ran = run(&mut command(&fake.url, &["--ours", &ours, "--database-url", "/nowhere/x.db"]));
    assert_eq!(ran.status, 1, "{ran:?}");
    for part in [
        "13 answers compared (map 5, hut 4, trend 3, version 1), seed 1",
        "Expected differences\n",
        "  each service asks the booking sites at its own times\n",
        "4 other differences\n",
        "  value of free (map): 4\n    hut-2 2026-07-03: ours 22, theirs 1\n",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
}
