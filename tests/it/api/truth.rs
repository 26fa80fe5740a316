//! Closed and withdrawn dates, and numbers that a site does not publish, over HTTP.

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use hut_availability::db::check::Attempt;
use hut_availability::db::schema::hut;
use hut_availability::db::write::{record_failure, update_availability};
use hut_availability::domain::availability::Check;
use hut_availability::domain::state::{ReservationStatus, State};
use serde_json::{Value, json};

use super::get;
use crate::on_both_databases;
use crate::support::checks::{at, check, july, state};
use crate::support::database::TestDatabase;

fn odd(free: Option<i16>, total: Option<i16>, reservation_status: ReservationStatus) -> State {
    State { free, total, reservation_status, ..state(0, 0) }
}

/// Stores a check of the only hut, which is on the map, for the first days of July.
fn store(database: &TestDatabase, time: &str, days: &[(u32, State)]) {
    let mut db = database.open();
    let days: std::collections::BTreeMap<NaiveDate, State> =
        days.iter().map(|&(day, state)| (july(day), state)).collect();
    let check = Check { range: july(1)..=july(9), days, ..check(1, time, &[]) };
    update_availability(&mut db, &check, check.at).unwrap();
}

fn with_hut(database: &TestDatabase) {
    let mut db = database.with_huts(1);
    let place = (hut::latitude.eq(46.6), hut::longitude.eq(8.3));
    diesel::update(hut::table).set(place).execute(&mut db).unwrap();
}

/// The days of the hut, as the map and the hut itself give them.
fn days(database: &TestDatabase) -> [Vec<Value>; 2] {
    let map = get(database, "/v1/huts/availability/2026-07-01.geojson?days=9").json();
    let hut = get(database, "/v1/huts/hut-1/availability/2026-07-01?days=9").json();
    let days = |data: &Value| data["data"].as_array().unwrap().clone();
    [days(&map["features"][0]["properties"]), days(&hut)]
}

fn fields(day: &Value, names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| day.as_object().unwrap()[*name].clone()).collect()
}

const FIELDS: [&str; 6] = [
    "free",
    "total",
    "occupancy_percent",
    "occupancy_steps",
    "occupancy_status",
    "reservation_status",
];

on_both_databases! {
    fn a_number_that_is_not_published_is_null(database) {
        use ReservationStatus::{NotPossible, Possible, Unknown};
        database.allow_violations("earlier versions stored numbers for closed nights");
        with_hut(database);
        store(database, "10:00", &[
            (1, odd(None, Some(40), Possible)),
            (2, odd(Some(3), None, Possible)),
            (3, odd(None, None, Unknown)),
            (4, odd(Some(0), Some(0), NotPossible)),
            // Earlier versions stored a closed date in this way.
            (5, odd(Some(5), Some(9), NotPossible)),
        ]);
        for days in days(database) {
            let found: Vec<_> = days.iter().map(|day| fields(day, &FIELDS)).collect();
            assert_eq!(json!(found), json!([
                [null, 40, null, null, "free_unknown", "possible"],
                [3, null, null, null, "free_unknown", "possible"],
                [null, null, null, null, "unknown", "unknown"],
                [0, 0, null, null, "unknown", "not_possible"],
                [0, 0, null, null, "unknown", "not_possible"],
            ]));
        }
        let trend = get(database, "/v1/huts/hut-1/availability/2026-07-01/trend").json();
        let names = ["free", "total", "occupancy_percent", "occupancy_status"];
        assert_eq!(json!(fields(&trend["data"][0], &names)), json!([null, 40, null, "free_unknown"]));
    }

    fn a_withdrawn_date_has_no_places_and_keeps_the_time_of_its_last_check(database) {
        with_hut(database);
        store(database, "10:00", &[(1, state(12, 40)), (2, state(12, 40))]);
        store(database, "11:00", &[(2, state(12, 40))]);
        for days in days(database) {
            let found: Vec<_> = days.iter().map(|day| [fields(day, &FIELDS), fields(day, &["listed", "last_checked", "hut_type"])].concat()).collect();
            assert_eq!(json!(found), json!([
                [null, null, null, null, "unknown", "unknown", false, "2026-06-30T10:00:00Z", "hut"],
                [12, 40, 70.0, 70, "high", "possible", true, "2026-06-30T11:00:00Z", "hut"],
            ]));
        }
        // The site lists it again.
        store(database, "12:00", &[(1, state(12, 40)), (2, state(12, 40))]);
        for days in days(database) {
            assert_eq!(json!(fields(&days[0], &["free", "listed", "last_checked"])), json!([12, true, "2026-06-30T12:00:00Z"]));
        }
    }

    fn a_date_beyond_the_range_of_the_last_check_is_only_older(database) {
        with_hut(database);
        store(database, "10:00", &[(1, state(12, 40)), (2, state(12, 40))]);
        let mut db = database.open();
        let shorter = Check { range: july(1)..=july(1), ..check(1, "11:00", &[(1, 12)]) };
        update_availability(&mut db, &shorter, shorter.at).unwrap();
        for days in days(database) {
            assert_eq!(json!(fields(&days[1], &["free", "reservation_status", "listed", "last_checked"])), json!([12, "possible", false, "2026-06-30T10:00:00Z"]));
        }
    }

    fn a_hut_that_answers_empty_twice_has_no_places(database) {
        with_hut(database);
        store(database, "10:00", &[(1, state(12, 40))]);
        for (minutes, free) in [(30, json!(12)), (60, Value::Null)] {
            let attempt = (at("10:00") + TimeDelta::minutes(minutes)).into();
            record_failure(&mut database.open(), 1, Attempt { at: attempt, run_started: attempt }, true, "empty").unwrap();
            for days in days(database) {
                assert_eq!(json!(fields(&days[0], &["free", "listed", "last_checked"])), json!([free, !free.is_null(), "2026-06-30T10:00:00Z"]));
            }
        }
    }
}

#[test]
fn the_description_says_which_fields_may_be_null() {
    let document = get(&TestDatabase::sqlite(), "/v1/openapi.json").json();
    let schemas = &document["components"]["schemas"];
    for (schema, name) in [
        ("Day", "free"),
        ("Day", "total"),
        ("Day", "occupancy_percent"),
        ("Day", "occupancy_steps"),
        ("TrendEntry", "free"),
        ("TrendEntry", "total"),
        ("TrendEntry", "occupancy_percent"),
    ] {
        let field = &schemas[schema]["properties"][name];
        assert!(
            field["type"].as_array().unwrap().contains(&json!("null")),
            "{schema}.{name}: {field}"
        );
        assert!(
            field["description"].as_str().unwrap().contains("null if"),
            "{schema}.{name}: {field}"
        );
    }
    let day = &schemas["Day"];
    for name in ["listed", "last_checked"] {
        assert!(day["required"].as_array().unwrap().contains(&json!(name)), "{day}");
    }
    assert!(
        schemas["OccupancyStatusEnum"]["enum"].as_array().unwrap().contains(&json!("free_unknown"))
    );
}
