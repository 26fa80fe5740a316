//! The policy of fixed intervals: how full the coming dates of a hut are decides how often it is polled.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Candidate, LastCheck, Reason};
use crate::domain::tier::Tier;

/// How often the huts of each tier are polled: the time between the starts of two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intervals {
    /// For huts of active watches, besides the interval of their tier.
    pub watched: TimeDelta,
    pub high: TimeDelta,
    pub medium: TimeDelta,
    pub low: TimeDelta,
    pub inactive: TimeDelta,
}

impl Default for Intervals {
    fn default() -> Self {
        Self {
            watched: TimeDelta::minutes(30),
            high: TimeDelta::minutes(30),
            medium: TimeDelta::hours(3),
            low: TimeDelta::hours(24),
            inactive: TimeDelta::days(7),
        }
    }
}

impl Intervals {
    /// The same interval for all huts.
    #[must_use]
    pub fn all(interval: TimeDelta) -> Self {
        Self {
            watched: interval,
            high: interval,
            medium: interval,
            low: interval,
            inactive: interval,
        }
    }

    #[must_use]
    pub fn of(&self, tier: Tier) -> TimeDelta {
        match tier {
            Tier::High => self.high,
            Tier::Medium => self.medium,
            Tier::Low => self.low,
            Tier::Inactive => self.inactive,
        }
    }
}

/// The reason to poll a hut that was checked before.
pub(super) fn reason(check: &LastCheck) -> Reason {
    match check.tier {
        Tier::High => Reason::High,
        Tier::Medium => Reason::Medium,
        Tier::Low => Reason::Low,
        Tier::Inactive => Reason::Inactive,
    }
}

/// The age at `now` of the oldest last success in the high tier, counted from the start of its run. Zero if
/// the tier has no hut.
#[must_use]
pub fn stalest_high(candidates: &[Candidate], now: DateTime<Utc>) -> TimeDelta {
    let checks = candidates.iter().map(|candidate| candidate.last_check);
    let high = checks.filter(|check| check.tier == Tier::High);
    high.filter_map(|check| check.age(now)).max().unwrap_or_default()
}
