//! One connection type over both databases.

use diesel::connection::{AnsiTransactionManager, InstrumentationEvent, TransactionManager};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sqlite::SqliteConnection;

use crate::runtime::timing::Meter;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Db {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// Counts in `meter` each statement on a connection from now on.
pub fn count_statements(db: &mut Db, meter: &Meter) {
    let meter = meter.clone();
    let count = move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { .. } = event {
            meter.statement();
        }
    };
    match db {
        Db::Postgres(connection) => connection.set_instrumentation(count),
        Db::Sqlite(connection) => connection.set_instrumentation(count),
    }
}

/// The begin of the message of [`unconfirmed`].
const UNCONFIRMED: &str = "the connection broke while the database confirmed the changes, so it is not known whether \
    they are stored";

/// The error of a COMMIT. If it got no answer, the message says so.
fn unconfirmed(error: DieselError) -> DieselError {
    let is_broken = matches!(
        error,
        DieselError::RollbackErrorOnCommit { .. }
            | DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _
            )
    );
    if !is_broken {
        return error;
    }
    let message = format!("{UNCONFIRMED}: {error}");
    DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new(message))
}

/// Whether the changes of a failed transaction may be stored nevertheless.
#[must_use]
pub fn is_unconfirmed(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(_, info) if info.message().starts_with(UNCONFIRMED))
}

/// Runs `body` in a transaction that will write.
///
/// On SQLite the transaction takes the write lock at its start (`BEGIN IMMEDIATE`) and waits for other
/// writers. A transaction that reads first would fail at its write if another one wrote in between.
pub fn write_transaction<T, E: From<DieselError>>(
    db: &mut Db,
    body: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    match db {
        Db::Postgres(connection) => AnsiTransactionManager::begin_transaction(connection)?,
        Db::Sqlite(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")?;
        }
    }
    match body(db) {
        Ok(value) => {
            let committed = <Db as Connection>::TransactionManager::commit_transaction(db);
            committed.map_err(unconfirmed)?;
            Ok(value)
        }
        Err(error) => {
            // If the rollback fails, the connection is lost and the transaction with it. The first error is
            // the cause, so it is the one to return.
            let _ = <Db as Connection>::TransactionManager::rollback_transaction(db);
            Err(error)
        }
    }
}
