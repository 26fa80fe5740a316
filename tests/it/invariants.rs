//! Random sequences of checks on both databases, compared with a model that shares no code with the
//! program.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, TimeDelta};
use diesel::connection::SimpleConnection;
use hut_availability::db::write::update_availability;
use hut_availability::domain::availability::{Adjustments, Check};
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};
use hut_availability::domain::unknown_values::UnknownValues;
use hut_availability::domain::validators::Validators;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::on_both_databases;
use crate::support::checks::at;
use crate::support::model::{Model, assert_invariants};

/// One of only a few states, so that states recur.
fn any_state() -> impl Strategy<Value = State> {
    let states = [
        (Some(0), Some(0)),
        (Some(0), Some(2)),
        (Some(1), Some(2)),
        (Some(2), Some(2)),
        (None, Some(2)),
        (Some(1), None),
        (None, None),
    ]
    .map(|(free, total)| State {
        free,
        total,
        hut_type: if total == Some(0) { HutType::Closed } else { HutType::Hut },
        reservation_status: match free {
            None => ReservationStatus::Unknown,
            Some(0) => ReservationStatus::NotPossible,
            Some(_) => ReservationStatus::Possible,
        },
    });
    prop::sample::select(states.to_vec())
}

/// A check of one of two huts: on any of 14 days, earlier or later than the previous check, over a window
/// of any length, with any date missing.
fn any_check() -> impl Strategy<Value = Check> {
    let days = prop::collection::vec(prop::option::weighted(0.8, any_state()), 1..12);
    (1..=2_i32, 0..14_i64, 0..3_i64, days, prop::bool::weighted(0.1)).prop_map(
        |(hut_id, day, hour, days, moved)| {
            let at = at("06:00") + TimeDelta::days(day) + TimeDelta::hours(hour);
            let date = |ahead: usize| -> NaiveDate { at.date_naive() + Days::new(ahead as u64) };
            let listed = days.iter().enumerate().filter_map(|(i, day)| Some((date(i), (*day)?)));
            let range = date(0)..=date(days.len() - 1);
            let days: BTreeMap<_, _> = listed.collect();
            let source_hut_id = if moved { "99".into() } else { hut_id.to_string() };
            let organization = "hrs".into();
            Check {
                hut_id,
                at,
                organization,
                source_hut_id,
                new_link: None,
                range,
                days,
                adjustments: Adjustments::default(),
                unknown_values: UnknownValues::default(),
                validators: Validators::default(),
            }
        },
    )
}

on_both_databases! {
    fn any_sequence_of_checks_keeps_the_invariants(database) {
        let cases = if database.is_sqlite() { 96 } else { 48 };
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let mut db = database.with_huts(2);
        let checks = prop::collection::vec(any_check(), 1..14);
        let db = std::cell::RefCell::new(&mut db);
        runner
            .run(&checks, |checks| {
                let db = &mut **db.borrow_mut();
                db.batch_execute(
                    "DELETE FROM availability_change; DELETE FROM availability; DELETE FROM hut_check",
                )
                .unwrap();
                let mut model = Model::default();
                // A check without dates is an empty one: it does not count as successful, and is not
                // stored.
                for check in checks.iter().filter(|check| !check.days.is_empty()) {
                    update_availability(db, check, check.at).unwrap();
                    model.apply(check);
                }
                model.assert_stored(db);
                assert_invariants(db);
                Ok(())
            })
            .unwrap();
    }
}
