//! Which huts are watched, as read last, so that a run follows watches that are added while it works. Pure.

use std::collections::{BTreeSet, HashMap};

use tokio::time::Instant;

/// The active watches of each hut.
#[derive(Debug)]
pub struct WatchedHuts {
    /// Watches and huts.
    pairs: BTreeSet<(i32, i32)>,
    by_hut: HashMap<i32, Vec<i32>>,
    read_at: Instant,
    /// Whether a hut has changed since.
    is_stale: bool,
}

impl WatchedHuts {
    #[must_use]
    pub fn new(pairs: BTreeSet<(i32, i32)>, read_at: Instant) -> Self {
        let mut by_hut: HashMap<i32, Vec<i32>> = HashMap::new();
        for (watch, hut) in &pairs {
            by_hut.entry(*hut).or_default().push(*watch);
        }
        Self { pairs, by_hut, read_at, is_stale: false }
    }

    #[must_use]
    pub fn read_at(&self) -> Instant {
        self.read_at
    }

    /// Whether a hut has changed since the watches were read: it may have a watch that is not known yet.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// The known watches of huts that changed.
    pub fn changed(&mut self, huts: &[i32]) -> BTreeSet<i32> {
        self.is_stale |= !huts.is_empty();
        huts.iter().filter_map(|hut| self.by_hut.get(hut)).flatten().copied().collect()
    }

    /// Takes the watches as they are now. Returns those with a hut that was not theirs before: it may have changed after
    /// they were added.
    pub fn replace(&mut self, pairs: BTreeSet<(i32, i32)>, read_at: Instant) -> BTreeSet<i32> {
        let new = pairs.difference(&self.pairs).map(|(watch, _)| *watch).collect();
        *self = Self::new(pairs, read_at);
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_that_is_added_is_found_when_the_list_is_read_again() {
        let now = Instant::now();
        let mut watched = WatchedHuts::new([(1, 10), (1, 11), (2, 10)].into(), now);
        assert!(!watched.is_stale());
        assert_eq!(watched.changed(&[10, 12]), [1, 2].into());
        assert!(watched.is_stale());
        // Watch 1 is gone, watch 2 has another hut, and watch 3 is new.
        assert_eq!(watched.replace([(2, 10), (2, 12), (3, 11)].into(), now), [2, 3].into());
        assert!(!watched.is_stale());
        assert_eq!(watched.changed(&[11]), [3].into());
        assert_eq!(watched.changed(&[]), BTreeSet::new());
    }
}
