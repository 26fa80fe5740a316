//! Pure: which huts a run may claim while other runs work on the same database.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

/// The last try on a hut. Any later try on the hut, by any run, changes at least one of these values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LastTry {
    pub last_checked: Option<DateTime<Utc>>,
    pub consecutive_failures: i32,
}

/// A run's request to claim a hut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimRequest {
    pub hut_id: i32,
    /// The hut's last try when the hut was selected.
    pub last_try: LastTry,
}

/// The claim under which a run asks for huts. An answer is stored only while its claim is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimToken {
    pub run_id: i32,
    /// Counts the leases of the run. A lease that has expired is never renewed.
    pub generation: i32,
}

/// Whether a run may poll a hut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The run has claimed the hut.
    Taken,
    /// Another run has a lease on it.
    Held,
    /// Another run has tried it since it was selected.
    Tried,
}

/// The huts that another run has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub hut_ids: Vec<i32>,
    pub renewed_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl Lease {
    /// Whether the run is considered alive. A lease that starts in the future was made before the clock was
    /// set back. Without this check it would last as long as the clock was set back.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        /// The clocks of two connections may differ by this much.
        const SKEW: TimeDelta = TimeDelta::seconds(1);
        self.renewed_at <= now + SKEW && now < self.expires_at
    }
}

/// The result for each request, in the same order. `free` are the hut IDs that no other run is claiming at
/// this moment, `others` are the leases of the other runs, and `last_tries` are the current last tries by
/// hut ID.
#[must_use]
pub fn claim(
    requests: &[ClaimRequest],
    free: &HashSet<i32>,
    others: &[Lease],
    last_tries: &HashMap<i32, LastTry>,
    now: DateTime<Utc>,
) -> Vec<Claim> {
    let live = others.iter().filter(|lease| lease.is_live(now));
    let held: HashSet<i32> = live.flat_map(|lease| lease.hut_ids.iter().copied()).collect();
    let claim = |request: &ClaimRequest| {
        if last_tries.get(&request.hut_id).copied().unwrap_or_default() != request.last_try {
            Claim::Tried
        } else if held.contains(&request.hut_id) || !free.contains(&request.hut_id) {
            Claim::Held
        } else {
            Claim::Taken
        }
    };
    requests.iter().map(claim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn request(hut_id: i32) -> ClaimRequest {
        ClaimRequest { hut_id, last_try: LastTry::default() }
    }

    fn lease(hut_ids: &[i32], renewed_at: i64) -> Lease {
        let (renewed_at, expires_at) = (at(renewed_at), at(renewed_at + 60));
        Lease { hut_ids: hut_ids.to_vec(), renewed_at, expires_at }
    }

    fn claim_at(second: i64, free: &[i32], others: &[Lease], tried: &[i32]) -> Vec<Claim> {
        let free = free.iter().copied().collect();
        let newer = LastTry { last_checked: Some(at(5)), consecutive_failures: 0 };
        let last_tries = tried.iter().map(|hut_id| (*hut_id, newer)).collect();
        claim(&[request(1), request(2)], &free, others, &last_tries, at(second))
    }

    #[test]
    fn a_hut_with_a_live_lease_of_another_run_is_not_claimed() {
        use Claim::{Held, Taken};
        assert_eq!(claim_at(10, &[1, 2], &[], &[]), [Taken, Taken]);
        assert_eq!(claim_at(10, &[1, 2], &[lease(&[2, 3], 0)], &[]), [Taken, Held]);
        assert_eq!(claim_at(10, &[2], &[], &[]), [Held, Taken], "another run is claiming it");
    }

    #[test]
    fn the_lease_of_a_dead_run_expires() {
        use Claim::{Held, Taken};
        let dead = [lease(&[1], 0)];
        assert_eq!(claim_at(59, &[1, 2], &dead, &[]), [Held, Taken]);
        assert_eq!(claim_at(60, &[1, 2], &dead, &[]), [Taken, Taken]);
        assert_eq!(claim_at(-3600, &[1, 2], &dead, &[]), [Taken, Taken], "the clock was set back");
    }

    #[test]
    fn a_hut_that_another_run_tried_meanwhile_is_not_claimed() {
        use Claim::{Taken, Tried};
        assert_eq!(claim_at(10, &[1, 2], &[], &[2]), [Taken, Tried]);
        assert_eq!(claim_at(10, &[1], &[lease(&[2], 0)], &[2]), [Taken, Tried]);
    }
}
