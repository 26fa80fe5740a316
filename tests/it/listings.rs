//! What a site says of its nights, in ways that are easily taken for something else: listings that shrink, words
//! that the program does not know, dates that are shifted, walls in place of data. Through sockets, with the
//! program, on both databases.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use hut_availability::domain::shrunk::SHRUNK_SHARE;
use hut_availability::simulate::snapshots::read;
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::checks::july;
use crate::support::database::{TestDatabase, current, history, number};
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, hut_availability, huts, run};
use crate::support::scripted_site::{ScriptedSite, nights};
use crate::support::{captured_data, say};

const FIRST: &str = "2026-07-01T10:00:00Z";
const SECOND: &str = "2026-07-01T10:30:00Z";
const THIRD: &str = "2026-07-01T11:00:00Z";
const FOURTH: &str = "2026-07-01T11:30:00Z";

fn withdrawn(database: &TestDatabase) -> i64 {
    let sql = "SELECT count(*) AS number FROM hut_availability WHERE withdrawn";
    number(&mut database.open(), sql)
}

/// The slugs of the huts with room on a night.
fn with_room(database: &TestDatabase, date: &str) -> Vec<Value> {
    let mut command = hut_availability();
    command.args(["map", date, "--days", "1", "--min-free", "1", "--output", "json"]);
    let map = run(command.args(["--as-of", FOURTH, "--database-url", &database.url])).json();
    map["huts"].as_array().unwrap().iter().map(|hut| hut["slug"].clone()).collect()
}

fn site_of(ran: &RunOutput) -> Value {
    assert_eq!(ran.status, 0, "{ran:?}");
    ran.json()["sites"][0].clone()
}

/// The threshold of a listing that shrinks, held against the captured days.
#[test]
fn no_hut_of_the_captured_days_shrinks() {
    let Some(data) = captured_data() else { return };
    let mut listings = BTreeMap::<String, BTreeMap<NaiveDate, BTreeSet<NaiveDate>>>::new();
    for snapshot in read(&data.join("hut-reservation-snapshots.csv.gz")).unwrap() {
        let days = listings.entry(snapshot.hut_id).or_default();
        days.entry(snapshot.fetched_on).or_default().insert(snapshot.date);
    }
    let (mut checks, mut most) = (0, 0.0_f64);
    for days in listings.values() {
        for ((_, before), (today, now)) in days.iter().zip(days.iter().skip(1)) {
            // A run asks for a year.
            let range = *today..=*today + Days::new(364);
            let coming = before.range(range);
            let lost = coming.clone().filter(|date| !now.contains(date)).count();
            checks += 1;
            most = most.max(lost as f64 / coming.count().max(1) as f64);
        }
    }
    say(&format!("at most {most:.4} of the coming nights are dropped, in {checks} checks"));
    assert!(checks > 50 && most <= SHRUNK_SHARE / 2.0, "{most}");
}

on_both_databases! {
    fn a_listing_that_shrinks_is_stored_and_reported(database) {
        drop(database.with_huts(1));
        let site = ScriptedSite::start();
        site.list(&nights(july(1), 365));
        assert_eq!(site_of(&site.update(database, FIRST, &[]))["shrunk"], Value::Null);
        assert_eq!(with_room(database, "2026-07-02"), ["hut-1"]);
        site.list(&nights(july(1), 1));
        let ran = site.update(database, SECOND, &[]);
        assert_eq!(site_of(&ran)["shrunk"], json!({"huts": 1, "nights": 364, "share": 0.99}));
        assert!(ran.stderr.contains("no longer list many of their coming nights"), "{ran:?}");
        assert_eq!(withdrawn(database), 364);
        assert_eq!(with_room(database, "2026-07-02"), [""; 0]);
        let night = &current(&mut database.open())[1];
        assert_eq!((night.free, night.last_checked()), (Some(12), FIRST.parse().unwrap()), "as it was");
        // The same again: nothing new to say, and the nights stay withdrawn.
        assert_eq!(site_of(&site.update(database, THIRD, &[]))["shrunk"], Value::Null);
        assert_eq!(withdrawn(database), 364);
        site.list(&nights(july(1), 365));
        site_of(&site.update(database, FOURTH, &[]));
        assert_eq!(withdrawn(database), 0);
        assert_eq!(with_room(database, "2026-07-02"), ["hut-1"]);
        assert_eq!(history(&mut database.open()).len(), 365, "a night that comes back has its old state");
        assert_invariants(&mut database.open());
    }

    fn a_night_is_withdrawn_only_by_a_check_that_asked_for_it(database) {
        drop(database.with_huts(1));
        let site = ScriptedSite::start();
        site.list(&nights(july(1), 365));
        site_of(&site.update(database, FIRST, &[]));
        site.list(&nights(july(1), 10));
        site_of(&site.update(database, SECOND, &["--days", "14"]));
        assert_eq!(withdrawn(database), 4, "the nights 11 to 14");
        // The same listing, but the question goes further.
        site_of(&site.update(database, THIRD, &["--days", "365"]));
        assert_eq!(withdrawn(database), 355);
        assert_invariants(&mut database.open());
    }

    fn a_past_night_is_not_withdrawn(database) {
        drop(database.with_huts(1));
        let site = ScriptedSite::start();
        site.list(&nights(july(1), 365));
        site_of(&site.update(database, FIRST, &[]));
        site.list(&nights(july(3), 365));
        site_of(&site.update(database, "2026-07-03T10:00:00Z", &[]));
        assert_eq!(withdrawn(database), 0);
    }

    fn a_hut_with_two_empty_answers_has_no_room(database) {
        drop(database.with_huts(1));
        let site = ScriptedSite::start();
        site.list(&nights(july(1), 365));
        site_of(&site.update(database, FIRST, &[]));
        site.list(&[]);
        assert_eq!(site.update(database, SECOND, &[]).status, 2);
        assert_eq!(with_room(database, "2026-07-02"), ["hut-1"], "one empty answer may be a mistake");
        assert_eq!(site.update(database, THIRD, &[]).status, 2);
        assert_eq!(with_room(database, "2026-07-02"), [""; 0]);
        assert_eq!(withdrawn(database), 0, "no row of a night is written");
        site.list(&nights(july(1), 365));
        site_of(&site.update(database, FOURTH, &[]));
        assert_eq!(with_room(database, "2026-07-02"), ["hut-1"]);
    }

    fn unknown_words_are_counted_and_close_a_night_if_they_say_so(database) {
        drop(database.with_huts(1));
        let site = ScriptedSite::start();
        let mut days = nights(july(1), 4);
        days[0]["hutStatus"] = "TEMPORARILY_CLOSED".into();
        days[1]["percentage"] = "BLOCKED".into();
        days[2]["hutStatus"] = "ON_HOLIDAY".into();
        days[3]["hutStatus"] = "ON_HOLIDAY".into();
        site.list(&days);
        let ran = site.update(database, FIRST, &[]);
        assert_eq!(site_of(&ran)["unknown_values"], json!([
            {"field": "hutStatus", "value": "ON_HOLIDAY", "count": 2},
            {"field": "hutStatus", "value": "TEMPORARILY_CLOSED", "count": 1},
            {"field": "percentage", "value": "BLOCKED", "count": 1},
        ]));
        assert!(ran.stderr.contains("ON_HOLIDAY"), "{ran:?}");
        let rows = current(&mut database.open());
        let states: Vec<_> = rows.iter().map(|row| (row.free, row.total, row.reservation_status.as_str())).collect();
        let closed = (Some(0), Some(0), "not_possible");
        let open = (Some(12), Some(40), "possible");
        assert_eq!(states, [closed, closed, open, open]);
    }

    fn shifted_dates_are_malformed_and_nothing_is_stored(database) {
        drop(database.with_huts(1));
        let site = ScriptedSite::start();
        let mut days = nights(july(1), 5);
        for day in &mut days {
            let date = day["date"].as_str().unwrap().replace("T00", "T22");
            day["date"] = date.into();
        }
        site.list(&days);
        let ran = site.update(database, FIRST, &[]);
        assert_eq!(ran.status, 2, "{ran:?}");
        let error = &ran.json()["results"][0]["error"];
        assert_eq!(error["kind"], "malformed");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("\"2026-07-01T22:00:00Z\"") && message.contains("\"01.07.2026\""), "{message}");
        assert!(current(&mut database.open()).is_empty());
    }

    fn a_capacity_stands_in_for_a_total_that_is_not_published(database) {
        drop(database.with_huts(1));
        let site = ScriptedSite::start();
        let mut days = nights(july(1), 3);
        for day in &mut days {
            day["totalSleepingPlaces"] = Value::Null;
        }
        days[1]["freeBeds"] = Value::Null;
        days[2]["freeBeds"] = Value::Null;
        days[2]["percentage"] = "FULL".into();
        site.list(&days);
        let set = |capacity: &str| {
            let capacity = format!("capacity_open={capacity}");
            let ran = huts(database, &["set", "hut-1", &capacity]);
            assert_eq!(ran.status, 0, "{ran:?}");
        };
        set("");
        site_of(&site.update(database, FIRST, &[]));
        let stored = || -> Vec<_> {
            let rows = current(&mut database.open());
            rows.into_iter().map(|row| (row.free, row.total, row.occupancy_percent, row.occupancy_status)).collect()
        };
        assert_eq!(stored(), [
            (Some(12), None, None, "free_unknown".into()),
            (None, None, None, "unknown".into()),
            (Some(0), None, None, "full".into()),
        ]);
        set("48");
        site_of(&site.update(database, SECOND, &[]));
        assert_eq!(stored(), [
            (Some(12), Some(48), Some(75.0), "high".into()),
            (None, Some(48), None, "free_unknown".into()),
            (Some(0), Some(48), Some(100.0), "full".into()),
        ]);
        assert_invariants(&mut database.open());
    }

    fn a_wall_in_place_of_data_is_not_asked_for_every_hut(database) {
        drop(database.with_huts(40));
        let site = ScriptedSite::start();
        site.say("<!DOCTYPE html><html><body>Please enable cookies</body></html>");
        let ran = site.update(database, FIRST, &["--max-in-flight", "1"]);
        assert_eq!((ran.status, site.requests()), (2, 5), "{ran:?}");
        let report = ran.json();
        assert_eq!((&report["huts"]["failed"], &report["huts"]["skipped"]), (&json!(5), &json!(35)));
        assert_eq!(report["sites"][0]["left"]["kind"], "malformed");
        let failures = "SELECT count(*) AS number FROM hut_check WHERE consecutive_failures > 0";
        assert_eq!(number(&mut database.open(), failures), 5, "the others stay due");
        site.list(&nights(july(1), 10));
        let next = site.update(database, SECOND, &[]);
        assert_eq!((next.status, &next.json()["huts"]["updated"]), (0, &json!(40)));
    }
}
