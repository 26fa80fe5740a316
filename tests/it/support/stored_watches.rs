//! Watches with open arrivals and notifications, stored as a run would store them.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use hut_availability::db::connection::Db;
use hut_availability::db::schema::hut;
use hut_availability::db::watch::{arrival, stored};
use hut_availability::domain::opening::{Arrival, Opened, SendTime};
use hut_availability::domain::stay::{Group, Stage, parse_weekdays};
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
    let opened = |arrival: &Arrival| Opened { arrival: *arrival, opening: 1, send: SendTime::Now };
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

/// Adds a watch for a stay and one for a tour, in the summer, with what is open and notifications.
pub fn add_some(db: &mut Db) {
    let now: DateTime<Utc> = super::summer::NOW.parse().unwrap();
    let huts: Vec<i32> = hut::table.select(hut::id).order(hut::id).limit(12).load(db).unwrap();
    let arrivals = (now.date_naive(), now.date_naive() + Days::new(60));
    let stay = Goal::Stay(Stage { huts: huts.clone(), nights: 2 });
    let stay = add(db, "A weekend with friends", stay, arrivals, now);
    let stages = huts.chunks(2).map(|huts| Stage { huts: huts.to_vec(), nights: 1 });
    let tour = add(db, "Across the range", Goal::Tour(stages.collect()), arrivals, now);
    let date = |day| arrivals.0 + Days::new(day);
    let nights: Vec<Arrival> =
        (0..9).map(|day| Arrival { date: date(day), hut_id: Some(huts[0]) }).collect();
    open(db, stay, &nights, now);
    open(db, tour, &[Arrival { date: date(3), hut_id: None }], now);
    for number in 10..30 {
        let error = "cannot send to the webhook of the channel: the receiver answered 503 Service Unavailable";
        fail(db, stay, &format!("message-{number}"), error);
    }
}
