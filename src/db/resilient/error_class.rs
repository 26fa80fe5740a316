//! Pure: whether a database error is worth a retry, and how long to wait before it.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::db::sqlite::file::FileMoved;
use crate::db::sqlite::lock::is_lock_error;

/// The number of tries if the database answers with an error. A lock or a full disk may be temporary, but the
/// cause may also be this one hut.
pub const MAX_TRIES: u32 = 4;

/// The wait doubles before each further try.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const MAX_WAIT: Duration = Duration::from_secs(5);

/// Whether a retry after an error can succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// Every try fails in the same way.
    Permanent,
    /// The server cannot be reached, or is becoming the replica of another one; or another program has locked
    /// the SQLite file. A lock of the file stops all huts alike, so the time of all tries counts, and not
    /// their number.
    Unavailable,
    /// The server answers with an error that may pass: a lock, a conflict, a full disk, a missing right.
    Transient,
}

impl ErrorClass {
    /// The class of a statement's error.
    #[must_use]
    pub fn of(error: &DieselError) -> Self {
        match error {
            error if is_lock_error(error) => Self::Unavailable,
            DieselError::DatabaseError(kind, _) => match kind {
                DatabaseErrorKind::UniqueViolation
                | DatabaseErrorKind::ForeignKeyViolation
                | DatabaseErrorKind::NotNullViolation
                | DatabaseErrorKind::CheckViolation
                | DatabaseErrorKind::RestrictViolation
                | DatabaseErrorKind::ExclusionViolation => Self::Permanent,
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction => Self::Unavailable,
                _ => Self::Transient,
            },
            DieselError::BrokenTransactionManager
            | DieselError::RollbackErrorOnCommit { .. }
            | DieselError::AlreadyInTransaction
            | DieselError::NotInTransaction => Self::Transient,
            _ => Self::Permanent,
        }
    }

    /// The class of an error of connecting once more.
    #[must_use]
    pub fn of_reopening(error: &anyhow::Error) -> Self {
        // Waiting does not bring the file back, and another file must not take its place.
        if error.is::<FileMoved>() { Self::Permanent } else { Self::Unavailable }
    }
}

/// How long to wait before each further try. There is no last one.
pub fn waits() -> impl Iterator<Item = Duration> {
    let doubling =
        ExponentialBuilder::default().with_min_delay(FIRST_WAIT).with_max_delay(MAX_WAIT);
    doubling.without_max_times().build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_file_is_unavailable_and_a_lock_of_a_row_is_transient() {
        let class = |message: &str| {
            let error = Box::new(message.to_owned());
            ErrorClass::of(&DieselError::DatabaseError(DatabaseErrorKind::Unknown, error))
        };
        for message in ["database is locked", "database table is locked: hut", "locking protocol"] {
            assert_eq!(class(message), ErrorClass::Unavailable, "{message}");
        }
        assert_eq!(class("canceling statement due to lock timeout"), ErrorClass::Transient);
    }

    #[test]
    fn a_file_that_has_moved_is_not_waited_for() {
        let moved = anyhow::Error::new(FileMoved::Removed("huts.db".into())).context("cannot open");
        assert_eq!(ErrorClass::of_reopening(&moved), ErrorClass::Permanent);
        let refused = anyhow::anyhow!("connection refused");
        assert_eq!(ErrorClass::of_reopening(&refused), ErrorClass::Unavailable);
    }
}
