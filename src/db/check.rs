//! `hut_check`: the last check of each hut, one row per hut.

mod columns;
mod confirm;

use chrono::{DateTime, NaiveDate};
use diesel::prelude::*;

pub use self::columns::{Listed, RateRow, ValidatorsRow};
pub use self::confirm::{confirm, confirm_cached};
use super::connection::Db;
use super::guard::{Guard, Holds};
use super::prepared;
use super::room_changed::RoomChanged;
use super::schema::hut_check;
use super::timestamp::Timestamp;
use crate::domain::change_rate::ChangeRate;
use crate::domain::schedule::Observed;

/// The last check of a hut.
#[derive(Clone, Debug, Default, PartialEq, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = hut_check, treat_none_as_null = true)]
pub struct HutCheck {
    pub last_checked: Option<Timestamp>,
    pub last_checked_run: Option<Timestamp>,
    pub last_success: Option<Timestamp>,
    pub last_success_run: Option<Timestamp>,
    pub has_data: bool,
    /// The number of answers in a row that listed no date. Failures without an answer do not count.
    pub empty_answers: i32,
    pub consecutive_failures: i32,
    pub last_error: Option<String>,
    /// Time of the first failure since the last success.
    pub failing_since: Option<Timestamp>,
    #[diesel(embed)]
    pub listed: Listed,
    #[diesel(embed)]
    pub validators: ValidatorsRow,
    #[diesel(embed)]
    pub rate: RateRow,
}

/// A run's attempt on a hut: when the site's answer had arrived (or was given up), and when the run had
/// started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub at: Timestamp,
    pub run_started: Timestamp,
}

impl HutCheck {
    /// Whether a check at `at` is too old to be written: the same check or a newer one is stored.
    #[must_use]
    pub fn is_newer_than(&self, at: Timestamp) -> bool {
        self.last_checked > Some(at) || self.last_success >= Some(at)
    }

    /// Whether this check was stored by the attempt.
    #[must_use]
    pub fn is_from(&self, attempt: Attempt) -> bool {
        self.last_checked == Some(attempt.at) && self.last_checked_run == Some(attempt.run_started)
    }

    /// The observations up to the last successful check.
    #[must_use]
    pub fn observed(&self) -> Observed {
        Observed { rate: self.rate.into(), until: self.last_success.map(DateTime::from) }
    }

    /// The row after a check that listed dates.
    #[must_use]
    pub fn succeeded(
        attempt: Attempt,
        listed: Listed,
        validators: ValidatorsRow,
        rate: ChangeRate,
    ) -> Self {
        Self {
            last_checked: Some(attempt.at),
            last_checked_run: Some(attempt.run_started),
            last_success: Some(attempt.at),
            last_success_run: Some(attempt.run_started),
            has_data: true,
            empty_answers: 0,
            consecutive_failures: 0,
            last_error: None,
            failing_since: None,
            listed,
            validators,
            rate: rate.into(),
        }
    }

    /// The row after a check that failed or listed nothing (`is_empty`).
    #[must_use]
    pub fn failed(self, attempt: Attempt, is_empty: bool, error: String) -> Self {
        Self {
            last_checked: Some(attempt.at),
            last_checked_run: Some(attempt.run_started),
            has_data: self.has_data && !is_empty,
            empty_answers: self.empty_answers.saturating_add(i32::from(is_empty)),
            consecutive_failures: self.consecutive_failures.saturating_add(1),
            last_error: Some(error),
            failing_since: self.failing_since.or(Some(attempt.at)),
            ..self
        }
    }
}

/// The last check of a hut, or the default if it was never checked.
pub fn load(db: &mut Db, hut_id: i32) -> QueryResult<HutCheck> {
    let row = hut_check::table.find(hut_id).select(HutCheck::as_select()).first(db);
    Ok(row.optional()?.unwrap_or_default())
}

/// The last check of a hut, locked until the transaction ends, and whether the guard holds. Another transaction
/// that locks it waits, and then sees what was written. The row is created if the hut was never checked.
///
/// On SQLite the transaction already holds the only write lock.
pub fn lock(db: &mut Db, hut_id: i32, guard: &Guard) -> QueryResult<(HutCheck, bool)> {
    loop {
        let row = hut_check::table.find(hut_id);
        let holds = Holds::new(db, guard);
        let row: QueryResult<(HutCheck, bool)> = match db {
            Db::Postgres(connection) => {
                row.select((HutCheck::as_select(), holds)).for_update().first(connection)
            }
            Db::Sqlite(connection) => row.select((HutCheck::as_select(), holds)).first(connection),
        };
        if let Some(row) = row.optional()? {
            return Ok(row);
        }
        let new = diesel::insert_into(hut_check::table).values(hut_check::hut_id.eq(hut_id));
        match db {
            Db::Postgres(connection) => new.on_conflict_do_nothing().execute(connection)?,
            Db::Sqlite(connection) => new.on_conflict_do_nothing().execute(connection)?,
        };
    }
}

/// Writes the row that every check writes.
pub fn save(
    db: &mut Db,
    hut_id: i32,
    check: &HutCheck,
    room_changed: RoomChanged,
) -> QueryResult<usize> {
    let changes = hut_check::changes.eq(room_changed);
    prepared::update(hut_check::table, (check, changes), hut_check::hut_id.eq(hut_id)).execute(db)
}

/// Clears the summary and the validators of a hut's last successful check if that was before a date. Used
/// when rows of that check are removed.
pub fn clear_listed(db: &mut Db, hut_id: i32, before: NaiveDate) -> QueryResult<usize> {
    let before = before.and_time(chrono::NaiveTime::MIN).and_utc();
    let stale =
        hut_check::table.find(hut_id).filter(hut_check::last_success.lt(Timestamp::from(before)));
    diesel::update(stale).set((Listed::default(), ValidatorsRow::default())).execute(db)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(second: i64) -> Attempt {
        let at = DateTime::from_timestamp(second, 0).unwrap().into();
        Attempt { at, run_started: at }
    }

    fn succeeded(second: i64) -> HutCheck {
        HutCheck::succeeded(
            attempt(second),
            Listed::default(),
            ValidatorsRow::default(),
            ChangeRate::default(),
        )
    }

    #[test]
    fn a_failure_keeps_the_values_of_the_last_success() {
        let success = succeeded(10);
        let failed = success.clone().failed(attempt(20), false, "timeout: …".into());
        assert_eq!(failed.last_success, success.last_success);
        assert_eq!((failed.consecutive_failures, failed.has_data), (1, true));
        let empty = failed.failed(attempt(30), true, "empty: …".into());
        assert_eq!((empty.has_data, empty.empty_answers), (false, 1));
        let failed_again = empty.clone().failed(attempt(31), false, "timeout: …".into());
        assert_eq!(failed_again.empty_answers, 1, "a failure without an answer does not count");
        assert_eq!(failed_again.failed(attempt(32), true, "empty: …".into()).empty_answers, 2);
        assert_eq!(empty.failing_since, Some(attempt(20).at), "since the first failure");
        assert_eq!(succeeded(40).failing_since, None);
    }

    #[test]
    fn older_and_repeated_checks_are_dropped() {
        let success = succeeded(10);
        assert!(success.is_newer_than(attempt(9).at) && success.is_newer_than(attempt(10).at));
        assert!(!success.is_newer_than(attempt(11).at));
        let failed = success.failed(attempt(20), false, String::new());
        assert!(failed.is_newer_than(attempt(19).at));
        // A check may be repeated at the very instant of a failure (`--as-of`).
        assert!(!failed.is_newer_than(attempt(20).at));
        assert!(!HutCheck::default().is_newer_than(attempt(0).at));
    }
}
