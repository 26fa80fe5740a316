//! The result of replays: what each schedule would have asked, and how true the stored nights would have been.

use serde::Serialize;

/// The results of a replay, side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReplayReport {
    pub schedules: Vec<ScheduleResult>,
}

/// What a schedule would have done. Shares are from 0 to 1, and null without an open night.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScheduleResult {
    /// `tiers`, `even` or `adaptive`
    pub schedule: &'static str,
    /// The budget: checks a day for each hut. Null for tiers, which have none
    pub checks_per_day: Option<f64>,
    /// Replayed huts, with their copies
    pub huts: usize,
    pub checks_per_hut_day: f64,
    /// The share of open nights, over time, whose stored state is true
    pub open_true: Option<f64>,
    /// The same with each night weighted by its interest
    pub weighted_true: Option<f64>,
    /// Hours from a place coming free until a check sees it
    pub freed_seen_hours_mean: Option<f64>,
    pub freed_seen_hours_p90: Option<f64>,
    /// By how much of its budget the worst day exceeds it, 0 if none does. Null without a budget
    pub worst_day_over_budget: Option<f64>,
    /// `open_true` as the program expects it, by the rates and the ages
    pub expected_true: Option<f64>,
    /// The changes of a week that the rates forecast, as a ratio to the changes that came
    pub forecast_ratio: Option<f64>,
    pub longest_interval_hours: Option<f64>,
    pub shortest_interval_hours: Option<f64>,
}

/// The mean of the results of one schedule with several seeds; of the worst day and the intervals, the extremes.
#[must_use]
pub fn mean(results: &[ScheduleResult]) -> Option<ScheduleResult> {
    let first = results.first()?;
    let number =
        |of: fn(&ScheduleResult) -> f64| results.iter().map(of).sum::<f64>() / results.len() as f64;
    let some = |of: fn(&ScheduleResult) -> Option<f64>| {
        let values: Vec<f64> = results.iter().filter_map(of).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let extreme = |of: fn(&ScheduleResult) -> Option<f64>, find: fn(f64, f64) -> f64| {
        results.iter().filter_map(of).reduce(find)
    };
    Some(ScheduleResult {
        schedule: first.schedule,
        checks_per_day: first.checks_per_day,
        huts: first.huts,
        checks_per_hut_day: number(|result| result.checks_per_hut_day),
        open_true: some(|result| result.open_true),
        weighted_true: some(|result| result.weighted_true),
        freed_seen_hours_mean: some(|result| result.freed_seen_hours_mean),
        freed_seen_hours_p90: some(|result| result.freed_seen_hours_p90),
        worst_day_over_budget: extreme(|result| result.worst_day_over_budget, f64::max),
        expected_true: some(|result| result.expected_true),
        forecast_ratio: some(|result| result.forecast_ratio),
        longest_interval_hours: extreme(|result| result.longest_interval_hours, f64::max),
        shortest_interval_hours: extreme(|result| result.shortest_interval_hours, f64::min),
    })
}
