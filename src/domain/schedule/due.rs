//! When each hut is due, and which of the due huts a run polls.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::adaptive::{Pace, is_at_longest, urgency};
use super::{Candidate, GRACE, Intervals, LastCheck, Reason, Schedule, tiers};

/// How long a hut waits after its first failure; twice as long after each further one.
const FIRST_WAIT_AFTER_FAILURE: TimeDelta = TimeDelta::minutes(30);
const MAX_WAIT_AFTER_FAILURE: TimeDelta = TimeDelta::hours(24);

/// When a hut is due, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct DueState {
    pub hut_id: i32,
    pub slug: String,
    pub organization: String,
    /// The tier, `Adaptive`, or `New`.
    pub tier: Reason,
    pub is_watched: bool,
    pub last_check: LastCheck,
    /// The time between two successful checks of the hut; with a budget, in the mean.
    pub interval: TimeDelta,
    /// In the future if the hut is not due yet. `MIN_UTC` if it was never tried.
    pub due_since: DateTime<Utc>,
    /// When it has waited for its whole interval. With a budget it is due before.
    pub overdue_since: DateTime<Utc>,
}

/// What a run of the adaptive schedule may do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spendable {
    /// The checks that it may make. Watched huts do not count.
    pub checks: u32,
    /// The organizations that want no requests now.
    pub paused: BTreeSet<String>,
}

/// What decides the interval of a hut.
enum Policy<'a> {
    Tiers(&'a Intervals),
    Adaptive(Pace),
}

impl Policy<'_> {
    fn of<'a>(schedule: &'a Schedule, candidates: &[Candidate]) -> Policy<'a> {
        match schedule {
            Schedule::Tiers(intervals) => Policy::Tiers(intervals),
            Schedule::Adaptive(adaptive) => {
                // Watched huts, too: watching one hut does not change the intervals of the others.
                let checks = candidates.iter().map(|candidate| &candidate.last_check);
                Policy::Adaptive(adaptive.pace(checks))
            }
        }
    }

    /// Why a hut is polled that was checked before, the time between two checks, and the time after which it is due.
    fn interval(&self, check: &LastCheck) -> (Reason, TimeDelta, TimeDelta) {
        match self {
            Self::Tiers(intervals) => {
                let interval = intervals.of(check.tier);
                (tiers::reason(check), interval, interval)
            }
            Self::Adaptive(pace) => (Reason::Adaptive, pace.interval(check), pace.earliest(check)),
        }
    }
}

/// When each hut is due.
pub fn due_states(
    candidates: Vec<Candidate>,
    schedule: &Schedule,
) -> impl Iterator<Item = DueState> {
    let policy = Policy::of(schedule, &candidates);
    let watched = schedule.watched();
    candidates.into_iter().map(move |candidate| {
        let Candidate { hut_id, slug, organization, is_watched, last_check } = candidate;
        let (tier, interval, earliest) = match last_check.last_success_run {
            None => (Reason::New, TimeDelta::zero(), TimeDelta::zero()),
            Some(_) => policy.interval(&last_check),
        };
        let [interval, earliest] =
            [interval, earliest].map(|time| if is_watched { time.min(watched) } else { time });
        DueState {
            hut_id,
            slug,
            organization,
            tier,
            is_watched,
            last_check,
            interval,
            due_since: due_since(&last_check, earliest),
            overdue_since: due_since(&last_check, interval),
        }
    })
}

/// Since when a hut is due that may be polled after this time. `MIN_UTC` if it was never tried.
fn due_since(check: &LastCheck, earliest: TimeDelta) -> DateTime<Utc> {
    let by_interval = check.last_success_run.map(|run| run + earliest - GRACE);
    let wait = wait_after_failures(check.consecutive_failures);
    let by_failures = check.last_checked_run.zip(wait).map(|(run, wait)| run + wait - GRACE);
    by_interval.max(by_failures).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

fn wait_after_failures(failures: i32) -> Option<TimeDelta> {
    let doublings = u32::try_from(failures).ok()?.checked_sub(1)?;
    let factor = 2_i32.checked_pow(doublings).unwrap_or(i32::MAX);
    let wait = FIRST_WAIT_AFTER_FAILURE.checked_mul(factor);
    Some(wait.map_or(MAX_WAIT_AFTER_FAILURE, |wait| wait.min(MAX_WAIT_AFTER_FAILURE)))
}

impl DueState {
    /// Why the hut is polled once it is due.
    #[must_use]
    pub fn reason(&self) -> Reason {
        if self.is_watched && self.tier != Reason::New { Reason::Watched } else { self.tier }
    }

    fn is_ahead_of(&self, limit: DateTime<Utc>) -> bool {
        self.last_check.latest_instant() > Some(limit)
    }
}

/// The huts that a run polls which starts at `now`, in their order. With `max_ahead`, a hut with a stored instant that
/// is further in the future is selected, too, so that every run reports it.
///
/// With tiers these are all due huts: watched, high, new, medium, low, inactive, and within a tier the most overdue
/// first. The adaptive schedule polls watched huts, then as many others as are `spendable`: those at their longest
/// interval, new ones, then the most urgent.
#[must_use]
pub fn needing_update(
    candidates: Vec<Candidate>,
    now: DateTime<Utc>,
    schedule: &Schedule,
    spendable: &Spendable,
    max_ahead: Option<TimeDelta>,
) -> Vec<DueState> {
    let (future, states): (Vec<_>, Vec<_>) = due_states(candidates, schedule)
        .partition(|hut| max_ahead.is_some_and(|ahead| hut.is_ahead_of(now + ahead)));
    let due = states.into_iter().filter(|hut| hut.due_since <= now);
    match schedule {
        Schedule::Tiers(_) => {
            let mut due: Vec<DueState> = due.chain(future).collect();
            due.sort_by(by_tier);
            due
        }
        Schedule::Adaptive(_) => {
            let due = due.filter(|hut| !spendable.paused.contains(&hut.organization));
            let (mut watched, others): (Vec<_>, Vec<_>) = due.partition(|hut| hut.is_watched);
            watched.sort_by(by_tier);
            watched.extend(future);
            watched.extend(affordable(others, now, spendable.checks as usize));
            watched
        }
    }
}

fn by_tier(a: &DueState, b: &DueState) -> Ordering {
    (a.reason(), a.due_since, &a.slug).cmp(&(b.reason(), b.due_since, &b.slug))
}

/// As many of the due huts as can be polled by `checks`: those at their longest interval, then new huts by at most
/// half of the checks, because many at once would keep all others waiting, then the most urgent.
fn affordable(due: Vec<DueState>, now: DateTime<Utc>, checks: usize) -> Vec<DueState> {
    let (mut new, mut known): (Vec<_>, Vec<_>) =
        due.into_iter().partition(|hut| hut.tier == Reason::New);
    new.sort_by(by_tier);
    known.sort_by(|a, b| {
        let urgency = |hut: &DueState| urgency(&hut.last_check, now);
        urgency(b).total_cmp(&urgency(a)).then_with(|| a.slug.cmp(&b.slug))
    });
    let (mut chosen, others): (Vec<_>, Vec<_>) =
        known.into_iter().partition(|hut| is_at_longest(&hut.last_check, now));
    chosen.truncate(checks);
    new.truncate(checks.div_ceil(2).min(checks - chosen.len()));
    chosen.extend(new);
    let left = checks - chosen.len();
    chosen.extend(others.into_iter().take(left));
    chosen
}
