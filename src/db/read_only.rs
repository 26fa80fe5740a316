//! Opens the database of the read-only service, again after each failure.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

use super::connection::{Db, transaction};
use super::migrations::SchemaState;
use super::open::{Access, exists, open, require_migrated};
use super::sqlite::lock::{LOCK_WAIT, wait_while_locked};
use super::sqlite::{OpenedToRead, connect_to_read, connect_to_serve};
use super::{migrations, postgres};
use crate::domain::database_url::DatabaseUrl;

/// Settings of every session: nothing can be written, and a statement that takes seconds is cancelled, since
/// all of ours take milliseconds.
///
/// SQLite gets no time limit, because Diesel offers neither its progress handler nor its interrupt. There the
/// service answers a request that waits too long, and the statement runs on to its end.
const POSTGRES_SETTINGS: [(&str, &str); 3] =
    [("jit", "off"), ("default_transaction_read_only", "on"), ("statement_timeout", "6s")];

/// The same for one transaction, behind a pooler.
const BEGIN_READ: &str = "BEGIN READ ONLY; SET LOCAL statement_timeout = '6s'";

/// How long a SQLite reader waits for a lock. In WAL mode no lock lasts longer than a checkpoint.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection that only reads.
pub struct Reader {
    pub db: Db,
    pub reuse: Reuse,
    is_pooled: bool,
    url: DatabaseUrl,
}

impl Reader {
    /// Runs a query. Behind a pooler it is a transaction of its own.
    ///
    /// # Errors
    /// The query fails, or the transaction.
    pub fn read<T, E: Into<anyhow::Error>>(
        &mut self,
        query: impl FnOnce(&mut Db) -> Result<T, E>,
    ) -> anyhow::Result<T> {
        let query = |db: &mut Db| query(db).map_err(Into::into);
        let read = match self.is_pooled {
            true => transaction(&mut self.db, [BEGIN_READ, "BEGIN"], query),
            false => query(&mut self.db),
        };
        read.inspect_err(|error| {
            if postgres::is_pooler_found_by(&format!("{error:#}"), &self.url) {
                // The next connection takes the pooler into account.
                self.reuse = Reuse::Once;
            }
        })
    }
}

/// How often a connection may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    Always,
    /// A second query would not see what another program has written.
    Once,
}

/// Prepares a database for the service. A SQLite file is created and migrated if necessary.
///
/// # Errors
/// The database has pending migrations, or the file cannot be read. A PostgreSQL database that cannot be
/// reached is no error: the service uses it as soon as it is back.
pub fn prepare(url: &DatabaseUrl) -> anyhow::Result<()> {
    if !exists(url) {
        return open(url, Access::ReadWrite).map(drop);
    }
    if let DatabaseUrl::Sqlite(path) = url {
        // The service leaves files beside the database. Beside another program's database it must not.
        wait_while_locked(url, LOCK_WAIT, || connect_to_read(path).map(drop))
            .with_context(|| format!("cannot open the database {url}"))?;
    }
    let opened = wait_while_locked(url, LOCK_WAIT, || open_and_compare(url));
    let (mut reader, state) = match opened {
        Ok(opened) => opened,
        Err(error) if matches!(url, DatabaseUrl::Postgres(_)) => {
            tracing::warn!(
                "{error:#}; the service will use the database as soon as it can be read"
            );
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let db = &mut reader.db;
    if migrations::is_older_file(db, &state)? || migrations::is_empty_file(db)? {
        drop(reader);
        return open(url, Access::ReadWrite).map(drop);
    }
    require_migrated(url, &state)
}

fn open_and_compare(url: &DatabaseUrl) -> anyhow::Result<(Reader, SchemaState)> {
    let mut reader = connect(url)?;
    let state = migrations::state(&mut reader.db);
    Ok((reader, state.with_context(|| format!("cannot read {url}"))?))
}

/// Connects for reading.
///
/// # Errors
/// The database cannot be reached, or its file cannot be read.
pub fn connect(url: &DatabaseUrl) -> anyhow::Result<Reader> {
    let reader = match url {
        DatabaseUrl::Sqlite(path) => {
            connect_sqlite(path).map(|(connection, reuse)| (Db::Sqlite(connection), reuse))
        }
        DatabaseUrl::Postgres(text) => {
            connect_postgres(text).map(|connection| (Db::Postgres(connection), Reuse::Always))
        }
    };
    let reader = reader.map(|(db, reuse)| Reader {
        db,
        reuse,
        is_pooled: postgres::is_pooled(url),
        url: url.clone(),
    });
    reader.with_context(|| format!("cannot open the database {url}"))
}

fn connect_postgres(url: &str) -> anyhow::Result<PgConnection> {
    postgres::connect(url, "hut-availability-serve", &POSTGRES_SETTINGS)
}

/// A file that was opened as one that does not change is good for one query only, since a writer may start
/// later.
fn connect_sqlite(path: &Path) -> anyhow::Result<(SqliteConnection, Reuse)> {
    let OpenedToRead { connection, is_immutable } = connect_to_serve(path, SQLITE_BUSY_TIMEOUT)?;
    let reuse = if is_immutable { Reuse::Once } else { Reuse::Always };
    Ok((connection, reuse))
}
