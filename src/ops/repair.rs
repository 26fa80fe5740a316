//! Pure: how to mend stored data that breaks a rule, wherever there is one right way.
//!
//! A wrong clock leaves instants in the future, and a machine that was suspended leaves dates marked as listed that
//! no check lists. What has more than one right way, such as a gap in a history, stays as it is: `verify` names it.

pub mod database;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::Serialize;

use crate::db::check::{HutCheck, Listed};
use crate::db::timestamp::Timestamp;
use crate::domain::diff::StoredDay;
use crate::ops::verify::listed::contradictions;
use crate::runtime::clock::MAX_DIFFERENCE;

/// The start of a run in the future becomes this much before now: longer than every interval, so that the hut is due.
const LONG_AGO: TimeDelta = TimeDelta::days(8);

/// What was mended, or would be, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Repaired {
    /// Huts with anything to mend.
    pub huts: u64,
    /// Instants in the future, which become the time of the repair. They keep their order.
    pub future_instants: u64,
    /// Dates that were marked as listed, although the last successful check did not ask for them.
    pub listed_dates: u64,
    /// Dates whose mark as withdrawn was wrong.
    pub withdrawn_dates: u64,
    /// Summaries (digest, counts, tier) of what a hut's last check listed. The next check computes them anew.
    pub summaries: u64,
    /// Runs in the log, their leases, and reserved request times that lie in the future.
    pub run_times: u64,
}

impl std::ops::AddAssign for Repaired {
    fn add_assign(&mut self, other: Self) {
        self.huts += other.huts;
        self.future_instants += other.future_instants;
        self.listed_dates += other.listed_dates;
        self.withdrawn_dates += other.withdrawn_dates;
        self.summaries += other.summaries;
        self.run_times += other.run_times;
    }
}

/// A stored date, as far as it can be mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub day: StoredDay,
    /// When the latest entry of the date began.
    pub entry_from: Timestamp,
}

/// How to mend one hut.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The instants in the future, in their order, and what they become.
    pub instants: Vec<(Timestamp, Timestamp)>,
    /// The row of `hut_check`, if it changes.
    pub check: Option<HutCheck>,
    /// Dates that are not listed, and when a check last listed them.
    pub unlist: Vec<(NaiveDate, Timestamp)>,
    /// Dates that are withdrawn, or are not.
    pub withdrawn: Vec<(NaiveDate, bool)>,
    pub repaired: Repaired,
}

impl Plan {
    /// How to mend a hut with this last check and these dates. `future` are all stored instants of the hut's dates
    /// that are in the future; `latest` is the latest of the others.
    #[must_use]
    pub fn new(
        check: &HutCheck,
        rows: &BTreeMap<NaiveDate, Row>,
        future: &[Timestamp],
        latest: Option<Timestamp>,
        now: DateTime<Utc>,
    ) -> Self {
        let instants = moved(future, latest, now);
        let mut mended = check.clone();
        let move_one = |at: &mut Option<Timestamp>| {
            let moved = instants.iter().find(|(from, _)| Some(*from) == *at);
            *at = moved.map(|(_, to)| *to).or(*at);
        };
        for at in [
            &mut mended.last_checked,
            &mut mended.last_success,
            &mut mended.failing_since,
            &mut mended.listed.listed_at,
        ] {
            move_one(at);
        }
        for run in [&mut mended.last_checked_run, &mut mended.last_success_run] {
            if run.is_some_and(|run| is_future(run, now)) {
                *run = Some((now - LONG_AGO).into());
            }
        }
        let mut plan = Self { instants, ..Self::default() };
        plan.mend_dates(&mended, rows);
        let mut summaries = 0;
        if !contradictions(&mended.listed, &plan.listed_after(rows)).is_empty() {
            mended.listed = Listed::default();
            mended.validators = Default::default();
            summaries = 1;
        }
        plan.check = (mended != *check).then_some(mended);
        let has_anything = plan.check.is_some()
            || !(plan.instants.is_empty() && plan.unlist.is_empty() && plan.withdrawn.is_empty());
        plan.repaired = Repaired {
            huts: u64::from(has_anything),
            future_instants: plan.instants.len() as u64,
            listed_dates: plan.unlist.len() as u64,
            withdrawn_dates: plan.withdrawn.len() as u64,
            summaries,
            run_times: 0,
        };
        plan
    }

    /// Compares the marks of the dates with the range of dates that the last successful check asked for.
    fn mend_dates(&mut self, check: &HutCheck, rows: &BTreeMap<NaiveDate, Row>) {
        let Some(success) = check.last_success else { return };
        let is_summarized = check.listed.listed_at == check.last_success;
        let range = check.listed.range_from.zip(check.listed.range_until);
        let range = range.filter(|_| is_summarized);
        let success_at = DateTime::<Utc>::from(success);
        for (&date, row) in rows {
            let is_in_range = match range {
                Some((from, until)) => (from..=until).contains(&date),
                // Checks list dates from the day before theirs (UTC) on.
                None => date >= success_at.date_naive() - Days::new(1),
            };
            let mut is_listed = row.day.is_listed;
            if is_listed && !is_in_range {
                let entry_from = self.moved_to(row.entry_from);
                // The last check that listed the date was made before the date was over.
                let end =
                    date.succ_opt().unwrap_or(date).and_time(chrono::NaiveTime::MIN).and_utc();
                let before = success_at - TimeDelta::microseconds(1);
                let until = Timestamp::from(end.min(before)).max(entry_from);
                if until < success {
                    self.unlist.push((date, until));
                    is_listed = false;
                }
            }
            let is_withdrawn = match range {
                _ if is_listed => false,
                Some(_) if is_in_range => true,
                _ => row.day.withdrawn,
            };
            if is_withdrawn != row.day.withdrawn {
                self.withdrawn.push((date, is_withdrawn));
            }
        }
    }

    fn moved_to(&self, at: Timestamp) -> Timestamp {
        self.instants.iter().find(|(from, _)| *from == at).map_or(at, |(_, to)| *to)
    }

    /// The dates that are listed after the repair.
    fn listed_after(&self, rows: &BTreeMap<NaiveDate, Row>) -> BTreeMap<NaiveDate, StoredDay> {
        let is_unlisted = |date: &NaiveDate| self.unlist.iter().any(|(other, _)| other == date);
        let listed = rows.iter().filter(|(date, row)| row.day.is_listed && !is_unlisted(date));
        listed.map(|(date, row)| (*date, row.day.clone())).collect()
    }
}

/// Whether an instant is in the future.
#[must_use]
pub fn is_future(at: Timestamp, now: DateTime<Utc>) -> bool {
    DateTime::<Utc>::from(at) > now + MAX_DIFFERENCE
}

/// Moves instants to now, a microsecond apart, so that they keep their order and stay after all others.
fn moved(
    future: &[Timestamp],
    latest: Option<Timestamp>,
    now: DateTime<Utc>,
) -> Vec<(Timestamp, Timestamp)> {
    let mut future = future.to_vec();
    future.sort_unstable();
    future.dedup();
    let step = |number: usize| TimeDelta::microseconds(number as i64);
    let first = now - step(future.len());
    let first = latest.map_or(first, |latest| first.max(DateTime::<Utc>::from(latest)));
    let to = (1..).map(|number| Timestamp::from(first + step(number)));
    future.into_iter().zip(to).collect()
}

#[cfg(test)]
mod tests;
