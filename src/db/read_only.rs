//! How the service opens its database: to read only, again and again, whatever becomes of it meanwhile.

use std::path::Path;

use anyhow::Context;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::connection::Db;
use super::open::{Access, exists, file_uri, lacks_nothing, open};
use super::postgres::with_defaults;
use super::{migrations, postgres};
use crate::domain::database_url::DatabaseUrl;

/// What holds in every session: nothing is written, and a statement that takes seconds, where all take
/// milliseconds, is broken off.
///
/// SQLite is given no such limit: Diesel offers neither its progress handler nor its interrupt. There a
/// request that has waited for too long is answered, and the statement runs on to its end.
const POSTGRES_SESSION: &str =
    "SET default_transaction_read_only = on; SET statement_timeout = '6s'";

/// How long a reader of SQLite waits for a lock. In WAL mode none is held for longer than a checkpoint.
const SQLITE_BUSY_TIMEOUT_MS: u32 = 5_000;

/// A connection that only reads.
pub struct Reader {
    pub db: Db,
    pub reuse: Reuse,
}

/// For how long a connection may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    Always,
    /// It would not see what another program writes.
    Once,
}

/// Brings a database into the state in which it can be served. A SQLite file is made and migrated as
/// needed.
///
/// # Errors
/// The database lacks migrations, or the file is none that can be served. A PostgreSQL database that
/// cannot be reached is none: it may come back, and is served then.
pub fn prepare(url: &DatabaseUrl) -> anyhow::Result<()> {
    if !exists(url) {
        return open(url, Access::ReadWrite).map(drop);
    }
    let (mut reader, pending) = match look_at(url) {
        Ok(found) => found,
        Err(error) if matches!(url, DatabaseUrl::Postgres(_)) => {
            tracing::warn!("{error:#}; it is served as soon as it can be read");
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    if migrations::is_older_file(&mut reader.db, &pending)? {
        drop(reader);
        return open(url, Access::ReadWrite).map(drop);
    }
    lacks_nothing(url, &pending)
}

fn look_at(url: &DatabaseUrl) -> anyhow::Result<(Reader, Vec<String>)> {
    let mut reader = connect(url)?;
    let pending = migrations::pending(&mut reader.db);
    Ok((reader, pending.with_context(|| format!("cannot read {url}"))?))
}

/// Connects.
///
/// # Errors
/// The database cannot be reached, or its file cannot be read.
pub fn connect(url: &DatabaseUrl) -> anyhow::Result<Reader> {
    let reader = match url {
        DatabaseUrl::Sqlite(path) => connect_sqlite(path),
        DatabaseUrl::Postgres(url) => connect_postgres(url),
    };
    reader.with_context(|| format!("cannot open the database {url}"))
}

fn connect_postgres(url: &str) -> anyhow::Result<Reader> {
    let url = with_defaults(url, "hut-availability-serve");
    let mut connection = postgres::establish(&url)?;
    connection.batch_execute(POSTGRES_SESSION)?;
    Ok(Reader { db: Db::Postgres(connection), reuse: Reuse::Always })
}

/// SQLite reads a file in WAL mode by means of two more files beside it. Where the directory cannot be
/// written and they are not there, nobody is writing: then the file is read as one that does not change,
/// for one query, since somebody may begin.
fn connect_sqlite(path: &Path) -> anyhow::Result<Reader> {
    let path = path.to_str().context("the path is not UTF-8")?;
    let (connection, reuse) = match look(path, "mode=ro") {
        Ok(connection) => (connection, Reuse::Always),
        Err(_) if !has_wal(path) => (look(path, "mode=ro&immutable=1")?, Reuse::Once),
        Err(error) => return Err(error),
    };
    Ok(Reader { db: Db::Sqlite(connection), reuse })
}

/// Whether another connection, or one that crashed, left something that is not in the file itself.
fn has_wal(path: &str) -> bool {
    std::fs::metadata(format!("{path}-wal")).is_ok_and(|wal| wal.len() > 0)
}

/// Opens a file and reads of it, which opening alone does not.
fn look(path: &str, parameters: &str) -> anyhow::Result<SqliteConnection> {
    let mut connection = SqliteConnection::establish(&file_uri(path, parameters))?;
    connection.batch_execute(&format!(
        "PRAGMA busy_timeout = {SQLITE_BUSY_TIMEOUT_MS}; PRAGMA query_only = ON;
        SELECT count(*) FROM sqlite_schema"
    ))?;
    Ok(connection)
}
