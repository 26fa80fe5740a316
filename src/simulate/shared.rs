//! What all routes of a fake booking site share.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Instant;

use super::clock::SiteClock;
use super::faults::Faults;
use super::sessions::Sessions;
use super::site::Site;

pub struct Shared {
    pub site: Site,
    pub clock: SiteClock,
    pub sessions: Sessions,
    pub faults: RwLock<Faults>,
    pub requests: AtomicUsize,
    pub asked: Mutex<VecDeque<Asked>>,
    pub in_flight: AtomicUsize,
    pub most_in_flight: AtomicUsize,
    pub has_etags: AtomicBool,
    pub not_modified: AtomicUsize,
}

/// A question for the places of a hut of hut-reservation.org, as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub hut_id: String,
    pub at: Instant,
}

/// So many of the last questions are remembered.
const MAX_REMEMBERED: usize = 10_000;

impl Shared {
    pub fn remembered(&self) -> std::sync::MutexGuard<'_, VecDeque<Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn remember(&self, hut_id: &str) {
        let mut asked = self.remembered();
        if asked.len() == MAX_REMEMBERED {
            asked.pop_front();
        }
        asked.push_back(Asked { hut_id: hut_id.to_owned(), at: Instant::now() });
    }
}
