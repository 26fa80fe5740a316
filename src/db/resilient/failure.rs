//! Pure: what there is to hope for after an error of the database, and how long to wait.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// How often what a database that is there refuses is tried in all: a lock or a full disk may pass, but
/// it may also be this one hut.
pub const MOST_TRIES: u32 = 4;

/// Twice as long before each further try.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What there is to hope for after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It is the same however often it is tried.
    Lasts,
    /// The server is not there, or on its way to become another one's replica.
    Gone,
    /// The database is there: a lock, a conflict, a full disk, a right that is missing.
    Refused,
}

impl Failure {
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
                | DatabaseErrorKind::ExclusionViolation => Self::Lasts,
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction => Self::Gone,
                _ => Self::Refused,
            },
            DieselError::BrokenTransactionManager
            | DieselError::RollbackErrorOnCommit { .. }
            | DieselError::AlreadyInTransaction
            | DieselError::NotInTransaction => Self::Refused,
            _ => Self::Lasts,
        }
    }
}

/// How long to wait after the try of this number.
#[must_use]
pub fn wait(number: u32) -> Duration {
    FIRST_WAIT.saturating_mul(2_u32.saturating_pow(number)).min(LONGEST_WAIT)
}
