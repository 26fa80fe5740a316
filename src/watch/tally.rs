//! What a run has found and sent for the watches so far. It is kept also if the work is aborted.

use std::sync::{Arc, Mutex, PoisonError};

use super::matching::Matched;
use crate::domain::delivery::{Notified, Sent};

/// Counts that several tasks add to.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Mutex<Option<Notified>>>);

impl Tally {
    pub fn add_matched(&self, matched: &Matched) {
        self.with(|notified| {
            notified.opened += matched.opened;
            notified.closed += matched.closed;
        });
    }

    /// Adds what became of a message to a channel.
    pub fn add_sent(&self, channel: &str, sent: Sent) {
        self.with(|notified| *notified.sent.entry(channel.to_owned()).or_default() += sent);
    }

    /// The counts so far; none if nothing was added.
    #[must_use]
    pub fn total(&self) -> Option<Notified> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn with(&self, change: impl FnOnce(&mut Notified)) {
        let mut notified = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(notified.get_or_insert_default());
    }
}
