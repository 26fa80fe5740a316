//! The status report: how up to date the checks of the huts are. Pure functions.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::domain::schedule::{DueState, Reason};
use crate::query::polling::Polling;
use crate::query::run_log::Run;
use crate::query::watch_fields::DeliveryFields;

/// The tiers, in the order in which huts are polled. With the adaptive schedule all known huts are in one.
const TIERS: [Reason; 6] =
    [Reason::High, Reason::New, Reason::Medium, Reason::Low, Reason::Inactive, Reason::Adaptive];

/// The output of the command `status`.
#[derive(Debug, PartialEq, Serialize)]
pub struct Status {
    /// The instant of this report
    pub at: DateTime<Utc>,
    pub database: Database,
    pub huts: Huts,
    pub tiers: Vec<Tier>,
    pub polling: Polling,
    /// The last successful check of any hut
    pub last_success: Option<DateTime<Utc>>,
    /// Huts whose last check lies in the future, because a clock is or was wrong. An older check is never
    /// stored over it
    pub checked_in_future: usize,
    /// The newest first
    pub runs: Vec<Run>,
    /// Huts with the most failures first
    pub failing: Vec<Failing>,
    pub watches: Watches,
}

/// The watches and their messages.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Watches {
    pub active: usize,
    /// Huts of active watches
    pub huts: usize,
    /// Messages that are to be sent
    pub pending: usize,
    /// When the oldest of them was made
    pub oldest_pending: Option<DateTime<Utc>>,
    /// The newest messages that are pending or were given up
    pub unsent: Vec<DeliveryFields>,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Database {
    pub kind: &'static str,
    /// The URL without its password
    pub url: String,
    pub size_bytes: i64,
}

/// The number of huts.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Huts {
    /// Active huts with a booking reference
    pub followed: usize,
    /// Huts that are being taken over from another program, which still polls them. They are in no other number
    pub taken_over: usize,
    /// Active huts without a booking reference
    pub not_followed: usize,
    pub inactive: usize,
}

/// The huts of a tier.
#[derive(Debug, PartialEq, Serialize)]
pub struct Tier {
    pub tier: Reason,
    pub huts: usize,
    /// Huts that have waited for their whole interval
    pub overdue: usize,
    /// Since when the hut that has waited longest is overdue. Huts that were never polled do not count
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

/// The messages of watches by channel, for metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notifications {
    pub channels: Vec<ChannelCounts>,
    /// How long the oldest pending message waits.
    pub oldest_age: Option<TimeDelta>,
}

/// The messages to a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelCounts {
    pub name: String,
    pub sent: u64,
    pub pending: u64,
    pub failed: u64,
}

/// Counts the huts of each tier, and those of them that are overdue at `now`.
#[must_use]
pub fn by_tier(due_states: &[DueState], now: DateTime<Utc>) -> Vec<Tier> {
    let count_tier = |tier: Reason| {
        let huts: Vec<&DueState> = due_states.iter().filter(|hut| hut.tier == tier).collect();
        let overdue = huts.iter().map(|hut| hut.overdue_since).filter(|since| *since <= now);
        let polled_before = overdue.clone().filter(|since| *since > DateTime::<Utc>::MIN_UTC);
        Tier {
            tier,
            huts: huts.len(),
            overdue: overdue.count(),
            overdue_since: polled_before.min(),
        }
    };
    // A schedule has huts of its own tiers only.
    let is_adaptive = due_states.iter().any(|hut| hut.tier == Reason::Adaptive);
    let is_shown = |tier: &Reason| match tier {
        Reason::New => true,
        Reason::Adaptive => is_adaptive,
        _ => !is_adaptive,
    };
    TIERS.into_iter().filter(is_shown).map(count_tier).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change_rate::ChangeRate;
    use crate::domain::{self, schedule::LastCheck};

    fn due_state(tier: Reason, due_since: DateTime<Utc>) -> DueState {
        DueState {
            hut_id: 1,
            slug: "hut".into(),
            organization: "hrs".into(),
            tier,
            is_watched: false,
            last_check: LastCheck {
                last_checked: None,
                last_checked_run: None,
                last_success_run: None,
                consecutive_failures: 0,
                tier: domain::tier::Tier::Low,
                rate: ChangeRate::default(),
            },
            interval: TimeDelta::hours(24),
            due_since,
            overdue_since: due_since,
        }
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
        assert_eq!(tiers[1].overdue_since, None, "never polled");
    }
}
