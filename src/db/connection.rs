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

/// Tells a meter of each statement on a connection from now on.
pub fn count_statements(db: &mut Db, meter: &Meter) {
    let meter = meter.clone();
    let note = move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { .. } = event {
            meter.statement();
        }
    };
    match db {
        Db::Postgres(connection) => connection.set_instrumentation(note),
        Db::Sqlite(connection) => connection.set_instrumentation(note),
    }
}

/// Runs `body` in a transaction that is going to write.
///
/// On SQLite it takes the write lock at its start (`BEGIN IMMEDIATE`), waiting for other writers;
/// one that reads first and writes then would fail as soon as another has written in between.
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
            // Where that fails the connection is gone, and the transaction with it; the first error
            // says why.
            let _ = <Db as Connection>::TransactionManager::rollback_transaction(db);
            Err(error)
        }
    }
}
