//! Pure: which huts a run may ask while others work on the same database.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

/// How the last try on a hut stands: it is another one as soon as any run has tried the hut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LastTry {
    pub last_checked: Option<DateTime<Utc>>,
    pub consecutive_failures: i32,
}

/// A hut that a run is going to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub hut_id: i32,
    /// As it stood when the hut was selected.
    pub last_try: LastTry,
}

/// Whether a run may ask a hut that it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    Taken,
    /// Another run has it in hand.
    Held,
    /// Another run has tried it since it was selected.
    Tried,
}

/// The huts that another run has in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub hut_ids: Vec<i32>,
    pub renewed_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl Lease {
    /// Whether its run is to be taken for alive. A lease of the future is one of a clock that has been
    /// set back since, and would last for as long as that was.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        /// By so much the clocks of two connections may differ.
        const SKEW: TimeDelta = TimeDelta::seconds(1);
        self.renewed_at <= now + SKEW && now < self.expires_at
    }
}

/// What becomes of each of `wanted`, in their order: a hut that is not among `free` is being claimed by
/// another run at this moment; `others` are the leases of the other runs; `stands` says how the last
/// tries stand now.
#[must_use]
pub fn claim(
    wanted: &[Wanted],
    free: &HashSet<i32>,
    others: &[Lease],
    stands: &HashMap<i32, LastTry>,
    now: DateTime<Utc>,
) -> Vec<Claim> {
    let live = others.iter().filter(|lease| lease.is_live(now));
    let held: HashSet<i32> = live.flat_map(|lease| lease.hut_ids.iter().copied()).collect();
    let claim = |wanted: &Wanted| {
        if stands.get(&wanted.hut_id).copied().unwrap_or_default() != wanted.last_try {
            Claim::Tried
        } else if held.contains(&wanted.hut_id) || !free.contains(&wanted.hut_id) {
            Claim::Held
        } else {
            Claim::Taken
        }
    };
    wanted.iter().map(claim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn wanted(hut_id: i32) -> Wanted {
        Wanted { hut_id, last_try: LastTry::default() }
    }

    fn lease(hut_ids: &[i32], renewed_at: i64) -> Lease {
        let (renewed_at, expires_at) = (at(renewed_at), at(renewed_at + 60));
        Lease { hut_ids: hut_ids.to_vec(), renewed_at, expires_at }
    }

    fn claim_at(second: i64, free: &[i32], others: &[Lease], tried: &[i32]) -> Vec<Claim> {
        let free = free.iter().copied().collect();
        let newer = LastTry { last_checked: Some(at(5)), consecutive_failures: 0 };
        let stands = tried.iter().map(|hut_id| (*hut_id, newer)).collect();
        claim(&[wanted(1), wanted(2)], &free, others, &stands, at(second))
    }

    #[test]
    fn a_hut_in_the_hands_of_another_run_is_left_to_it() {
        use Claim::{Held, Taken};
        assert_eq!(claim_at(10, &[1, 2], &[], &[]), [Taken, Taken]);
        assert_eq!(claim_at(10, &[1, 2], &[lease(&[2, 3], 0)], &[]), [Taken, Held]);
        assert_eq!(claim_at(10, &[2], &[], &[]), [Held, Taken], "it is being claimed right now");
    }

    #[test]
    fn the_lease_of_a_dead_run_ends() {
        use Claim::{Held, Taken};
        let dead = [lease(&[1], 0)];
        assert_eq!(claim_at(59, &[1, 2], &dead, &[]), [Held, Taken]);
        assert_eq!(claim_at(60, &[1, 2], &dead, &[]), [Taken, Taken]);
        assert_eq!(claim_at(-3600, &[1, 2], &dead, &[]), [Taken, Taken], "the clock was set back");
    }

    #[test]
    fn a_hut_that_was_tried_since_is_not_asked_again() {
        use Claim::{Taken, Tried};
        assert_eq!(claim_at(10, &[1, 2], &[], &[2]), [Taken, Tried]);
        assert_eq!(claim_at(10, &[1], &[lease(&[2], 0)], &[2]), [Taken, Tried]);
    }
}
