//! Pure: which huts are due, why, and in which order.
//!
//! A policy gives each hut an interval between two checks: [`tiers`] a fixed one, by how full the coming dates are,
//! and [`adaptive`] one by how often the nights of the hut change, within a budget. Watches, waits after failures and
//! the grace are the same for both.

pub mod adaptive;
pub mod budget;
mod due;
pub mod tiers;

use chrono::{DateTime, TimeDelta, Utc};
use strum::{Display, IntoStaticStr};

pub use self::adaptive::Adaptive;
pub use self::due::{DueState, Spendable, due_states, needing_update};
pub use self::tiers::{Intervals, stalest_high};
use crate::domain::change_rate::{ChangeRate, Seen};
use crate::domain::hut::FollowedHut;
use crate::domain::lease::LastTry;
use crate::domain::tier::Tier;
use crate::domain::validators::Validators;

/// A job that starts every 30 minutes never starts exactly 30 minutes apart.
pub const GRACE: TimeDelta = TimeDelta::minutes(2);

/// Why a hut is polled. With tiers, the variants are in the order in which huts are polled.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Display,
    IntoStaticStr,
    serde::Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    /// An active watch waits for it.
    Watched,
    High,
    /// Never checked successfully.
    New,
    Medium,
    Low,
    /// No date is known, or none was listed.
    Inactive,
    /// The budget of checks is spent on it, because change is likely.
    Adaptive,
    /// An explicit selection, whether due or not.
    Requested,
}

/// How the due huts are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Schedule {
    /// At fixed intervals, by how full the coming dates are.
    Tiers(Intervals),
    /// Where change is likely, within a budget.
    Adaptive(Adaptive),
}

impl Schedule {
    /// The interval of watched huts, whatever the policy says of them.
    #[must_use]
    pub fn watched(&self) -> TimeDelta {
        match self {
            Self::Tiers(intervals) => intervals.watched,
            Self::Adaptive(adaptive) => adaptive.watched,
        }
    }

    /// The longest interval of the huts of each tier.
    #[must_use]
    pub fn max_intervals(&self) -> Intervals {
        match self {
            Self::Tiers(intervals) => *intervals,
            Self::Adaptive(adaptive) => adaptive.max_intervals(),
        }
    }

    /// The budget, for the schedule that has one.
    #[must_use]
    pub fn adaptive(&self) -> Option<&Adaptive> {
        match self {
            Self::Tiers(_) => None,
            Self::Adaptive(adaptive) => Some(adaptive),
        }
    }
}

/// The stored checks of a hut, as far as they decide when it is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LastCheck {
    pub last_checked: Option<DateTime<Utc>>,
    /// The start of the run that tried last.
    pub last_checked_run: Option<DateTime<Utc>>,
    /// The start of the run that succeeded last.
    pub last_success_run: Option<DateTime<Utc>>,
    pub consecutive_failures: i32,
    /// The tier by the coming dates that the last successful check listed.
    pub tier: Tier,
    pub rate: ChangeRate,
}

impl LastCheck {
    /// The latest of the stored instants.
    fn latest_instant(&self) -> Option<DateTime<Utc>> {
        self.last_checked.max(self.last_checked_run).max(self.last_success_run)
    }

    /// The time since the run that last checked the hut successfully; none if no run has.
    #[must_use]
    pub fn age(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.last_success_run.map(|run| now - run)
    }

    #[must_use]
    pub fn last_try(&self) -> LastTry {
        let Self { last_checked, consecutive_failures, .. } = *self;
        LastTry { last_checked, consecutive_failures }
    }
}

/// A hut that may be due.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub hut_id: i32,
    pub slug: String,
    /// The organization whose bookings are followed.
    pub organization: String,
    /// Whether an active watch has the hut.
    pub is_watched: bool,
    pub last_check: LastCheck,
}

/// A hut that a run is going to poll.
#[derive(Clone, Debug, PartialEq)]
pub struct SelectedHut {
    pub hut: FollowedHut,
    pub reason: Reason,
    /// The time until the hut is due again, if this check succeeds and finds nothing new. None for an explicit
    /// selection.
    pub interval: Option<TimeDelta>,
    /// Whether the check is taken from the budget of the adaptive schedule.
    pub is_budgeted: bool,
    /// The hut's last try when the hut was selected.
    pub last_try: LastTry,
    /// The HTTP validators of the last successful check.
    pub cached: Validators,
    /// How often the hut has changed, up to its last successful check.
    pub observed: Observed,
    /// The latest of the stored instants of the hut's checks and of their runs.
    pub latest_instant: Option<DateTime<Utc>>,
}

/// How often a hut has changed, up to a successful check.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Observed {
    pub rate: ChangeRate,
    /// The instant of that check; none if none has succeeded.
    pub until: Option<DateTime<Utc>>,
}

impl Observed {
    /// The rate after the next successful check.
    #[must_use]
    pub fn after_check(&self, at: DateTime<Utc>, seen: Seen) -> ChangeRate {
        // The first check has nothing to compare with.
        let Some(until) = self.until else { return self.rate };
        self.rate.after_check(at - until, seen)
    }
}

#[cfg(test)]
mod tests;
