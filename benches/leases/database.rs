//! What the workers share: rows, their locks, and a server that works on so many statements at a time.

use std::collections::{HashMap, HashSet, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use hut_availability::domain::lease::{Claim, LastTry, Lease, Wanted, claim};
use hut_availability::domain::request_slots::{RequestSlots, Reservation};

/// Microseconds from the beginning.
pub type Time = i64;

/// How long the server works on a statement.
pub const STATEMENT: Time = 500;

/// On how many it works at a time; others wait.
pub const CORES: usize = 8;

/// The connections of a worker are those of a run: it agrees on one, and stores on the other.
pub type Connection = usize;

/// A transaction, with what its statements have found out so far.
pub enum Job {
    Claim {
        wanted: Vec<i32>,
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
        taken: Option<Reservation>,
        before: Time,
    },
    Store {
        hut: i32,
    },
}

/// What the next statement of a transaction does before it can be worked on.
#[derive(PartialEq, Eq)]
pub enum Lock {
    Granted,
    Waits,
}

pub struct Database {
    pub idle_cores: usize,
    pub waiting: VecDeque<Connection>,
    /// Time in which cores worked, of all cores together.
    pub worked: Time,
    pub interval: TimeDelta,
    pub lease: TimeDelta,
    pace: RequestSlots,
    pace_lock: Option<Connection>,
    pace_waiting: VecDeque<Connection>,
    hut_locks: HashMap<i32, Connection>,
    leases: Vec<Lease>,
    last_tries: Vec<LastTry>,
}

pub fn instant(time: Time) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::microseconds(time)
}

impl Job {
    pub fn take(count: u32) -> Self {
        Self::Take { count: count.cast_signed(), now: 0, taken: None, before: 0 }
    }

    /// As `db::lease` and `db::pace` make them, with BEGIN and COMMIT, and `db::write` for a check that finds
    /// nothing new.
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
            pace: RequestSlots { next_request: instant(0), paused_until: None },
            pace_lock: None,
            pace_waiting: VecDeque::new(),
            hut_locks: HashMap::new(),
            leases: vec![nothing; workers],
            last_tries: vec![LastTry::default(); huts.unsigned_abs() as usize],
        }
    }

    /// Whether the statement number `step` of a transaction has its lock. Huts that are locked are left
    /// out, and for the pace of the site is waited.
    pub fn lock(&mut self, job: &mut Job, step: usize, connection: Connection, now: Time) -> Lock {
        let Job::Take { before, .. } = job else { return Lock::Granted };
        if step != 1 || self.pace_lock == Some(connection) {
            return Lock::Granted;
        }
        if self.pace_lock.is_none() {
            self.pace_lock = Some(connection);
            return Lock::Granted;
        }
        *before = now;
        self.pace_waiting.push_back(connection);
        Lock::Waits
    }

    /// Does what the statement number `step` of a transaction does.
    pub fn execute(&mut self, job: &mut Job, step: usize, connection: Connection, time: Time) {
        let worker = connection / 2;
        match (job, step) {
            (Job::Claim { wanted, free, .. }, 1) => {
                for hut in wanted {
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
            (Job::Claim { wanted, free, now, others, claims, .. }, 4) => {
                let stands = wanted.iter().map(|hut| (*hut, self.last_try(*hut)));
                let stands: HashMap<i32, LastTry> = stands.collect();
                let wanted: Vec<Wanted> = wanted
                    .iter()
                    .map(|hut| Wanted { hut_id: *hut, last_try: LastTry::default() })
                    .collect();
                *claims = claim(&wanted, free, others, &stands, instant(*now));
            }
            (Job::Claim { wanted, in_hand, free, now, claims, .. }, 6) => {
                let taken = wanted.iter().zip(claims).filter(|(_, claim)| **claim == Claim::Taken);
                in_hand.extend(taken.map(|(hut, _)| *hut));
                self.save(worker, in_hand, *now);
                free.iter().for_each(|hut| {
                    self.hut_locks.remove(hut);
                });
            }
            (Job::Renew { in_hand, now }, 3) => self.save(worker, in_hand, *now),
            (Job::Take { now, .. }, 2) => *now = time,
            (Job::Take { count, now, taken, .. }, 3) => {
                *taken = Some(self.pace.take(*count, self.interval, instant(*now)));
            }
            (Job::Store { hut }, 0) => {
                self.last_tries[*hut as usize].last_checked = Some(instant(time));
            }
            _ => {}
        }
    }

    /// Ends a transaction, or breaks it off. Who had waited for its lock has it now, and is returned.
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
                self.pace_waiting.retain(|waiting| *waiting != connection);
                if self.pace_lock != Some(connection) {
                    return None;
                }
                self.pace_lock = self.pace_waiting.pop_front();
                self.pace_lock
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
