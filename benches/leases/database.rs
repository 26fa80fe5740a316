//! The database that the workers share: rows, their locks, and a server with a limited number of cores.

use std::collections::{HashMap, HashSet, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use hut_availability::domain::lease::{Claim, ClaimRequest, LastTry, Lease, claim};
use hut_availability::domain::request_slots::{RequestSlots, Reservation};

/// Microseconds since the start.
pub type Time = i64;

/// Microseconds that the server needs for a statement.
pub const STATEMENT: Time = 500;

/// The number of statements that the server runs at a time. Others wait.
pub const CORES: usize = 8;

/// Each worker has the two connections of a run: one for coordination, and one for storing.
pub type Connection = usize;

/// A transaction, and the results of its statements so far.
pub enum Job {
    Claim {
        requested: Vec<i32>,
        in_hand: Vec<i32>,
        free: HashSet<i32>,
        now: Time,
        others: Vec<Lease>,
        claims: Vec<Claim>,
    },
    Renew {
        in_hand: Vec<i32>,
        now: Time,
    },
    Take {
        count: i32,
        now: Time,
        reserved: Option<Reservation>,
        before: Time,
    },
    Store {
        hut: i32,
    },
}

/// Whether the next statement of a transaction can start.
#[derive(PartialEq, Eq)]
pub enum Lock {
    Granted,
    Waits,
}

pub struct Database {
    pub idle_cores: usize,
    pub waiting: VecDeque<Connection>,
    /// Time that all cores together have worked.
    pub worked: Time,
    pub interval: TimeDelta,
    pub lease: TimeDelta,
    slots: RequestSlots,
    slots_lock: Option<Connection>,
    slots_waiting: VecDeque<Connection>,
    hut_locks: HashMap<i32, Connection>,
    leases: Vec<Lease>,
    last_tries: Vec<LastTry>,
}

pub fn instant(time: Time) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::microseconds(time)
}

impl Job {
    pub fn take(count: u32) -> Self {
        Self::Take { count: count.cast_signed(), now: 0, reserved: None, before: 0 }
    }

    /// The number of statements, with BEGIN and COMMIT, as in `db::lease` and `db::request_slots`, and in
    /// `db::write` for an unchanged check.
    pub fn statements(&self) -> usize {
        match self {
            Self::Claim { .. } => 7,
            Self::Take { .. } => 5,
            Self::Store { .. } => 1,
            Self::Renew { .. } => 4,
        }
    }
}

impl Database {
    pub fn new(huts: i32, workers: usize, interval: TimeDelta, lease: TimeDelta) -> Self {
        let nothing = Lease { hut_ids: Vec::new(), renewed_at: instant(0), expires_at: instant(0) };
        Self {
            idle_cores: CORES,
            waiting: VecDeque::new(),
            worked: 0,
            interval,
            lease,
            slots: RequestSlots { next_request: instant(0), paused_until: None },
            slots_lock: None,
            slots_waiting: VecDeque::new(),
            hut_locks: HashMap::new(),
            leases: vec![nothing; workers],
            last_tries: vec![LastTry::default(); huts.unsigned_abs() as usize],
        }
    }

    /// Takes the lock for statement number `step` of a transaction. Locked huts are skipped. For the site's
    /// request slots the transaction waits.
    pub fn lock(&mut self, job: &mut Job, step: usize, connection: Connection, now: Time) -> Lock {
        let Job::Take { before, .. } = job else { return Lock::Granted };
        if step != 1 || self.slots_lock == Some(connection) {
            return Lock::Granted;
        }
        if self.slots_lock.is_none() {
            self.slots_lock = Some(connection);
            return Lock::Granted;
        }
        *before = now;
        self.slots_waiting.push_back(connection);
        Lock::Waits
    }

    /// Executes statement number `step` of a transaction.
    pub fn execute(&mut self, job: &mut Job, step: usize, connection: Connection, time: Time) {
        let worker = connection / 2;
        match (job, step) {
            (Job::Claim { requested, free, .. }, 1) => {
                for hut in requested {
                    if let std::collections::hash_map::Entry::Vacant(unlocked) =
                        self.hut_locks.entry(*hut)
                    {
                        unlocked.insert(connection);
                        free.insert(*hut);
                    }
                }
            }
            (Job::Claim { now, .. }, 2) | (Job::Renew { now, .. }, 1) => *now = time,
            (Job::Claim { others, .. }, 3) => {
                let leases = self.leases.iter().enumerate().filter(|(of, _)| *of != worker);
                *others = leases.map(|(_, lease)| lease.clone()).collect();
            }
            (Job::Claim { requested, free, now, others, claims, .. }, 4) => {
                let last_tries = requested.iter().map(|hut| (*hut, self.last_try(*hut)));
                let last_tries: HashMap<i32, LastTry> = last_tries.collect();
                let requests: Vec<ClaimRequest> = requested
                    .iter()
                    .map(|hut| ClaimRequest { hut_id: *hut, last_try: LastTry::default() })
                    .collect();
                *claims = claim(&requests, free, others, &last_tries, instant(*now));
            }
            (Job::Claim { requested, in_hand, free, now, claims, .. }, 6) => {
                let taken =
                    requested.iter().zip(claims).filter(|(_, claim)| **claim == Claim::Taken);
                in_hand.extend(taken.map(|(hut, _)| *hut));
                self.save(worker, in_hand, *now);
                free.iter().for_each(|hut| {
                    self.hut_locks.remove(hut);
                });
            }
            (Job::Renew { in_hand, now }, 3) => self.save(worker, in_hand, *now),
            (Job::Take { now, .. }, 2) => *now = time,
            (Job::Take { count, now, reserved, .. }, 3) => {
                *reserved = Some(self.slots.take(*count, self.interval, instant(*now)));
            }
            (Job::Store { hut }, 0) => {
                self.last_tries[*hut as usize].last_checked = Some(instant(time));
            }
            _ => {}
        }
    }

    /// Ends or aborts a transaction. Returns the connection that waited for its lock and has it now.
    pub fn end(&mut self, job: &Job, connection: Connection) -> Option<Connection> {
        match job {
            Job::Claim { free, .. } => {
                for hut in free {
                    if self.hut_locks.get(hut) == Some(&connection) {
                        self.hut_locks.remove(hut);
                    }
                }
                None
            }
            Job::Take { .. } => {
                self.slots_waiting.retain(|waiting| *waiting != connection);
                if self.slots_lock != Some(connection) {
                    return None;
                }
                self.slots_lock = self.slots_waiting.pop_front();
                self.slots_lock
            }
            _ => None,
        }
    }

    fn last_try(&self, hut: i32) -> LastTry {
        self.last_tries[hut as usize]
    }

    fn save(&mut self, worker: usize, hut_ids: &[i32], now: Time) {
        let (renewed_at, expires_at) = (instant(now), instant(now) + self.lease);
        self.leases[worker] = Lease { hut_ids: hut_ids.to_vec(), renewed_at, expires_at };
    }
}
