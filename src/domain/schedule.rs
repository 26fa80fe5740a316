//! Pure: which huts are due, why, and in which order.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use strum::{Display, IntoStaticStr};

use crate::domain::hut::FollowedHut;
use crate::domain::lease::LastTry;
use crate::domain::tier::Tier;
use crate::domain::validators::Validators;

/// A job that starts every 30 minutes never starts exactly 30 minutes apart.
const GRACE: TimeDelta = TimeDelta::minutes(2);

/// How long a hut waits after its first failure; twice as long after each further one.
const FIRST_WAIT_AFTER_FAILURE: TimeDelta = TimeDelta::minutes(30);
const MAX_WAIT_AFTER_FAILURE: TimeDelta = TimeDelta::hours(24);

/// Why a hut is polled. The variants are in the order in which huts are polled.
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
    /// An explicit selection, whether due or not.
    Requested,
}

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

/// The stored checks of a hut, as far as they decide when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastCheck {
    pub last_checked: Option<DateTime<Utc>>,
    /// The start of the run that tried last.
    pub last_checked_run: Option<DateTime<Utc>>,
    /// The start of the run that succeeded last.
    pub last_success_run: Option<DateTime<Utc>>,
    pub consecutive_failures: i32,
    /// The tier by the coming dates that the last successful check listed.
    pub tier: Tier,
}

impl LastCheck {
    /// The latest of the stored instants.
    fn latest_instant(&self) -> Option<DateTime<Utc>> {
        self.last_checked.max(self.last_checked_run).max(self.last_success_run)
    }
}

/// A hut that may be due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub hut_id: i32,
    pub slug: String,
    /// Whether an active watch has the hut.
    pub is_watched: bool,
    pub last_check: LastCheck,
}

/// When a hut is due, and in which tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueState {
    pub hut_id: i32,
    pub slug: String,
    /// The tier, or `New`.
    pub tier: Reason,
    pub is_watched: bool,
    pub last_try: LastTry,
    /// In the future if the hut is not due yet. `MIN_UTC` if it was never tried.
    pub due_since: DateTime<Utc>,
}

/// A hut that a run is going to poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedHut {
    pub hut: FollowedHut,
    pub reason: Reason,
    /// The hut's last try when the hut was selected.
    pub last_try: LastTry,
    /// The HTTP validators of the last successful check.
    pub cached: Validators,
    /// The latest of the stored instants of the hut's checks and of their runs.
    pub latest_instant: Option<DateTime<Utc>>,
}

impl LastCheck {
    #[must_use]
    pub fn last_try(&self) -> LastTry {
        let Self { last_checked, consecutive_failures, .. } = *self;
        LastTry { last_checked, consecutive_failures }
    }

    fn tier(&self) -> Reason {
        match (self.last_success_run, self.tier) {
            (None, _) => Reason::New,
            (_, Tier::High) => Reason::High,
            (_, Tier::Medium) => Reason::Medium,
            (_, Tier::Low) => Reason::Low,
            (_, Tier::Inactive) => Reason::Inactive,
        }
    }

    /// The tier of the hut, and since when it is due. `MIN_UTC` if it was never tried.
    fn due_since(&self, is_watched: bool, intervals: &Intervals) -> (Reason, DateTime<Utc>) {
        let tier = self.tier();
        let interval = match tier {
            Reason::Watched => intervals.watched,
            Reason::High => intervals.high,
            Reason::Medium => intervals.medium,
            Reason::Low => intervals.low,
            Reason::Inactive => intervals.inactive,
            Reason::New | Reason::Requested => TimeDelta::zero(),
        };
        let interval = if is_watched { interval.min(intervals.watched) } else { interval };
        let by_tier = self.last_success_run.map(|run| run + interval - GRACE);
        let wait = wait_after_failures(self.consecutive_failures);
        let by_failures = self.last_checked_run.zip(wait).map(|(run, wait)| run + wait - GRACE);
        (tier, by_tier.max(by_failures).unwrap_or(DateTime::<Utc>::MIN_UTC))
    }
}

fn wait_after_failures(failures: i32) -> Option<TimeDelta> {
    let doublings = u32::try_from(failures).ok()?.checked_sub(1)?;
    let factor = 2_i32.checked_pow(doublings).unwrap_or(i32::MAX);
    let wait = FIRST_WAIT_AFTER_FAILURE.checked_mul(factor);
    Some(wait.map_or(MAX_WAIT_AFTER_FAILURE, |wait| wait.min(MAX_WAIT_AFTER_FAILURE)))
}

/// When each hut is due.
pub fn due_states(
    candidates: Vec<Candidate>,
    intervals: &Intervals,
) -> impl Iterator<Item = DueState> {
    candidates.into_iter().map(|Candidate { hut_id, slug, is_watched, last_check }| {
        let (tier, due_since) = last_check.due_since(is_watched, intervals);
        DueState { hut_id, slug, tier, is_watched, last_try: last_check.last_try(), due_since }
    })
}

impl DueState {
    /// Why the hut is polled once it is due.
    #[must_use]
    pub fn reason(&self) -> Reason {
        if self.is_watched && self.tier != Reason::New { Reason::Watched } else { self.tier }
    }
}

/// The huts that are due at `now` (the start of the run), in the order in which they are polled:
/// watched, high, new, medium, low, inactive, and within a tier the most overdue first. With `max_ahead`, a hut with a stored
/// instant that is further in the future is selected, too, so that every run reports it.
#[must_use]
pub fn needing_update(
    candidates: Vec<Candidate>,
    now: DateTime<Utc>,
    intervals: &Intervals,
    max_ahead: Option<TimeDelta>,
) -> Vec<DueState> {
    let is_in_future = |check: &LastCheck| {
        let limit = max_ahead.map(|ahead| now + ahead);
        limit.is_some_and(|limit| check.latest_instant() > Some(limit))
    };
    let future: HashSet<i32> = candidates
        .iter()
        .filter(|candidate| is_in_future(&candidate.last_check))
        .map(|candidate| candidate.hut_id)
        .collect();
    let states = due_states(candidates, intervals);
    let is_due = |hut: &DueState| hut.due_since <= now || future.contains(&hut.hut_id);
    let mut due: Vec<DueState> = states.filter(is_due).collect();
    due.sort_by(|a, b| (a.reason(), a.due_since, &a.slug).cmp(&(b.reason(), b.due_since, &b.slug)));
    due
}

/// The age at `now` of the oldest last success in the high tier, counted from the start of its run. Zero if
/// the tier has no hut.
#[must_use]
pub fn stalest_high(candidates: &[Candidate], now: DateTime<Utc>) -> TimeDelta {
    let checks = candidates.iter().map(|candidate| candidate.last_check);
    let high = checks.filter(|check| check.tier() == Reason::High);
    let oldest = high.filter_map(|check| check.last_success_run).min();
    oldest.map_or(TimeDelta::zero(), |run| now - run)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVALS: Intervals = Intervals {
        watched: TimeDelta::minutes(30),
        high: TimeDelta::minutes(30),
        medium: TimeDelta::hours(3),
        low: TimeDelta::hours(24),
        inactive: TimeDelta::days(7),
    };

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    const NEVER: LastCheck = LastCheck {
        last_checked: None,
        last_checked_run: None,
        last_success_run: None,
        consecutive_failures: 0,
        tier: Tier::Inactive,
    };

    fn checked(run_minutes: i64, tier: Tier) -> LastCheck {
        let run = Some(at(run_minutes));
        LastCheck { last_checked: run, last_checked_run: run, last_success_run: run, tier, ..NEVER }
    }

    fn failed(check: LastCheck, run_minutes: i64, failures: i32) -> LastCheck {
        LastCheck {
            last_checked_run: Some(at(run_minutes)),
            consecutive_failures: failures,
            ..check
        }
    }

    /// Minutes from the epoch at which the hut is due.
    fn due_at(check: LastCheck) -> i64 {
        (check.due_since(false, &INTERVALS).1 - DateTime::UNIX_EPOCH).num_minutes()
    }

    #[test]
    fn tiers_wait_their_interval_less_the_grace() {
        assert_eq!(due_at(checked(0, Tier::High)), 28);
        assert_eq!(due_at(checked(0, Tier::Medium)), 178);
        assert_eq!(due_at(checked(0, Tier::Low)), 24 * 60 - 2);
        assert_eq!(due_at(checked(0, Tier::Inactive)), 7 * 24 * 60 - 2);
    }

    #[test]
    fn failures_double_the_wait_up_to_a_day() {
        let high = checked(0, Tier::High);
        let waits: Vec<_> = (1..=8).map(|n| due_at(failed(high, 1000, n)) - 1000).collect();
        assert_eq!(waits, [28, 58, 118, 238, 478, 958, 1438, 1438]);
        assert_eq!(due_at(failed(high, 1000, i32::MAX)), 2438);
    }

    #[test]
    fn a_failure_does_not_make_a_hut_due_sooner() {
        assert_eq!(due_at(failed(checked(0, Tier::Low), 60, 1)), 24 * 60 - 2);
    }

    #[test]
    fn a_new_hut_that_failed_waits_too() {
        assert_eq!(NEVER.due_since(false, &INTERVALS).1, DateTime::<Utc>::MIN_UTC);
        assert_eq!(due_at(failed(NEVER, 100, 1)), 128);
    }

    #[test]
    fn a_hut_with_an_instant_in_the_future_is_selected_by_every_run() {
        let candidate = |run_minutes| Candidate {
            hut_id: 1,
            slug: "hut".into(),
            is_watched: false,
            last_check: checked(run_minutes, Tier::Low),
        };
        let selected = |run_minutes, max_ahead| {
            needing_update(vec![candidate(run_minutes)], at(0), &INTERVALS, max_ahead).len()
        };
        let five = Some(TimeDelta::minutes(5));
        assert_eq!((selected(5, five), selected(6, five), selected(6, None)), (0, 1, 0));
    }

    #[test]
    fn huts_are_ordered_by_tier_and_then_the_most_overdue_first() {
        let candidates = [
            ("inactive", checked(-20_000, Tier::Inactive)),
            ("low", checked(-2_000, Tier::Low)),
            ("medium", checked(-300, Tier::Medium)),
            ("new-failed", failed(NEVER, -60, 1)),
            ("new", NEVER),
            ("high-29", checked(-29, Tier::High)),
            ("high-60", checked(-60, Tier::High)),
            ("high-not-due", checked(-27, Tier::High)),
            ("watched", checked(-29, Tier::Low)),
            ("watched-not-due", checked(-27, Tier::Low)),
            ("watched-failed", failed(checked(-60, Tier::Low), -29, 2)),
            ("watched-new", NEVER),
        ]
        .map(|(slug, last_check)| Candidate {
            hut_id: 1,
            slug: slug.into(),
            is_watched: slug.starts_with("watched"),
            last_check,
        });
        let due = needing_update(candidates.into(), at(0), &INTERVALS, None);
        let slugs: Vec<_> = due.iter().map(|hut| hut.slug.as_str()).collect();
        let expected = [
            "watched",
            "high-60",
            "high-29",
            "new",
            "watched-new",
            "new-failed",
            "medium",
            "low",
            "inactive",
        ];
        assert_eq!(slugs, expected);
        let reasons = (due[0].reason(), due[0].tier, due[4].reason());
        assert_eq!(reasons, (Reason::Watched, Reason::Low, Reason::New));
    }
}
