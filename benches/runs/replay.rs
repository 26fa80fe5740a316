//! Runs only the database's part of a run: the program's own steps, with the answers already in memory and
//! nothing else using the processor. The times that a run itself reports (`--timings`) include waits for it.

use std::time::{Duration, Instant};

use chrono::{DateTime, Days, TimeDelta, Utc};
use hut_availability::db::connection::Db;
use hut_availability::db::guard::Guard;
use hut_availability::db::lease::{claim_huts, release};
use hut_availability::db::schedule::{Selection, get_huts_needing_update};
use hut_availability::db::update_run;
use hut_availability::db::write::{RunContext, Stored, store_check};
use hut_availability::domain::availability::Check;
use hut_availability::domain::day::Now;
use hut_availability::domain::lease::ClaimRequest;
use hut_availability::domain::run::Mode;
use hut_availability::domain::schedule::{Intervals, Schedule, SelectedHut};
use hut_availability::runtime::timing::Meter;
use hut_availability::sites::hut_reservation::availability::parse;
use hut_availability::update::claims::BATCH;

use crate::site::BookingSite;

/// Requested dates, the default of `--days`.
const DAYS: u64 = 365;

/// The result of a replay, with the time of each part.
#[derive(Default)]
pub struct Replayed {
    pub huts: usize,
    pub selecting: Duration,
    pub claiming: Duration,
    pub storing: Duration,
    pub changed: usize,
}

impl Replayed {
    pub fn in_database(&self) -> Duration {
        self.selecting + self.claiming + self.storing
    }
}

/// Checks all huts at an instant.
pub fn replay(db: &mut Db, site: &BookingSite, at: DateTime<Utc>) -> Replayed {
    let mut done = Replayed::default();
    let run = RunContext::started(at);
    let lease = TimeDelta::minutes(1);
    let huts = timed(&mut done.selecting, || select(db, &Selection::All, at));
    done.huts = huts.len();
    let token = timed(&mut done.claiming, || {
        update_run::begin(db, at, Mode::All, "bench", huts.len(), lease).expect("the run is stored")
    });
    for batch in huts.chunks(BATCH) {
        let checks: Vec<Check> = batch.iter().map(|hut| check(site, hut, at)).collect();
        let requests: Vec<_> = batch
            .iter()
            .map(|hut| ClaimRequest { hut_id: hut.hut.id, last_try: hut.last_try })
            .collect();
        timed(&mut done.claiming, || claim_huts(db, token, &requests, &[], lease))
            .expect("huts are claimed");
        for (check, hut) in checks.iter().zip(batch) {
            // As in a run, although the clock of the replay is not that of the database.
            let source = (check.organization.clone(), check.source_hut_id.clone());
            let guard = Guard { claim: Some(token), source: Some(source), at: None };
            let store =
                || store_check(db, check, run, &hut.observed, &guard, &Meter::default(), |_| ());
            match timed(&mut done.storing, store).expect("the check is stored") {
                Stored::Updated(diff) => done.changed += diff.changed.len(),
                other => panic!("the check is stored, and not {other:?}"),
            }
        }
    }
    timed(&mut done.claiming, || release(db, token.run_id)).expect("the lease is deleted");
    done
}

/// The huts of a selection, with the default intervals.
pub fn select(db: &mut Db, selection: &Selection, at: DateTime<Utc>) -> Vec<SelectedHut> {
    let schedule = Schedule::Tiers(Intervals::default());
    let now = Now::new(at, chrono_tz::UTC);
    let next_days = RunContext::started(at).next_days;
    get_huts_needing_update(db, selection, &now, next_days, &schedule, None)
        .expect("the huts are read")
        .huts
}

fn check(site: &BookingSite, selected: &SelectedHut, at: DateTime<Utc>) -> Check {
    let id = &selected.hut.source_hut_id;
    let answer = parse(&site.answer(id), id).expect("the fake site's answers are valid");
    let today = at.date_naive();
    Check::new(&selected.hut, answer, &(today..=today + Days::new(DAYS - 1)), at)
}

fn timed<T>(sum: &mut Duration, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let done = work();
    *sum += begin.elapsed();
    done
}
