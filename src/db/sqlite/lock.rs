//! Waits for a SQLite file that another program has locked.

use std::fmt::Display;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::Context;
use diesel::ConnectionError;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sqlite::SqliteConnection;

/// How long to wait for a file that is locked.
#[derive(Clone, Copy, Debug)]
pub struct LockWait {
    /// When a message says what the program waits for.
    pub notice_after: Duration,
    pub total: Duration,
}

/// Writing a check takes a few milliseconds. A lock of a minute means that something blocks the database.
pub const LOCK_WAIT: LockWait =
    LockWait { notice_after: Duration::from_secs(5), total: Duration::from_secs(60) };

/// How long SQLite waits in one try. It is short where the caller tries again, so that a signal ends the wait.
pub const BUSY_TIMEOUT_OF_A_TRY: Duration = Duration::from_secs(1);

/// The pause between two tries. SQLite does not wait for every lock: not if two programs make a new file.
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// Sets how long a statement waits for a lock before it fails.
pub fn set_busy_timeout(connection: &mut SqliteConnection, timeout: Duration) -> QueryResult<()> {
    connection.batch_execute(&format!("PRAGMA busy_timeout = {}", timeout.as_millis()))
}

/// Whether a statement failed because another connection holds a lock.
#[must_use]
pub fn is_lock_error(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(_, info) if is_lock_message(info.message()))
}

/// SQLite's texts of `SQLITE_BUSY`, `SQLITE_LOCKED` and `SQLITE_PROTOCOL`. Diesel gives no codes.
fn is_lock_message(message: &str) -> bool {
    let is_lock = |text| message == text || message.starts_with(&format!("{text}:"));
    is_lock("database is locked")
        || is_lock("locking protocol")
        || message.starts_with("database table is locked")
        || message.starts_with("database schema is locked")
}

/// Whether an error has a lock as its cause.
#[must_use]
pub fn is_locked(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<DieselError>().is_some_and(is_lock_error)
            || matches!(
                cause.downcast_ref::<ConnectionError>(),
                Some(ConnectionError::BadConnection(message)) if is_lock_message(message)
            )
    })
}

/// Repeats `open` while the database is locked, for a limited time in all.
///
/// # Errors
/// That of `open`, or the database is still locked.
pub fn wait_while_locked<T>(
    database: &impl Display,
    wait: LockWait,
    mut open: impl FnMut() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let begin = Instant::now();
    let mut is_noticed = false;
    loop {
        let error = match open() {
            Err(error) if is_locked(&error) => error,
            done => return done,
        };
        let waited = begin.elapsed();
        if waited >= wait.total {
            return Err(error).with_context(|| {
                format!(
                    "another program has kept {database} locked for {} seconds: let it finish, or end it",
                    waited.as_secs()
                )
            });
        }
        if !is_noticed && waited >= wait.notice_after {
            is_noticed = true;
            tracing::warn!(
                "another program has locked {database}; waiting for it, up to {} seconds in all",
                wait.total.as_secs()
            );
        }
        sleep(BETWEEN_TRIES.min(wait.total.saturating_sub(waited)));
    }
}
