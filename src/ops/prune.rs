//! Pure: which data is old enough to remove, and in which steps.

pub mod database;

use std::ops::AddAssign;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::domain::day::start_of;

/// The maximum number of rows, of both tables together, that one step removes. This many take a few
/// milliseconds, during which a run may have to wait. A single date with more rows gets a step of its own.
pub const ROWS_IN_A_STEP: u64 = 2_000;

/// The shortest pause between two steps.
const MIN_PAUSE: Duration = Duration::from_millis(20);

/// The limits of what is old enough to remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongPast {
    /// Dates before this one.
    pub before: NaiveDate,
    /// Runs that started before this instant, at which that date begins.
    pub runs_before: DateTime<Utc>,
}

impl LongPast {
    /// The limits for everything more than `keep_days` days before `today`.
    #[must_use]
    pub fn new(today: NaiveDate, keep_days: u32, timezone: Tz) -> Self {
        let before = today.checked_sub_days(Days::new(keep_days.into()));
        let before = before.unwrap_or(NaiveDate::MIN);
        Self { before, runs_before: start_of(before, timezone) }
    }
}

/// The numbers of rows that were removed, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rows {
    /// Of `availability`.
    pub dates: u64,
    /// Of `availability_change`.
    pub entries: u64,
    /// Of `update_run`.
    pub runs: u64,
    /// Of `watch`: those whose last arrival is past, with all that belongs to them.
    pub watches: u64,
}

impl AddAssign for Rows {
    fn add_assign(&mut self, other: Self) {
        self.dates += other.dates;
        self.entries += other.entries;
        self.runs += other.runs;
        self.watches += other.watches;
    }
}

/// The last date of a hut's next step. `dates` are sorted, each with the number of its history entries. A step
/// takes as many dates as fit, and at least one.
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

/// How long to pause after a step: as long as it blocked other writers, so that a waiting writer soon gets its
/// turn.
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
    fn days_to_keep_count_backwards_from_today() {
        let zurich = chrono_tz::Europe::Zurich;
        let past = LongPast::new(july(10), 0, zurich);
        assert_eq!(past.before, july(10), "all past dates, but not today");
        assert_eq!(past.runs_before.to_string(), "2026-07-09 22:00:00 UTC");
        assert_eq!(LongPast::new(july(10), 9, zurich).before, july(1));
    }

    #[test]
    fn a_step_has_a_limited_number_of_rows_and_at_least_one_date() {
        assert_eq!(end_of_step(&[]), None);
        let dates =
            |entries: &[u64]| -> Vec<_> { (1..).map(july).zip(entries.iter().copied()).collect() };
        assert_eq!(end_of_step(&dates(&[1, 1, 1])), Some(july(3)));
        assert_eq!(end_of_step(&dates(&[998, 1_000, 1])), Some(july(2)), "2,000 rows");
        assert_eq!(end_of_step(&dates(&[999, 1_000, 1])), Some(july(1)), "2,001 rows are too many");
        assert_eq!(end_of_step(&dates(&[1_000_000, 1])), Some(july(1)), "a date is not split");
    }

    #[test]
    fn a_pause_is_as_long_as_the_step() {
        assert_eq!(pause(Duration::from_millis(3)), MIN_PAUSE);
        assert_eq!(pause(Duration::from_secs(1)), Duration::from_secs(1));
    }
}
