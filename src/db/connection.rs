//! One connection type over both databases.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use diesel::connection::{
    AnsiTransactionManager, Instrumentation, InstrumentationEvent, TransactionManager,
};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sqlite::SqliteConnection;

use super::silence::Watch;
use crate::domain::database_url::DatabaseUrl;
use crate::runtime::timing::Meter;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Db {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// What is done at each statement of a connection.
#[derive(Default)]
pub struct OnStatement {
    /// Counts the statements.
    pub meter: Option<Meter>,
    /// Notices that a statement to this database is not answered.
    pub watch: Option<(Watch, DatabaseUrl)>,
    /// Once this is set, no further statement is sent.
    pub is_abandoned: Option<Arc<AtomicBool>>,
}

/// The panic that prevents a statement of an abandoned connection.
pub struct Abandoned;

impl Instrumentation for OnStatement {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => {
                if self.is_abandoned.as_ref().is_some_and(|flag| flag.load(Ordering::SeqCst)) {
                    resume_unwind(Box::new(Abandoned));
                }
                if let Some(meter) = &self.meter {
                    meter.statement();
                }
                if let Some((watch, url)) = &self.watch {
                    watch.begin(url);
                }
            }
            InstrumentationEvent::CommitTransaction { .. } => {
                if let Some((watch, _)) = &self.watch {
                    watch.begin_commit();
                }
            }
            InstrumentationEvent::FinishQuery { .. } => {
                if let Some((watch, _)) = &self.watch {
                    watch.end();
                }
            }
            _ => {}
        }
    }
}

/// Does this at each statement on a connection from now on.
pub fn on_statement(db: &mut Db, on_statement: OnStatement) {
    match db {
        Db::Postgres(connection) => connection.set_instrumentation(on_statement),
        Db::Sqlite(connection) => connection.set_instrumentation(on_statement),
    }
}

/// Counts in `meter` each statement on a connection to this database from now on.
pub fn count_statements(db: &mut Db, url: &DatabaseUrl, meter: &Meter) {
    let watch = match db {
        Db::Postgres(_) => Watch::of_thread().map(|watch| (watch, url.clone())),
        Db::Sqlite(_) => None,
    };
    on_statement(db, OnStatement { meter: Some(meter.clone()), watch, is_abandoned: None });
}

/// The beginning of the message of [`unconfirmed`].
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
    transaction(db, ["BEGIN", "BEGIN IMMEDIATE"], body)
}

/// Runs `body` in a transaction that begins with the statement for PostgreSQL or that for SQLite. Within another
/// transaction, it is a savepoint of that.
pub fn transaction<T, E: From<DieselError>>(
    db: &mut Db,
    [postgres, sqlite]: [&str; 2],
    body: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    let is_nested = <Db as Connection>::TransactionManager::transaction_manager_status_mut(db)
        .transaction_depth()?
        .is_some();
    match db {
        _ if is_nested => <Db as Connection>::TransactionManager::begin_transaction(db)?,
        Db::Postgres(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, postgres)?;
        }
        Db::Sqlite(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, sqlite)?;
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
