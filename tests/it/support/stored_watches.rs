//! Watches with open arrivals and notifications, stored as a run would store them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::watch::{arrival, stored};
use hut_availability::domain::opening::{Arrival, Opened, Send};
use hut_availability::domain::stay::{Group, parse_weekdays};
use hut_availability::domain::watch::{Goal, Watch};

/// Adds a watch for four people, and returns its ID.
pub fn add(
    db: &mut Db,
    name: &str,
    goal: Goal<i32>,
    arrivals: (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> i32 {
    let watch = Watch {
        name: name.into(),
        goal,
        group: Group::new(arrivals, parse_weekdays("fri,sat").unwrap(), 4).unwrap(),
        channels: vec!["me".into(), "team".into()],
        quiet_start: false,
        closings: false,
        cooldown: TimeDelta::hours(1),
    };
    stored::insert(db, &watch, None, now).unwrap()
}

/// Opens arrivals of a watch.
pub fn open(db: &mut Db, watch_id: i32, arrivals: &[Arrival], now: DateTime<Utc>) {
    let opened = |arrival: &Arrival| Opened { arrival: *arrival, opening: 1, send: Send::Now };
    let opened: Vec<Opened> = arrivals.iter().map(opened).collect();
    arrival::open(db, watch_id, &opened, &BTreeMap::new(), now).unwrap();
}

/// Stores a notification that failed with this error.
pub fn fail(db: &mut Db, watch_id: i32, message_id: &str, error: &str) {
    let at = "2026-06-30T08:00:00.000000Z";
    let error = error.replace('\'', "''");
    db.batch_execute(&format!(
        "INSERT INTO delivery (message_id, channel, watch_id, is_summary, found_at, created_at, state, attempts,
             next_attempt_at, finished_at, last_error)
         VALUES ('{message_id}', 'me', {watch_id}, false, '{at}', '{at}', 'failed', 3, '{at}', '{at}', '{error}')"
    ))
    .unwrap();
}
