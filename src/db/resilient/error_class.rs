//! Pure: what there is to hope for after an error of the database, and how long to wait.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// How often what a database that is there refuses is tried in all: a lock or a full disk may pass, but
/// it may also be this one hut.
pub const MAX_TRIES: u32 = 4;

/// Twice as long before each further try.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const MAX_WAIT: Duration = Duration::from_secs(5);

/// What there is to hope for after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// It is the same however often it is tried.
    Permanent,
    /// The server is not there, or on its way to become another one's replica.
    Unavailable,
    /// The database is there: a lock, a conflict, a full disk, a right that is missing.
    Transient,
}

impl ErrorClass {
    /// What an error of a statement means.
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

/// How long to wait after the try of this number.
#[must_use]
pub fn wait(number: u32) -> Duration {
    FIRST_WAIT.saturating_mul(2_u32.saturating_pow(number)).min(MAX_WAIT)
}
