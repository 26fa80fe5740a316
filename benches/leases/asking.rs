//! The work of the workers on their huts: claiming them, waiting for request times, requesting.

use std::collections::HashSet;

use hut_availability::domain::lease::Claim;
use hut_availability::sites::rate_limiter::{LATE, MAX_AT_ONCE};
use hut_availability::update::claims::{BATCH, RECHECK_INTERVAL};
use hut_availability::update::pipeline::MAX_CHECKS;

use super::database::{Job, Time};
use super::worker::Next;
use super::world::{Event, LEASE, World};

impl World {
    /// Starts checks up to the limit in flight, and claims more huts when none are left.
    pub fn go_on(&mut self, worker: usize) {
        loop {
            let this = &mut self.workers[worker];
            if this.is_dead || this.next != Next::Turn || this.in_flight >= self.setting.in_flight {
                break;
            }
            if let Some(hut) = this.ready.pop_front() {
                this.in_flight += 1;
                this.wait_for_room.push_back(hut);
            } else if this.to_claim < self.huts {
                let end = this.to_claim.saturating_add(BATCH as i32).min(self.huts);
                let requested = (this.to_claim..end).collect();
                this.to_claim = end;
                self.claim(worker, requested);
            } else if this.held.is_empty() {
                this.next = Next::Ended;
            } else {
                let since = *this.held_since.get_or_insert(self.now);
                let look_again = RECHECK_INTERVAL.as_micros() as Time;
                if self.now - since > LEASE + look_again {
                    this.held.clear();
                } else {
                    this.next = Next::Waiting;
                    self.at(self.now + look_again, Event::LooksAgain(worker));
                }
            }
        }
        self.make_room(worker);
    }

    fn claim(&mut self, worker: usize, requested: Vec<i32>) {
        self.workers[worker].next = Next::Claiming;
        let (in_hand, others, claims) = Default::default();
        let job = Job::Claim { requested, in_hand, free: HashSet::new(), now: 0, others, claims };
        self.ask(worker * 2, job);
    }

    pub fn looks_again(&mut self, worker: usize) {
        if !self.workers[worker].is_dead {
            let held = std::mem::take(&mut self.workers[worker].held);
            self.claim(worker, held);
        }
    }

    pub fn make_room(&mut self, worker: usize) {
        let this = &mut self.workers[worker];
        while this.rooms < MAX_CHECKS
            && let Some(hut) = this.wait_for_room.pop_front()
        {
            this.rooms += 1;
            this.wait_for_time.push_back(hut);
        }
        self.start(worker);
    }

    /// Assigns the next request times to the checks that wait, and reserves more.
    fn start(&mut self, worker: usize) {
        let interval = i64::from(self.setting.interval_ms) * 1_000;
        while !self.workers[worker].is_taking && !self.workers[worker].wait_for_time.is_empty() {
            let this = &mut self.workers[worker];
            if interval == 0 {
                let hut = this.wait_for_time.pop_front().expect("there is one");
                self.at(self.now, Event::RequestStarts(worker, hut));
                continue;
            }
            let latest = self.now - interval / i64::from(LATE);
            let count = this.times.len();
            this.times.retain(|time| *time >= latest);
            if this.times.len() < count {
                this.at_once = 1;
            }
            if let Some(time) = this.times.pop_front() {
                let hut = this.wait_for_time.pop_front().expect("there is one");
                self.at(time.max(self.now), Event::RequestStarts(worker, hut));
            } else {
                this.is_taking = true;
                let job = Job::take(this.at_once);
                self.ask(worker * 2, job);
            }
        }
    }

    pub fn request_starts(&mut self, worker: usize, hut: i32) {
        if self.workers[worker].is_dead {
            return;
        }
        if let Some(before) = self.asked[hut as usize].replace(worker) {
            assert!(self.workers[before].is_dead, "two live workers ask for hut {hut}");
        }
        assert!(!self.done.contains(&hut), "hut {hut} was done already");
        self.figures.requests += 1;
        self.workers[worker].at_the_site += 1;
        self.workers[worker].note_idle(self.now);
        let latency = i64::from(self.setting.latency_ms) * 1_000;
        self.at(self.now + latency, Event::Answers(worker, hut));
    }

    pub fn answers(&mut self, worker: usize, hut: i32) {
        let this = &mut self.workers[worker];
        if this.is_dead {
            return;
        }
        this.at_the_site -= 1;
        this.in_flight -= 1;
        self.ask(worker * 2 + 1, Job::Store { hut });
        self.go_on(worker);
    }

    /// Handles the result of a worker's transaction.
    pub fn ended(&mut self, worker: usize, job: Job) {
        let this = &mut self.workers[worker];
        match job {
            Job::Claim { requested, claims, .. } => {
                for (hut, claim) in requested.into_iter().zip(claims) {
                    match claim {
                        Claim::Taken => {
                            this.ready.push_back(hut);
                            this.in_hand.insert(hut);
                        }
                        Claim::Held => this.held.push(hut),
                        Claim::Tried => {}
                    }
                }
                this.next = Next::Turn;
                self.go_on(worker);
            }
            Job::Renew { .. } => {}
            Job::Take { count, now, reserved, .. } => {
                let interval = i64::from(self.setting.interval_ms) * 1_000;
                let first_in = reserved.and_then(|reserved| reserved.first_in.num_microseconds());
                let first = now + first_in.unwrap_or_default();
                let first = first.max(this.next_start).max(self.now);
                this.next_start = first + interval * i64::from(count);
                this.times.extend((0..i64::from(count)).map(|number| first + interval * number));
                this.at_once = (count.unsigned_abs() * 2).min(MAX_AT_ONCE);
                this.is_taking = false;
                self.figures.taken += 1;
                self.start(worker);
            }
            Job::Store { hut } => {
                this.rooms -= 1;
                this.in_hand.remove(&hut);
                assert!(self.done.insert(hut), "hut {hut} is stored twice");
                this.ended = self.now;
                self.last_stored = self.now;
                self.make_room(worker);
            }
        }
    }
}
