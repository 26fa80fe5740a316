//! Opens a database for reading or for writing.

use anyhow::{Context, bail};
use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::connection::{Db, OnStatement, on_statement};
use super::migrations::SchemaState;
use super::silence::Watch;
use super::{migrations, postgres, sqlite};
use crate::domain::database_url::DatabaseUrl;

/// What a command may do with the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// No file is created and no migration run, and the database itself rejects writes.
    ReadOnly,
    ReadWrite,
}

/// Opens a database that is ready for use. A SQLite file is created and migrated if necessary. A PostgreSQL
/// database must be migrated already.
pub fn open(url: &DatabaseUrl, access: Access) -> anyhow::Result<Db> {
    let mut db = connect(url, access)?;
    if access == Access::ReadWrite && matches!(db, Db::Sqlite(_)) {
        migrations::run_pending(&mut db).with_context(|| format!("cannot migrate {url}"))?;
    }
    let state = migrations::state(&mut db).with_context(|| format!("cannot read {url}"))?;
    require_migrated(url, &state)?;
    Ok(db)
}

/// Returns an error if the schema is not that of this version.
pub(super) fn require_migrated(url: &DatabaseUrl, state: &SchemaState) -> anyhow::Result<()> {
    match state.problem() {
        Some(problem) => bail!("{url} {problem}"),
        None => Ok(()),
    }
}

/// Opens a database for reading. A missing SQLite file is not created: a warning is logged, and an empty
/// database in memory takes its place. A file of an older version is migrated.
pub fn open_to_read(url: &DatabaseUrl) -> anyhow::Result<Db> {
    if !exists(url) {
        tracing::warn!("{url} does not exist yet");
        return in_memory();
    }
    let mut db = connect(url, Access::ReadOnly)?;
    let state = migrations::state(&mut db).with_context(|| format!("cannot read {url}"))?;
    if migrations::is_older_file(&mut db, &state)? {
        return open(url, Access::ReadWrite);
    }
    require_migrated(url, &state)?;
    if postgres::is_pooled(url)
        && let Db::Postgres(connection) = &mut db
    {
        // In place of the settings of the session. It ends with the connection.
        AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN READ ONLY")?;
    }
    Ok(db)
}

/// Opens a database that must exist. It is not created, because an empty one is of no use here.
pub fn open_existing(url: &DatabaseUrl, access: Access) -> anyhow::Result<Db> {
    if !exists(url) {
        bail!("{url} does not exist: give the right database with --database-url or DATABASE_URL");
    }
    open(url, access)
}

/// Whether the database exists. A PostgreSQL database is assumed to exist.
#[must_use]
pub fn exists(url: &DatabaseUrl) -> bool {
    match url {
        DatabaseUrl::Sqlite(path) => path.exists(),
        DatabaseUrl::Postgres(_) => true,
    }
}

/// Opens a database for a run, and returns the URL to reconnect to after a failure. A dry run only reads and
/// creates no file. If there is no file, it works on an empty database in memory, which has no URL.
pub fn open_for_run(url: &DatabaseUrl, dry_run: bool) -> anyhow::Result<(Db, Option<DatabaseUrl>)> {
    if dry_run && !exists(url) {
        tracing::warn!("{url} does not exist yet, and a dry run does not create it");
        return Ok((in_memory()?, None));
    }
    let access = if dry_run { Access::ReadOnly } else { Access::ReadWrite };
    Ok((open(url, access)?, Some(url.clone())))
}

/// Connects without checking the schema.
pub fn connect(url: &DatabaseUrl, access: Access) -> anyhow::Result<Db> {
    let db = match url {
        DatabaseUrl::Sqlite(path) => match access {
            Access::ReadOnly => sqlite::connect_to_read(path),
            Access::ReadWrite => sqlite::connect_to_write(path),
        }
        .map(Db::Sqlite),
        DatabaseUrl::Postgres(text) => watched(url, || connect_postgres(text, access)),
    };
    db.with_context(|| format!("cannot open the database {url}"))
}

/// Opens a connection under the watch of this thread, if there is one.
fn watched(
    url: &DatabaseUrl,
    connect: impl FnOnce() -> anyhow::Result<PgConnection>,
) -> anyhow::Result<Db> {
    let Some(watch) = Watch::of_thread() else { return connect().map(Db::Postgres) };
    watch.begin_connecting(url);
    let connected = connect();
    watch.end();
    let mut db = Db::Postgres(connected?);
    on_statement(&mut db, OnStatement { watch: Some(watch), ..OnStatement::default() });
    Ok(db)
}

/// A migrated SQLite database in memory. A preview works on it if there is no file yet.
pub fn in_memory() -> anyhow::Result<Db> {
    let mut connection = SqliteConnection::establish(":memory:")?;
    connection.batch_execute("PRAGMA foreign_keys = ON")?;
    let mut db = Db::Sqlite(connection);
    migrations::run_pending(&mut db)?;
    Ok(db)
}

/// No JIT: compiling a statement takes longer than most of them run. A wait for a lock ends with an error.
const POSTGRES_SETTINGS: [(&str, &str); 2] = [("jit", "off"), ("lock_timeout", "10s")];

const POSTGRES_READ_ONLY: [(&str, &str); 2] =
    [("jit", "off"), ("default_transaction_read_only", "on")];

fn connect_postgres(url: &str, access: Access) -> anyhow::Result<PgConnection> {
    let settings = match access {
        Access::ReadOnly => &POSTGRES_READ_ONLY,
        Access::ReadWrite => &POSTGRES_SETTINGS,
    };
    let mut connection = postgres::connect(url, env!("CARGO_PKG_NAME"), settings)?;
    if access == Access::ReadWrite {
        postgres::require_primary(&mut connection)?;
    }
    Ok(connection)
}
