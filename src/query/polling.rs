//! How the huts are polled: the schedule, its budget, and how much of what is stored is expected to be true.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::schedule::Schedule;
use crate::domain::schedule::budget::Budget;
use crate::domain::truth::{Expected, ExpectedHut};

/// How the huts are polled.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Polling {
    /// `tiers` or `adaptive`
    pub schedule: &'static str,
    /// Only the adaptive schedule has one
    pub budget: Option<BudgetStatus>,
    /// The share of open nights whose stored state is expected to be true now, 0 to 1. Null without open nights
    pub expected_true: Option<f64>,
    /// The same in the mean of a day
    pub expected_true_mean: Option<f64>,
    /// The huts with the most nights that are expected to be untrue
    pub stalest: Vec<StaleHut>,
}

/// The budget of checks of all followed huts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BudgetStatus {
    /// Checks a day
    pub per_day: f64,
    /// Checks of the runs that have started today
    pub spent_today: u32,
    /// Checks that a run might make now
    pub available: u32,
    /// Checks a day that the longest intervals of the huts need
    pub needed_per_day: f64,
    /// The least `--checks-per-day` that suffices for the longest intervals. Null if the budget does
    pub needed_per_hut: Option<f64>,
}

/// A hut whose stored nights may be untrue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StaleHut {
    pub slug: String,
    /// Seconds since its last successful check
    pub age_seconds: i64,
    /// Nights that change in a day
    pub changes_per_day: f64,
    /// Nights that are not closed and whose places are known
    pub open_nights: u32,
    /// Those of them that are expected to be untrue
    pub untrue_nights: f64,
    /// Since when, or from when on, the hut is due
    pub due: DateTime<Utc>,
}

/// How much of what is stored is expected to be true, in percent of the open nights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    pub now_percent: f64,
    /// In the mean of a day
    pub mean_percent: f64,
}

impl Polling {
    /// None without open nights.
    #[must_use]
    pub fn accuracy(&self) -> Option<Accuracy> {
        let (now, mean) = self.expected_true.zip(self.expected_true_mean)?;
        Some(Accuracy { now_percent: now * 100.0, mean_percent: mean * 100.0 })
    }

    #[must_use]
    pub fn new(schedule: &Schedule, budget: Option<&Budget>, expected: Expected) -> Self {
        Self {
            schedule: match schedule {
                Schedule::Tiers(_) => "tiers",
                Schedule::Adaptive(_) => "adaptive",
            },
            budget: budget.map(|budget| BudgetStatus {
                per_day: budget.allowance.per_day,
                spent_today: budget.allowance.spent_today,
                available: budget.allowance.checks,
                needed_per_day: budget.daily.needed,
                needed_per_hut: budget.shortfall(),
            }),
            expected_true: expected.now,
            expected_true_mean: expected.mean,
            stalest: expected.stalest.into_iter().map(StaleHut::from).collect(),
        }
    }
}

impl From<ExpectedHut> for StaleHut {
    fn from(hut: ExpectedHut) -> Self {
        Self {
            slug: hut.slug,
            age_seconds: hut.age.num_seconds(),
            changes_per_day: hut.changes_per_day,
            open_nights: hut.open,
            untrue_nights: hut.untrue,
            due: hut.due_since,
        }
    }
}

/// What to do about a budget that does not suffice for the longest intervals.
#[must_use]
pub fn shortfall(budget: &Budget) -> Option<String> {
    let needed = budget.shortfall()?;
    let (per_day, huts, needed_per_day) = (budget.daily.budget, budget.huts, budget.daily.needed);
    Some(format!(
        "the budget of {per_day:.1} checks a day for {huts} huts is less than the {needed_per_day:.1} that their longest \
         intervals need (a day, or a week without a known night), so huts wait longer: raise --checks-per-day to \
         {needed:.2} or more"
    ))
}
