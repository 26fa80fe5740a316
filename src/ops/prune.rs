//! Pure: what is long past, and in which steps it goes.

pub mod database;

use std::ops::AddAssign;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::domain::day::start_of;

/// Rows that one step removes, of both tables together: as many take a few milliseconds, for which a
/// run may have to wait. A single date with more goes in a step of its own.
pub const ROWS_IN_A_STEP: u64 = 2_000;

/// The least time between two steps.
const MIN_PAUSE: Duration = Duration::from_millis(20);

/// What is old enough to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongPast {
    /// Dates before this one.
    pub before: NaiveDate,
    /// Runs that started before this instant, which is when that date began.
    pub runs_before: DateTime<Utc>,
}

impl LongPast {
    /// More than `keep_days` days before `today`.
    #[must_use]
    pub fn new(today: NaiveDate, keep_days: u32, timezone: Tz) -> Self {
        let before = today.checked_sub_days(Days::new(keep_days.into()));
        let before = before.unwrap_or(NaiveDate::MIN);
        Self { before, runs_before: start_of(before, timezone) }
    }
}

/// Rows that went, or would go, of each table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rows {
    /// Of `availability`.
    pub dates: u64,
    /// Of `availability_change`.
    pub entries: u64,
    /// Of `update_run`.
    pub runs: u64,
}

impl AddAssign for Rows {
    fn add_assign(&mut self, other: Self) {
        self.dates += other.dates;
        self.entries += other.entries;
        self.runs += other.runs;
    }
}

/// The last date of a hut's next step: of the dates in their order, each with the number of its
/// entries, as many as fit, and at least one.
#[must_use]
pub fn end_of_step(dates: &[(NaiveDate, u64)]) -> Option<NaiveDate> {
    let mut rows = 0;
    let fits = |(_, entries): &&(NaiveDate, u64)| {
        rows += 1 + entries;
        rows <= ROWS_IN_A_STEP
    };
    let last = dates.iter().take_while(fits).last().or(dates.first());
    last.map(|(date, _)| *date)
}

/// How long to let others write after a step: as long as it kept them from it, so that whoever waits
/// soon finds a gap.
#[must_use]
pub fn pause(step: Duration) -> Duration {
    step.max(MIN_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn july(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
    }

    #[test]
    fn days_are_kept_from_today_backwards() {
        let zurich = chrono_tz::Europe::Zurich;
        let past = LongPast::new(july(10), 0, zurich);
        assert_eq!(past.before, july(10), "all that is past, and not today");
        assert_eq!(past.runs_before.to_string(), "2026-07-09 22:00:00 UTC");
        assert_eq!(LongPast::new(july(10), 9, zurich).before, july(1));
    }

    #[test]
    fn a_step_is_bounded_by_rows_and_has_a_date() {
        assert_eq!(end_of_step(&[]), None);
        let dates =
            |entries: &[u64]| -> Vec<_> { (1..).map(july).zip(entries.iter().copied()).collect() };
        assert_eq!(end_of_step(&dates(&[1, 1, 1])), Some(july(3)));
        assert_eq!(end_of_step(&dates(&[998, 1_000, 1])), Some(july(2)), "2,000 rows");
        assert_eq!(end_of_step(&dates(&[999, 1_000, 1])), Some(july(1)), "one more");
        assert_eq!(end_of_step(&dates(&[1_000_000, 1])), Some(july(1)), "a date is not parted");
    }

    #[test]
    fn others_have_as_much_time_as_the_steps() {
        assert_eq!(pause(Duration::from_millis(3)), MIN_PAUSE);
        assert_eq!(pause(Duration::from_secs(1)), Duration::from_secs(1));
    }
}
