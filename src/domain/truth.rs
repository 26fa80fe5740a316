//! Pure: how much of what is stored is expected to be true, by how often nights change and how old the checks are.
//!
//! Of `n` open nights of a hut that change `rate` times an hour, `n (1 - exp(-rate * age / n))` are expected to differ
//! from what was stored `age` hours ago, if each change falls on any of them. In the mean over an interval between
//! two checks, with `x = rate * interval / n`, that is `n (1 - (1 - exp(-x)) / x)`.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::schedule::DueState;

/// A hut whose stored nights may be untrue.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedHut {
    pub slug: String,
    /// The time since the last successful check.
    pub age: TimeDelta,
    /// Changed nights a day.
    pub changes_per_day: f64,
    /// Open nights: not closed, and with a known number of places.
    pub open: u32,
    /// Those of them that are expected to be untrue now.
    pub untrue: f64,
    pub due_since: DateTime<Utc>,
}

/// What is expected of all huts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    /// The share of open nights whose stored state is expected to be true now; none without an open night.
    pub now: Option<f64>,
    /// The same in the mean of a day.
    pub mean: Option<f64>,
    /// The huts with the most untrue nights, the first one the most.
    pub stalest: Vec<ExpectedHut>,
}

/// The number of huts that are named.
const STALEST: usize = 10;

impl Expected {
    /// What is expected at `now` of huts with a number of open nights each.
    #[must_use]
    pub fn new(huts: &[(&DueState, u32)], now: DateTime<Utc>) -> Self {
        let (mut open, mut untrue_now, mut untrue_mean) = (0.0, 0.0, 0.0);
        let mut stalest = Vec::new();
        for (hut, nights) in huts {
            let (Some(age), nights @ 1..) = (hut.last_check.age(now), *nights) else { continue };
            let rate = hut.last_check.rate;
            let untrue = untrue(nights, rate.per_hour(), age);
            open += f64::from(nights);
            untrue_now += untrue;
            untrue_mean += mean_untrue(nights, rate.per_hour(), hut.interval);
            stalest.push(ExpectedHut {
                slug: hut.slug.clone(),
                age,
                changes_per_day: rate.per_day(),
                open: nights,
                untrue,
                due_since: hut.due_since,
            });
        }
        stalest.sort_by(|a, b| b.untrue.total_cmp(&a.untrue).then_with(|| a.slug.cmp(&b.slug)));
        stalest.truncate(STALEST);
        let share = |untrue: f64| (open > 0.0).then(|| 1.0 - untrue / open);
        Self { now: share(untrue_now), mean: share(untrue_mean), stalest }
    }
}

/// The number of nights that are expected to be untrue some time after a check.
#[must_use]
pub fn untrue(open: u32, changes_per_hour: f64, age: TimeDelta) -> f64 {
    let open = f64::from(open);
    -open * (-changes(changes_per_hour, age) / open).exp_m1()
}

/// The same in the mean over an interval.
#[must_use]
pub fn mean_untrue(open: u32, changes_per_hour: f64, interval: TimeDelta) -> f64 {
    let open = f64::from(open);
    let x = changes(changes_per_hour, interval) / open;
    // The difference of nearly equal numbers would lose all digits.
    if x < 1e-6 { open * x / 2.0 } else { open * (1.0 + (-x).exp_m1() / x) }
}

fn changes(per_hour: f64, time: TimeDelta) -> f64 {
    per_hour * time.num_milliseconds().max(0) as f64 / 3_600_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_changes_make_as_many_untrue_nights_and_many_make_all() {
        let close = |a: f64, b: f64| (a - b).abs() < 0.01 * b;
        assert!(close(untrue(1000, 0.5, TimeDelta::hours(4)), 2.0));
        assert!(close(untrue(10, 50.0, TimeDelta::hours(4)), 10.0));
        assert!(close(mean_untrue(1000, 0.5, TimeDelta::hours(4)), 1.0));
        assert!(close(mean_untrue(10, 500.0, TimeDelta::hours(40)), 10.0));
        assert_eq!(untrue(10, 0.5, TimeDelta::hours(-1)), 0.0);
        assert_eq!(mean_untrue(10, 0.5, TimeDelta::zero()), 0.0);
    }

    #[test]
    fn the_mean_is_the_mean_over_the_interval() {
        let steps = 1000;
        let at = |step: i32| untrue(20, 3.0, TimeDelta::minutes(8 * 60) * step / steps);
        let mean = (0..steps).map(at).sum::<f64>() / f64::from(steps);
        assert!((mean - mean_untrue(20, 3.0, TimeDelta::hours(8))).abs() < 0.05, "{mean}");
    }
}
