//! One connection type over both databases.

use diesel::connection::{AnsiTransactionManager, InstrumentationEvent, TransactionManager};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
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
            <Db as Connection>::TransactionManager::commit_transaction(db)?;
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
