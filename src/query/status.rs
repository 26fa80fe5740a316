//! Pure: how well huts are followed, from what is stored of their checks.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::schedule::{DueState, Reason};
use crate::query::run_log::Run;

/// The tiers, in the order in which huts are asked.
const TIERS: [Reason; 5] =
    [Reason::High, Reason::New, Reason::Medium, Reason::Low, Reason::Inactive];

/// All that `status` tells.
#[derive(Debug, PartialEq, Serialize)]
pub struct Status {
    /// When this was so
    pub at: DateTime<Utc>,
    pub database: Database,
    pub huts: Huts,
    pub tiers: Vec<Tier>,
    /// The last successful check of all
    pub last_success: Option<DateTime<Utc>>,
    /// Huts whose last check is in the future, over which nothing older is stored: a clock is wrong, or was
    pub checked_in_future: usize,
    /// The newest first
    pub runs: Vec<Run>,
    /// Those with most failures first
    pub failing: Vec<Failing>,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Database {
    pub kind: &'static str,
    /// Without its password
    pub url: String,
    pub size_bytes: i64,
}

/// How many huts there are.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Huts {
    /// Active, with a booking reference
    pub followed: usize,
    /// Active, without one
    pub not_followed: usize,
    pub inactive: usize,
}

/// The huts of a tier.
#[derive(Debug, PartialEq, Serialize)]
pub struct Tier {
    pub tier: Reason,
    pub huts: usize,
    /// Those that a run would ask now
    pub overdue: usize,
    /// Since when the one that has waited longest is overdue; none where it was never asked
    pub overdue_since: Option<DateTime<Utc>>,
}

/// A followed hut whose last check failed.
#[derive(Debug, PartialEq, Serialize)]
pub struct Failing {
    pub slug: String,
    pub organization: String,
    pub consecutive_failures: i32,
    pub failing_since: Option<DateTime<Utc>>,
    pub last_success: Option<DateTime<Utc>>,
    pub last_error: Option<String>,
}

/// How many huts of each tier there are, and how many of them are overdue at `now`.
#[must_use]
pub fn by_tier(due_states: &[DueState], now: DateTime<Utc>) -> Vec<Tier> {
    let of_tier = |tier: Reason| {
        let huts: Vec<&DueState> = due_states.iter().filter(|hut| hut.tier == tier).collect();
        let overdue = huts.iter().map(|hut| hut.due_since).filter(|since| *since <= now);
        let tried = overdue.clone().filter(|since| *since > DateTime::<Utc>::MIN_UTC);
        Tier { tier, huts: huts.len(), overdue: overdue.count(), overdue_since: tried.min() }
    };
    TIERS.map(of_tier).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lease::LastTry;
    use chrono::TimeDelta;

    fn due_state(tier: Reason, due_since: DateTime<Utc>) -> DueState {
        DueState { hut_id: 1, slug: "hut".into(), tier, last_try: LastTry::default(), due_since }
    }

    #[test]
    fn huts_are_counted_by_tier() {
        let now = DateTime::UNIX_EPOCH;
        let in_minutes = |minutes| now + TimeDelta::minutes(minutes);
        let tiers = by_tier(
            &[
                due_state(Reason::High, in_minutes(-40)),
                due_state(Reason::High, in_minutes(0)),
                due_state(Reason::High, in_minutes(1)),
                due_state(Reason::New, DateTime::<Utc>::MIN_UTC),
                due_state(Reason::Low, in_minutes(600)),
            ],
            now,
        );
        let counts: Vec<_> =
            tiers.iter().map(|tier| (tier.tier, tier.huts, tier.overdue)).collect();
        assert_eq!(
            counts,
            [
                (Reason::High, 3, 2),
                (Reason::New, 1, 1),
                (Reason::Medium, 0, 0),
                (Reason::Low, 1, 0),
                (Reason::Inactive, 0, 0),
            ]
        );
        assert_eq!(tiers[0].overdue_since, Some(in_minutes(-40)));
        assert_eq!(tiers[1].overdue_since, None, "never asked");
    }
}
