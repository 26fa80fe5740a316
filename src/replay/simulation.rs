//! Runs of a schedule in virtual time.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::hut::{Measured, VirtualHut, hours};
use super::measure::Truth;
use super::world::Course;
use crate::domain::schedule::adaptive::needed_per_day;
use crate::domain::schedule::budget::{Daily, Leftover, allowance};
use crate::domain::schedule::{Candidate, Schedule, Spendable, needing_update};
use crate::domain::truth::untrue;
use crate::query::replay::ScheduleResult;

/// The time between two runs.
const SPACING: TimeDelta = TimeDelta::minutes(30);

/// The time over which the forecast of changes is compared with the changes.
const FORECAST: TimeDelta = TimeDelta::days(7);

/// A schedule in a replay.
#[derive(Clone, Debug)]
pub struct Policy {
    pub name: &'static str,
    pub schedule: Schedule,
    /// Checks a day for each hut, if the schedule has a budget.
    pub checks_per_day: Option<f64>,
}

/// Replays the courses, each `copies` times with other instants, under a schedule. `seed` decides the instants.
#[must_use]
pub fn replay(
    courses: &[Course],
    policy: &Policy,
    next_days: u64,
    copies: u32,
    seed: u64,
) -> ScheduleResult {
    let mut random = fastrand::Rng::with_seed(seed);
    let copied = (1..=copies).flat_map(|copy| courses.iter().map(move |course| (copy, course)));
    let huts = (1..).zip(copied).map(|(id, (copy, course))| {
        VirtualHut::new(id, format!("{}-{copy}", course.slug), course.draw(&mut random), next_days)
    });
    Simulation::new(huts.collect(), policy).run()
}

struct Simulation<'a> {
    huts: Vec<VirtualHut>,
    policy: &'a Policy,
    /// What the last run left over of the budget.
    leftover: Option<Leftover>,
    checks: u32,
    /// Hours of all huts together.
    hut_hours: f64,
    today: Today,
    worst_day: Option<f64>,
    /// Open nights that are expected to be untrue, and all, in hours.
    expected: (f64, f64),
    /// Changes of the next week: forecast and real.
    forecast: (f64, f64),
}

/// The day that passes.
#[derive(Clone, Copy, Debug, Default)]
struct Today {
    date: Option<NaiveDate>,
    checks: u32,
    budget: f64,
}

impl<'a> Simulation<'a> {
    fn new(huts: Vec<VirtualHut>, policy: &'a Policy) -> Self {
        Self {
            huts,
            policy,
            leftover: None,
            checks: 0,
            hut_hours: 0.0,
            today: Today::default(),
            worst_day: None,
            expected: (0.0, 0.0),
            forecast: (0.0, 0.0),
        }
    }

    fn run(mut self) -> ScheduleResult {
        let begin = self.huts.iter().map(VirtualHut::begin).min();
        let end = self.huts.iter().map(VirtualHut::end).max();
        if let (Some(begin), Some(end)) = (begin, end) {
            let mut at = begin;
            while at < end {
                self.step(at, end);
                at += SPACING;
            }
            self.end_day();
        }
        self.result()
    }

    /// One run, and the time until the next one.
    fn step(&mut self, at: DateTime<Utc>, end: DateTime<Utc>) {
        let known: Vec<usize> =
            (0..self.huts.len()).filter(|hut| self.huts[*hut].exists(at)).collect();
        if self.today.date != Some(at.date_naive()) {
            self.end_day();
            self.today = Today { date: Some(at.date_naive()), ..Today::default() };
            self.compare_forecast(at, end);
        }
        for hut in &known {
            self.huts[*hut].advance(at);
        }
        self.check(at, &known);
        let share = hours(SPACING) / 24.0 * known.len() as f64;
        self.hut_hours += hours(SPACING) * known.len() as f64;
        self.today.budget += self.policy.checks_per_day.unwrap_or_default() * share;
        for hut in known {
            let hut = &mut self.huts[hut];
            let check = &hut.candidate.last_check;
            if let (Some(age), open @ 1..) = (check.age(at + SPACING / 2), hut.open_nights()) {
                self.expected.0 += untrue(open, check.rate.per_hour(), age);
                self.expected.1 += f64::from(open);
            }
            hut.advance(at + SPACING);
        }
    }

    /// Checks the huts that the program would select.
    fn check(&mut self, at: DateTime<Utc>, known: &[usize]) {
        let candidates: Vec<Candidate> =
            known.iter().map(|hut| self.huts[*hut].candidate.clone()).collect();
        let schedule = &self.policy.schedule;
        let allowance = schedule.adaptive().map(|adaptive| {
            let needed = needed_per_day(candidates.iter().map(|hut| &hut.last_check));
            let daily = Daily { budget: adaptive.per_day(known.len()), needed };
            allowance(daily, self.leftover, self.today.checks, at)
        });
        let checks = allowance.map_or(0, |allowance| allowance.checks);
        let spendable = Spendable { checks, ..Spendable::default() };
        let due = needing_update(candidates, at, schedule, &spendable, None);
        for state in &due {
            // The IDs are the places in the list, from 1 on.
            self.huts[state.hut_id as usize - 1].check();
        }
        let made = u32::try_from(due.len()).unwrap_or(u32::MAX);
        self.checks += made;
        self.today.checks += made;
        self.leftover = allowance.map(|allowance| allowance.after(at, made));
    }

    fn end_day(&mut self) {
        let Today { date, checks, budget } = self.today;
        if date.is_some() && budget > 0.0 {
            // The sum of the day's shares is not exact.
            let over = f64::from(checks) / budget - 1.0;
            let over = if over < 1e-9 { 0.0 } else { over };
            self.worst_day = Some(self.worst_day.map_or(over, |worst| worst.max(over)));
        }
    }

    /// Adds the forecast of a week, of huts that are known for a week already.
    fn compare_forecast(&mut self, at: DateTime<Utc>, end: DateTime<Utc>) {
        for hut in &self.huts {
            if hut.begin() + FORECAST <= at && at + FORECAST <= hut.end().min(end) {
                self.forecast.0 += hut.candidate.last_check.rate.per_hour() * hours(FORECAST);
                self.forecast.1 += hut.changes(at, at + FORECAST) as f64;
            }
        }
    }

    fn result(self) -> ScheduleResult {
        let measured = || self.huts.iter().map(|hut| &hut.measured);
        let open: Truth = measured().map(|hut| hut.open).sum();
        let untrue: Truth = measured().map(|hut| hut.untrue).sum();
        let mut freed: Vec<f64> =
            measured().flat_map(|hut: &Measured| hut.freed_hours.iter().copied()).collect();
        freed.sort_by(f64::total_cmp);
        let mean = freed.iter().sum::<f64>() / freed.len().max(1) as f64;
        let share = |untrue: f64, open: f64| (open > 0.0).then(|| 1.0 - untrue / open);
        let is_any = !freed.is_empty();
        ScheduleResult {
            schedule: self.policy.name,
            checks_per_day: self.policy.checks_per_day,
            huts: self.huts.len(),
            checks_per_hut_day: f64::from(self.checks)
                / (self.hut_hours / 24.0).max(f64::MIN_POSITIVE),
            open_true: share(untrue.nights, open.nights),
            weighted_true: share(untrue.interest, open.interest),
            freed_seen_hours_mean: is_any.then_some(mean),
            freed_seen_hours_p90: freed.get(freed.len() * 9 / 10).copied(),
            worst_day_over_budget: self.worst_day,
            expected_true: share(self.expected.0, self.expected.1),
            forecast_ratio: (self.forecast.1 > 0.0).then(|| self.forecast.0 / self.forecast.1),
            longest_interval_hours: measured().filter_map(|hut| hut.longest).reduce(f64::max),
            shortest_interval_hours: measured().filter_map(|hut| hut.shortest).reduce(f64::min),
        }
    }
}

#[cfg(test)]
mod tests;
