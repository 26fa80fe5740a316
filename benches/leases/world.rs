//! The simulation, which handles one event after another.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::fmt;

use chrono::TimeDelta;
use hut_availability::update::claims::{BATCH, RENEWALS};
use hut_availability::update::pipeline::MAX_CHECKS;

use super::database::{CORES, Connection, Database, Job, Time};
use super::random::Random;
use super::worker::Worker;

/// The default of `--lease`.
pub const LEASE: Time = 60_000_000;

#[derive(Clone, Copy)]
pub struct Setting {
    pub interval_ms: u32,
    pub latency_ms: u32,
    pub in_flight: usize,
    /// One worker in this many dies. None dies if it is 0, or if no other worker would be left.
    pub dying: usize,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |ms: u32| f64::from(ms) / 1_000.0;
        let (interval, latency) = (seconds(self.interval_ms), seconds(self.latency_ms));
        write!(f, "interval {interval} s, latency {latency} s, {} in flight", self.in_flight)?;
        if self.dying > 0 { write!(f, ", a worker in {} dies", self.dying) } else { Ok(()) }
    }
}

#[derive(Default)]
pub struct Figures {
    pub seconds: f64,
    pub requests: u64,
    pub claiming: u64,
    pub taking: u64,
    pub storing: u64,
    /// Share of the workers' time.
    pub idle: f64,
    pub taken: u64,
    /// How often a worker had to wait for the row of `site_pace`, and for how long in all.
    pub waits: u64,
    pub waited: f64,
    /// Share of the cores' time.
    pub database_busy: f64,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    Begins(usize),
    StatementEnds(Connection),
    RequestStarts(usize, i32),
    Answers(usize, i32),
    LooksAgain(usize),
    Renews(usize),
    Dies(usize),
}

pub struct World {
    pub setting: Setting,
    pub huts: i32,
    pub now: Time,
    pub number: u64,
    pub events: BinaryHeap<Reverse<(Time, u64, Event)>>,
    pub workers: Vec<Worker>,
    pub database: Database,
    /// The worker that last asked for each hut.
    pub asked: Vec<Option<usize>>,
    pub done: HashSet<i32>,
    pub figures: Figures,
    pub last_stored: Time,
}

impl World {
    pub fn new(huts: i32, workers: usize, setting: Setting) -> Self {
        let interval = TimeDelta::milliseconds(setting.interval_ms.into());
        let lease = TimeDelta::microseconds(LEASE);
        let mut random = Random(2026);
        let mut world = Self {
            setting,
            huts,
            now: 0,
            number: 0,
            events: BinaryHeap::new(),
            // The pods of a job start within about a second.
            workers: (0..workers).map(|_| Worker::new(random.below(1_000_000))).collect(),
            database: Database::new(huts, workers, interval, lease),
            asked: vec![None; huts as usize],
            done: HashSet::new(),
            figures: Figures::default(),
            last_stored: 0,
        };
        for worker in 0..workers {
            world.at(world.workers[worker].began, Event::Begins(worker));
        }
        // Early enough that the remaining workers are still busy when the huts of the dead are due again.
        let by_interval = i64::from(huts) * i64::from(setting.interval_ms) * 1_000;
        let dying = workers.checked_div(setting.dying).unwrap_or(0);
        for worker in 0..dying {
            let when = 1_000_000 + random.below(by_interval * 8 / 10);
            world.at(when, Event::Dies(worker));
        }
        world
    }

    pub fn run(mut self) -> Figures {
        while let Some(Reverse((time, _, event))) = self.events.pop() {
            self.now = time;
            match event {
                Event::Begins(worker) => {
                    self.renew_later(worker);
                    self.go_on(worker);
                }
                Event::StatementEnds(connection) => self.statement_ends(connection),
                Event::RequestStarts(worker, hut) => self.request_starts(worker, hut),
                Event::Answers(worker, hut) => self.answers(worker, hut),
                Event::LooksAgain(worker) => self.looks_again(worker),
                Event::Renews(worker) => {
                    if !self.workers[worker].is_done() {
                        self.ask(worker * 2, Job::Renew { in_hand: Vec::new(), now: 0 });
                        self.renew_later(worker);
                    }
                }
                Event::Dies(worker) => self.dies(worker),
            }
        }
        self.figures()
    }

    pub fn at(&mut self, time: Time, event: Event) {
        self.number += 1;
        self.events.push(Reverse((time, self.number, event)));
    }

    fn renew_later(&mut self, worker: usize) {
        self.at(self.now + LEASE / i64::from(RENEWALS), Event::Renews(worker));
    }

    fn figures(mut self) -> Figures {
        let huts = self.huts as usize;
        assert_eq!(self.done.len(), huts, "every hut is done");
        let died = self.workers.iter().filter(|worker| worker.is_dead).count();
        // A worker that dies has asked for no more huts than it had in hand.
        let most_again = died * (MAX_CHECKS + BATCH);
        assert!((huts..=huts + most_again).contains(&(self.figures.requests as usize)));
        let end = self.last_stored;
        let (mut idle, mut all) = (0, 0);
        for worker in &mut self.workers {
            let until = if worker.is_dead { worker.ended } else { end };
            let since = worker.idle_since.map_or(0, |since| (until - since).max(0));
            idle += worker.idle + since;
            all += until - worker.began;
        }
        self.figures.idle = idle as f64 / all.max(1) as f64;
        self.figures.seconds = end as f64 / 1_000_000.0;
        self.figures.database_busy = self.database.worked as f64 / (end * CORES as i64) as f64;
        self.figures
    }
}
