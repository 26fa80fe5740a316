//! Pure: whether a database error is worth a retry, and how long to wait before it.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use diesel::result::{DatabaseErrorKind, Error as DieselError};

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
    /// The server cannot be reached, or is becoming the replica of another one.
    Unavailable,
    /// The server answers with an error that may pass: a lock, a conflict, a full disk, a missing right.
    Transient,
}

impl ErrorClass {
    /// The class of a statement's error.
    #[must_use]
    pub fn of(error: &DieselError) -> Self {
        match error {
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
}

/// How long to wait before each further try. There is no last one.
pub fn waits() -> impl Iterator<Item = Duration> {
    let doubling =
        ExponentialBuilder::default().with_min_delay(FIRST_WAIT).with_max_delay(MAX_WAIT);
    doubling.without_max_times().build()
}
