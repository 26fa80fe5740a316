//! `hut-availability takeover` takes over the database of the Wodore backend, and repairs its history.

mod captured;
mod catching_up;
mod interrupted;
mod refused;
mod traps;

use std::process::Command;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};

use crate::support::database::TestDatabase;
use crate::support::program::{RunOutput, hut_availability, run};
use crate::support::wodore::{HRS, Version, Wodore};

/// A state of a hut with 40 places.
fn state(free: i16) -> State {
    State {
        free: Some(free),
        total: Some(40),
        hut_type: HutType::Hut,
        reservation_status: match free {
            0 => ReservationStatus::NotPossible,
            _ => ReservationStatus::Possible,
        },
    }
}

fn at(minute: i64) -> DateTime<Utc> {
    "2026-04-01T10:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

fn july(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
}

/// A database with huts 1 to `huts`, whose slugs are `Hut_1` and so on, and whose IDs at `hrs` are 101 and so on. Each has
/// the nights of July, of which the half changed in each of three checks.
fn small(version: Version, huts: i32) -> Wodore {
    let mut wodore = Wodore::new(version);
    for id in 1..=huts {
        wodore.hut(id.into(), &format!("Hut_{id}"), HRS, &(100 + id).to_string(), (40, 0));
        for check in 0..3_i16 {
            let days = (1..=31).map(|day| (july(day), state(if day % 2 == 0 { check } else { 7 })));
            wodore.check(id, at(30 * i64::from(check)), days);
        }
    }
    wodore.store(&(1..=huts).map(|id| (id, (100 + id).to_string())).collect());
    wodore
}

fn command(from: &Wodore, to: &TestDatabase) -> Command {
    let mut command = hut_availability();
    command.args(["takeover", "--from", &from.url, "--database-url", &to.url]);
    command
}

fn take_over(from: &Wodore, to: &TestDatabase, args: &[&str]) -> RunOutput {
    run(command(from, to).args(["--output", "json"]).args(args))
}

/// Runs `hut-availability` with a database.
fn with(to: &TestDatabase, args: &[&str]) -> RunOutput {
    run(hut_availability().args(args).args(["--database-url", &to.url]))
}
