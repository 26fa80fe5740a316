//! How many checks a run of the adaptive schedule may make.
//!
//! The budget accrues evenly. A run may spend what has accrued since the run before and what that left over, up to
//! the shares of two runs; fractions carry over. A day never has more than its budget, but for a twentieth.

use chrono::{DateTime, TimeDelta, Utc};

/// The usual time between two runs. Runs that follow each other faster keep the leftovers of this time.
const USUAL_SPACING: TimeDelta = TimeDelta::minutes(30);

/// How much more than its budget a day may have.
const DAILY_TOLERANCE: f64 = 1.05;

/// Sums of fractions may miss a whole check by this much.
const ROUNDING: f64 = 1e-6;

/// What a run left over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leftover {
    /// When that run started.
    pub at: DateTime<Utc>,
    /// In checks. Below 0 if the run spent more than had accrued.
    pub checks: f64,
}

/// What a run may spend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowance {
    /// The checks that the run may make.
    pub checks: u32,
    /// What has accrued, with its fraction.
    pub accrued: f64,
    /// The checks of the runs that have started since the day began.
    pub spent_today: u32,
    /// The budget of a day.
    pub per_day: f64,
}

/// The budget of all followed huts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    pub allowance: Allowance,
    /// The followed huts.
    pub huts: usize,
    pub daily: Daily,
}

impl Budget {
    /// The checks a day for each hut that would suffice, if the budget does not even suffice for the longest
    /// intervals.
    #[must_use]
    pub fn shortfall(&self) -> Option<f64> {
        let Daily { budget, needed } = self.daily;
        (needed > budget + ROUNDING).then(|| (needed / self.huts as f64 * 100.0).ceil() / 100.0)
    }
}

impl Allowance {
    /// What is left over at `now` by a run that makes this many checks.
    #[must_use]
    pub fn after(&self, now: DateTime<Utc>, checks: u32) -> Leftover {
        Leftover { at: now, checks: self.accrued - f64::from(checks) }
    }
}

/// The checks a day of all followed huts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Daily {
    /// The budget.
    pub budget: f64,
    /// What the longest intervals of the huts need.
    pub needed: f64,
}

/// What a run that starts `now` may spend. `last` is what the last run left over; runs that started in the future, by a
/// clock that was wrong, are none.
///
/// The first run may spend what a day has to spare, so that it can poll all huts at once, and later runs wait until
/// that has accrued.
#[must_use]
pub fn allowance(
    daily: Daily,
    last: Option<Leftover>,
    spent_today: u32,
    now: DateTime<Utc>,
) -> Allowance {
    let per_day = daily.budget;
    let (accrued, available) = match last {
        None => (1.0, (per_day - daily.needed).max(1.0)),
        Some(last) => {
            let accrued = accrue(last.checks, per_day, now - last.at);
            (accrued, accrued)
        }
    };
    let max_today = per_day.ceil().max((per_day * DAILY_TOLERANCE).floor());
    let left_today = max_today - f64::from(spent_today);
    // A conversion of a negative number gives 0.
    let checks = (available + ROUNDING).floor().min(left_today) as u32;
    Allowance { checks, accrued, spent_today, per_day }
}

/// What may be spent after a time: at most the shares of two runs, or a whole check and the share of one.
fn accrue(left: f64, per_day: f64, time: TimeDelta) -> f64 {
    let share = |time: TimeDelta| per_day * time.num_milliseconds() as f64 / 86_400_000.0;
    let share_of_a_run = share(time.max(USUAL_SPACING));
    let max = share_of_a_run + share_of_a_run.max(1.0);
    (left + share(time.max(TimeDelta::zero()))).min(max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    /// Huts that need a quarter of the budget.
    fn daily(budget: f64) -> Daily {
        Daily { budget, needed: budget / 4.0 }
    }

    /// Runs every `spacing` minutes that spend all that they may. Returns what each spent.
    fn spend(per_day: f64, spacing: i64, runs: i64) -> Vec<u32> {
        let (mut last, mut spent, mut today) = (None, Vec::new(), 0);
        for run in 0..runs {
            let minutes = run * spacing;
            if run > 0 && minutes / 1440 > (minutes - spacing) / 1440 {
                today = 0;
            }
            let allowance = allowance(daily(per_day), last, today, at(minutes));
            last = Some(allowance.after(at(minutes), allowance.checks));
            today += allowance.checks;
            spent.push(allowance.checks);
        }
        spent
    }

    #[test]
    fn each_day_gets_its_budget() {
        let cases =
            [(4.0, 30), (8.0, 30), (1.0, 30), (2668.0, 30), (700.0, 15), (7.3, 10), (4.53, 30)];
        for (per_day, spacing) in cases {
            let runs_a_day = 1440 / spacing;
            let spent = spend(per_day, spacing, runs_a_day * 20);
            for (day, runs) in spent.chunks_exact(runs_a_day as usize).enumerate() {
                let sum: u32 = runs.iter().sum();
                let max = (per_day * 1.05).ceil();
                assert!(f64::from(sum) <= max, "{per_day} every {spacing}: day {day} has {sum}");
            }
            let all: u32 = spent.iter().sum();
            let missing = per_day * 20.0 - f64::from(all);
            assert!((-1.0..=per_day / 20.0 + 1.0).contains(&missing), "{per_day}: {all}");
        }
    }

    #[test]
    fn fractions_carry_over_and_the_first_run_is_made_up_for() {
        // Four checks a day: the first run makes the three that the day has to spare, one of which had accrued. Later
        // ones follow every six hours.
        let spent = spend(4.0, 30, 48 * 2);
        let runs: Vec<_> = (1..spent.len()).filter(|run| spent[*run] > 0).collect();
        assert_eq!((spent[0], &runs[..]), (3, &[36, 48, 60, 72, 84][..]));
        let last = Some(Leftover { at: at(0), checks: -100.0 });
        let allowed = |minutes| allowance(daily(480.0), last, 0, at(minutes)).checks;
        assert_eq!((allowed(30), allowed(299), allowed(303), allowed(330)), (0, 0, 1, 10));
    }

    #[test]
    fn the_first_run_spends_only_what_the_day_can_spare() {
        let of = |budget, needed| allowance(Daily { budget, needed }, None, 0, at(0)).checks;
        assert_eq!(
            (of(400.0, 100.0), of(150.0, 100.0), of(100.0, 100.0), of(50.0, 100.0)),
            (300, 50, 1, 1)
        );
    }

    #[test]
    fn leftovers_are_limited_to_the_shares_of_two_runs() {
        let last = Some(Leftover { at: at(0), checks: 15.0 });
        let allowed = |minutes| allowance(daily(480.0), last, 0, at(minutes)).checks;
        assert_eq!((allowed(0), allowed(1), allowed(30), allowed(300)), (15, 15, 20, 115));
    }

    #[test]
    fn a_day_that_has_spent_its_budget_gets_no_more() {
        let last = Some(Leftover { at: at(0), checks: 15.0 });
        let allowed = |spent_today| allowance(daily(480.0), last, spent_today, at(30)).checks;
        assert_eq!((allowed(480), allowed(500), allowed(504), allowed(900)), (20, 4, 0, 0));
    }
}
