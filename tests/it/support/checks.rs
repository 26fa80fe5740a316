//! Checks of huts, as input for tests.

use chrono::{DateTime, NaiveDate, Utc};
use hut_availability::db::check as hut_check;
use hut_availability::db::connection::Db;
use hut_availability::db::guard::Guard;
use hut_availability::db::write::{RunContext, store_check};
use hut_availability::domain::availability::{Adjustments, Check};
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};
use hut_availability::domain::unknown_values::UnknownValues;
use hut_availability::domain::validators::Validators;
use hut_availability::runtime::timing::Meter;

use super::statements::statements_of;

/// An instant on 2026-06-30, the day on which most tests take place.
pub fn at(time: &str) -> DateTime<Utc> {
    format!("2026-06-30T{time}:00Z").parse().unwrap()
}

/// A day of July 2026.
pub fn july(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
}

pub fn state(free: i16, total: i16) -> State {
    let reservation_status =
        if free > 0 { ReservationStatus::Possible } else { ReservationStatus::NotPossible };
    State { free: Some(free), total: Some(total), hut_type: HutType::Hut, reservation_status }
}

/// A check of the hut `hut_id`. `days` has days of July with their free places; each has 40 in total.
pub fn check(hut_id: i32, time: &str, days: &[(u32, i16)]) -> Check {
    Check {
        hut_id,
        at: at(time),
        organization: "hrs".into(),
        source_hut_id: hut_id.to_string(),
        new_link: None,
        days: days.iter().map(|&(day, free)| (july(day), state(free, 40))).collect(),
        range: july(1)..=july(31),
        adjustments: Adjustments::default(),
        unknown_values: UnknownValues::default(),
        validators: Validators::default(),
    }
}

/// The statements that storing a check takes in a run, which has read what was observed of the hut when it selected
/// its huts.
pub fn statements_of_check(db: &mut Db, check: &Check) -> Vec<String> {
    let observed = hut_check::load(db, check.hut_id).unwrap().observed();
    let run = RunContext::started(check.at);
    statements_of(db, |db| {
        let (guard, meter) = (Guard::default(), Meter::default());
        store_check(db, check, run, &observed, &guard, &meter, |_| ()).unwrap();
    })
}
