//! One run among others, modelled on `update::claims`, `update::fetch` and `sites::rate_limiter`.

use std::collections::{BTreeSet, VecDeque};

use super::database::{Job, Time};

/// A running transaction, and the number of its current statement.
pub struct Running {
    pub job: Job,
    pub step: usize,
}

/// One connection, which runs one transaction after another.
#[derive(Default)]
pub struct Line {
    pub running: Option<Running>,
    pub queue: VecDeque<Job>,
}

/// What a worker does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Start the next check of a claimed hut.
    Turn,
    /// Wait for its claim.
    Claiming,
    /// Wait until other workers are done with the remaining huts.
    Waiting,
    Ended,
}

pub struct Worker {
    pub next: Next,
    pub is_dead: bool,
    /// The first hut of the list that is not claimed yet.
    pub to_claim: i32,
    pub ready: VecDeque<i32>,
    pub held: Vec<i32>,
    pub held_since: Option<Time>,
    pub in_hand: BTreeSet<i32>,
    /// Checks that wait for room, for their request time, or for the site.
    pub in_flight: usize,
    /// Checks that wait for their request time, for the site, or to be stored.
    pub rooms: usize,
    pub wait_for_room: VecDeque<i32>,
    pub wait_for_time: VecDeque<i32>,
    pub is_taking: bool,
    pub times: VecDeque<Time>,
    pub at_once: u32,
    pub next_start: Time,
    pub at_the_site: usize,
    pub agree: Line,
    pub store: Line,
    pub idle_since: Option<Time>,
    pub idle: Time,
    pub began: Time,
    pub ended: Time,
}

impl Worker {
    pub fn new(began: Time) -> Self {
        Self {
            next: Next::Turn,
            is_dead: false,
            to_claim: 0,
            ready: VecDeque::new(),
            held: Vec::new(),
            held_since: None,
            in_hand: BTreeSet::new(),
            in_flight: 0,
            rooms: 0,
            wait_for_room: VecDeque::new(),
            wait_for_time: VecDeque::new(),
            is_taking: false,
            times: VecDeque::new(),
            at_once: 1,
            next_start: 0,
            at_the_site: 0,
            agree: Line::default(),
            store: Line::default(),
            idle_since: Some(began),
            idle: 0,
            began,
            ended: 0,
        }
    }

    pub fn line(&mut self, connection: usize) -> &mut Line {
        if connection.is_multiple_of(2) { &mut self.agree } else { &mut self.store }
    }

    /// A worker is idle if it waits neither for the site nor for the database.
    pub fn note_idle(&mut self, now: Time) {
        let is_idle =
            self.at_the_site == 0 && self.agree.running.is_none() && self.store.running.is_none();
        match self.idle_since {
            None if is_idle => self.idle_since = Some(now),
            Some(since) if !is_idle => {
                self.idle += now - since;
                self.idle_since = None;
            }
            _ => {}
        }
    }

    /// Whether the worker has no hut left, neither in hand nor to claim.
    pub fn is_done(&self) -> bool {
        self.is_dead || (self.next == Next::Ended && self.in_hand.is_empty())
    }
}
