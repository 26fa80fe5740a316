//! The policy that spends a budget of checks where change that matters is likely.
//!
//! What is stored of a hut becomes wrong at its rate of change `R`, so that the mean error between two checks grows
//! with `R` times the interval. For a fixed number of checks, the sum of these errors is smallest if the intervals
//! are as `1 / sqrt(R)`: a hut is due when `R * age^2 >= K^2`. `K` is the same for all huts, and is chosen so that
//! their checks make up the budget. Where the budget allows it, huts are polled earlier, the most urgent ones first.

use chrono::{DateTime, TimeDelta, Utc};

use super::{GRACE, Intervals, LastCheck};
use crate::domain::tier::Tier;

/// The shortest and the longest time between two checks of a hut.
const MIN_INTERVAL: TimeDelta = TimeDelta::minutes(30);
const MAX_INTERVAL: TimeDelta = TimeDelta::hours(24);

/// The longest one of a hut without a known listed date.
const MAX_INACTIVE_INTERVAL: TimeDelta = TimeDelta::days(7);

/// A hut may be polled after this part of its interval, if the budget allows it and no hut is more urgent. If huts
/// became due exactly at the pace of the budget, a seventh of it would lapse, because each check waits for the next run
/// and for a whole check of the budget. What is spent is limited by the budget itself.
const EARLIEST: f64 = 0.5;

/// A budget of checks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adaptive {
    /// Checks a day for each followed hut, in the mean. Above 0.
    pub checks_per_day: f64,
    /// The interval of watched huts, which the budget does not limit.
    pub watched: TimeDelta,
}

impl Adaptive {
    pub(super) fn max_intervals(&self) -> Intervals {
        Intervals { inactive: MAX_INACTIVE_INTERVAL, ..Intervals::all(MAX_INTERVAL) }
    }

    /// The checks a day of this many huts together.
    #[must_use]
    pub fn per_day(&self, huts: usize) -> f64 {
        self.checks_per_day * huts as f64
    }

    /// The intervals of huts with these last checks.
    #[must_use]
    pub fn pace<'a>(&self, checks: impl Iterator<Item = &'a LastCheck>) -> Pace {
        let huts: Vec<Hut> =
            checks.filter(|check| check.last_success_run.is_some()).map(Hut::of).collect();
        Pace::new(&huts, self.per_day(huts.len()))
    }
}

/// The checks a day that the longest intervals of these huts need, if none changes at all.
#[must_use]
pub fn needed_per_day<'a>(checks: impl Iterator<Item = &'a LastCheck>) -> f64 {
    let needed = |check: &LastCheck| {
        // A hut that was never checked may have known dates.
        let is_known = check.last_success_run.is_some();
        let max = if is_known { max_interval(check) } else { MAX_INTERVAL };
        24.0 / hours(max)
    };
    checks.map(needed).sum()
}

/// Whether a hut has waited for its longest interval.
#[must_use]
pub fn is_at_longest(check: &LastCheck, now: DateTime<Utc>) -> bool {
    check.age(now).is_some_and(|age| age >= max_interval(check) - GRACE)
}

/// `R * age^2`: the larger, the more it is worth to poll the hut now.
#[must_use]
pub fn urgency(check: &LastCheck, now: DateTime<Utc>) -> f64 {
    let age = check.age(now).map_or(f64::MAX.sqrt(), hours);
    check.rate.weighted_per_hour() * age * age
}

/// The number `K`, in hours times the root of changes an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace(f64);

impl Pace {
    /// The number for which the checks of all huts add up to `per_day`; the nearest one if their shortest or longest
    /// intervals make that impossible.
    fn new(huts: &[Hut], per_day: f64) -> Self {
        let checks = |k: f64| huts.iter().map(|hut| 24.0 / hut.interval(k)).sum::<f64>();
        // The bounds at which each hut has its shortest and its longest interval.
        let root =
            |find: fn(f64, f64) -> f64, start| huts.iter().map(|hut| hut.root).fold(start, find);
        let mut low = hours(MIN_INTERVAL) * root(f64::min, f64::MAX).min(1.0);
        let mut high = hours(MAX_INACTIVE_INTERVAL) * root(f64::max, 1.0);
        // Halves the ratio of the bounds each time, until they are equal to the last digits.
        for _ in 0..60 {
            let middle = (low * high).sqrt();
            if checks(middle) > per_day { low = middle } else { high = middle }
        }
        Self(high)
    }

    /// The time between two checks of a hut, in the mean.
    #[must_use]
    pub fn interval(&self, check: &LastCheck) -> TimeDelta {
        let seconds = Hut::of(check).interval(self.0) * 3600.0;
        // At most a week.
        TimeDelta::seconds(seconds.round() as i64)
    }

    /// The time after which a hut may be polled again.
    #[must_use]
    pub fn earliest(&self, check: &LastCheck) -> TimeDelta {
        let hours = hours(self.interval(check)) * EARLIEST;
        TimeDelta::seconds((hours * 3600.0).round() as i64).max(MIN_INTERVAL)
    }
}

/// What decides the interval of a hut.
struct Hut {
    /// The root of its rate of change.
    root: f64,
    max_hours: f64,
}

impl Hut {
    fn of(check: &LastCheck) -> Self {
        Self { root: check.rate.weighted_per_hour().sqrt(), max_hours: hours(max_interval(check)) }
    }

    fn interval(&self, k: f64) -> f64 {
        (k / self.root).clamp(hours(MIN_INTERVAL), self.max_hours)
    }
}

fn max_interval(check: &LastCheck) -> TimeDelta {
    if check.tier == Tier::Inactive { MAX_INACTIVE_INTERVAL } else { MAX_INTERVAL }
}

fn hours(time: TimeDelta) -> f64 {
    time.num_milliseconds() as f64 / 3_600_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change_rate::ChangeRate;

    fn check(interest: f64, tier: Tier) -> LastCheck {
        let rate = ChangeRate { interest, nights: interest, hours: 240.0 };
        let run = Some(DateTime::UNIX_EPOCH);
        LastCheck {
            last_checked: run,
            last_checked_run: run,
            last_success_run: run,
            consecutive_failures: 0,
            tier,
            rate,
        }
    }

    fn adaptive(checks_per_day: f64) -> Adaptive {
        Adaptive { checks_per_day, watched: TimeDelta::minutes(30) }
    }

    #[test]
    fn the_intervals_use_up_the_budget() {
        let checks: Vec<_> = (0..100).map(|hut| check(f64::from(hut * hut), Tier::Low)).collect();
        for per_day in [1.5, 4.0, 16.0] {
            let pace = adaptive(per_day).pace(checks.iter());
            let sum: f64 = checks.iter().map(|check| 24.0 / hours(pace.interval(check))).sum();
            assert!((sum / 100.0 / per_day - 1.0).abs() < 0.01, "{per_day}: {sum}");
        }
    }

    #[test]
    fn a_hut_that_changes_four_times_as_often_is_polled_twice_as_often() {
        let checks = [check(10.0, Tier::Low), check(44.8, Tier::High)];
        let rates = checks.map(|check| check.rate.weighted_per_hour());
        assert!((rates[1] / rates[0] - 4.1).abs() < 0.1, "{rates:?}");
        let pace = adaptive(4.0).pace(checks.iter());
        let [slow, fast] = checks.map(|check| hours(pace.interval(&check)));
        assert!((slow / fast - (rates[1] / rates[0]).sqrt()).abs() < 0.01, "{slow} {fast}");
    }

    #[test]
    fn intervals_are_never_shorter_than_half_an_hour_or_longer_than_a_day() {
        let checks = [check(0.0, Tier::Low), check(1e6, Tier::High), check(0.0, Tier::Inactive)];
        let of = |per_day| {
            let pace = adaptive(per_day).pace(checks.iter());
            checks.map(|check| pace.interval(&check))
        };
        assert_eq!(of(1000.0), [TimeDelta::minutes(30); 3]);
        assert_eq!(of(1e-3)[0], TimeDelta::hours(24));
        assert_eq!(of(1e-3)[2], TimeDelta::days(7));
        assert!((needed_per_day(checks.iter()) - (2.0 + 1.0 / 7.0)).abs() < 1e-9);
    }

    #[test]
    fn huts_that_were_never_polled_do_not_count() {
        let new = LastCheck { last_success_run: None, ..check(0.0, Tier::Inactive) };
        let known = check(5.0, Tier::Low);
        let pace = adaptive(4.0).pace([new, known].iter());
        assert_eq!(pace, adaptive(4.0).pace([known].iter()));
    }
}
