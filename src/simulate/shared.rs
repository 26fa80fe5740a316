//! The state that all routes of the fake booking sites share.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Instant;

use super::clock::SiteClock;
use super::faults::Faults;
use super::huetten_holiday::sessions::Sessions;
use super::site::Site;

/// The state that all routes share: the data and settings of the sites, and counts of the requests.
pub struct Shared {
    pub site: Site,
    pub clock: SiteClock,
    pub sessions: Sessions,
    pub faults: RwLock<Faults>,
    pub requests: AtomicUsize,
    pub asked: Mutex<VecDeque<ReceivedRequest>>,
    pub in_flight: AtomicUsize,
    pub most_in_flight: AtomicUsize,
    pub has_etags: AtomicBool,
    pub not_modified: AtomicUsize,
}

/// A request for the availability of a hut at hut-reservation.org, and when it arrived.
#[derive(Clone, Debug)]
pub struct ReceivedRequest {
    pub hut_id: String,
    pub at: Instant,
}

/// The most requests that are remembered; older ones are dropped.
const MAX_REMEMBERED: usize = 10_000;

impl Shared {
    pub fn remembered(&self) -> std::sync::MutexGuard<'_, VecDeque<ReceivedRequest>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn remember(&self, hut_id: &str) {
        let mut asked = self.remembered();
        if asked.len() == MAX_REMEMBERED {
            asked.pop_front();
        }
        asked.push_back(ReceivedRequest { hut_id: hut_id.to_owned(), at: Instant::now() });
    }
}
