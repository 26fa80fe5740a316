//! `hut_check`: the last check of each hut, one row a hut.

use diesel::prelude::*;

use super::connection::Db;
use super::instant::Instant;
use super::schema::hut_check;

/// The last check of a hut.
#[derive(Clone, Debug, Default, PartialEq, Eq, AsChangeset, Queryable, Selectable)]
#[diesel(table_name = hut_check, treat_none_as_null = true)]
pub struct HutCheck {
    pub last_checked: Option<Instant>,
    pub last_checked_run: Option<Instant>,
    pub last_success: Option<Instant>,
    pub last_success_run: Option<Instant>,
    pub has_data: bool,
    pub consecutive_failures: i32,
    pub last_error: Option<String>,
    /// When the first of the failures in a row was.
    pub failing_since: Option<Instant>,
}

/// A run's attempt on a hut: when the site's answer had arrived, or it was plain that none would,
/// and when the run had started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub at: Instant,
    pub run_started: Instant,
}

impl HutCheck {
    /// Whether a check at `at` is too old to be written: something newer is stored, or just this.
    #[must_use]
    pub fn is_newer_than(&self, at: Instant) -> bool {
        self.last_checked > Some(at) || self.last_success >= Some(at)
    }

    /// After a check that listed dates.
    #[must_use]
    pub fn succeeded(attempt: Attempt) -> Self {
        Self {
            last_checked: Some(attempt.at),
            last_checked_run: Some(attempt.run_started),
            last_success: Some(attempt.at),
            last_success_run: Some(attempt.run_started),
            has_data: true,
            consecutive_failures: 0,
            last_error: None,
            failing_since: None,
        }
    }

    /// After one that failed, or listed nothing (`is_empty`).
    #[must_use]
    pub fn failed(self, attempt: Attempt, is_empty: bool, error: String) -> Self {
        Self {
            last_checked: Some(attempt.at),
            last_checked_run: Some(attempt.run_started),
            has_data: self.has_data && !is_empty,
            consecutive_failures: self.consecutive_failures.saturating_add(1),
            last_error: Some(error),
            failing_since: self.failing_since.or(Some(attempt.at)),
            ..self
        }
    }
}

/// The last check of a hut; the default where it was never checked.
pub fn load(db: &mut Db, hut_id: i32) -> QueryResult<HutCheck> {
    let row = hut_check::table.find(hut_id).select(HutCheck::as_select()).first(db);
    Ok(row.optional()?.unwrap_or_default())
}

/// The last check of a hut, locked until the transaction ends: whoever comes next waits, and then
/// sees what was written. The row is made where the hut was never checked.
///
/// On SQLite the transaction holds the one write lock already.
pub fn lock(db: &mut Db, hut_id: i32) -> QueryResult<HutCheck> {
    loop {
        let row = hut_check::table.find(hut_id);
        let row = match db {
            Db::Postgres(connection) => {
                row.select(HutCheck::as_select()).for_update().first(connection)
            }
            Db::Sqlite(connection) => row.select(HutCheck::as_select()).first(connection),
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

/// Writes the one row that every check writes.
pub fn save(db: &mut Db, hut_id: i32, check: &HutCheck) -> QueryResult<usize> {
    diesel::update(hut_check::table.find(hut_id)).set(check).execute(db)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn attempt(second: i64) -> Attempt {
        let at = DateTime::from_timestamp(second, 0).unwrap().into();
        Attempt { at, run_started: at }
    }

    #[test]
    fn a_failure_keeps_what_the_last_success_said() {
        let success = HutCheck::succeeded(attempt(10));
        let failed = success.clone().failed(attempt(20), false, "timeout: …".into());
        assert_eq!(failed.last_success, success.last_success);
        assert_eq!((failed.consecutive_failures, failed.has_data), (1, true));
        let empty = failed.failed(attempt(30), true, "empty: …".into());
        assert!(!empty.has_data);
        assert_eq!(empty.failing_since, Some(attempt(20).at), "since the first of them");
        assert_eq!(HutCheck::succeeded(attempt(40)).failing_since, None);
    }

    #[test]
    fn older_checks_and_repeated_ones_are_dropped() {
        let success = HutCheck::succeeded(attempt(10));
        assert!(success.is_newer_than(attempt(9).at) && success.is_newer_than(attempt(10).at));
        assert!(!success.is_newer_than(attempt(11).at));
        let failed = success.failed(attempt(20), false, String::new());
        assert!(failed.is_newer_than(attempt(19).at));
        // At the very instant of a failure the check may be tried again (`--as-of`).
        assert!(!failed.is_newer_than(attempt(20).at));
        assert!(!HutCheck::default().is_newer_than(attempt(0).at));
    }
}
