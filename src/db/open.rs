//! Opens a database for reading or for writing.

use anyhow::{Context, bail};
use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::connection::{Db, OnStatement, on_statement};
use super::migrations::SchemaState;
use super::postgres::Settings;
use super::silence::Watch;
use super::sqlite::file::HeldFile;
use super::sqlite::lock::{LOCK_WAIT, LockWait, set_busy_timeout, wait_while_locked};
use super::{migrations, postgres, sqlite};
use crate::domain::database_url::DatabaseUrl;

/// What a command may do with the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// No file is created and no migration run, and the database itself rejects writes. (Behind a pooler that forgets
    /// settings it does so only for the commands that do nothing but read.)
    ReadOnly,
    ReadWrite,
}

/// A database that is open, and the file that the connection holds.
pub struct Opened {
    pub db: Db,
    pub file: HeldFile,
}

/// Opens a database that is ready for use. A SQLite file is created and migrated if necessary. A PostgreSQL
/// database must be migrated already.
pub fn open(url: &DatabaseUrl, access: Access) -> anyhow::Result<Db> {
    open_file(url, access).map(|opened| opened.db)
}

/// Opens a database that is ready for use, for a command that writes and must know at its end whether the path
/// still names the same file.
pub fn open_file(url: &DatabaseUrl, access: Access) -> anyhow::Result<Opened> {
    open_within(url, access, LOCK_WAIT)
}

/// The same, with another limit of the wait for a locked SQLite file.
pub fn open_within(url: &DatabaseUrl, access: Access, wait: LockWait) -> anyhow::Result<Opened> {
    let opened = wait_while_locked(url, wait, || open_once(url, access, &HeldFile::default()))?;
    patient(opened, wait)
}

/// Opens a database once more after a failure, if its path still names `file`. A locked file is an error, after
/// a short wait.
pub fn reopen(url: &DatabaseUrl, access: Access, file: &HeldFile) -> anyhow::Result<Db> {
    open_once(url, access, file).map(|opened| opened.db)
}

fn open_once(url: &DatabaseUrl, access: Access, held: &HeldFile) -> anyhow::Result<Opened> {
    let Opened { mut db, file } = connect_once(url, access, held)?;
    if access == Access::ReadWrite && matches!(db, Db::Sqlite(_)) {
        migrations::run_pending(&mut db).with_context(|| format!("cannot migrate {url}"))?;
    }
    let state = migrations::state(&mut db).with_context(|| format!("cannot read {url}"))?;
    require_migrated(url, &state)?;
    Ok(Opened { db, file })
}

/// Once the database is open, a statement may wait as long for a lock as the opening.
fn patient(mut opened: Opened, wait: LockWait) -> anyhow::Result<Opened> {
    if let Db::Sqlite(connection) = &mut opened.db {
        set_busy_timeout(connection, wait.total)?;
    }
    Ok(opened)
}

/// Returns an error if the schema is not that of this version.
pub(super) fn require_migrated(url: &DatabaseUrl, state: &SchemaState) -> anyhow::Result<()> {
    match state.problem() {
        Some(problem) => bail!("{url} {problem}"),
        None => Ok(()),
    }
}

/// Opens a database for reading. A file of an older version is migrated.
///
/// # Errors
/// There is no such file: none is created, because an empty one would be of no use. Or it cannot be read.
pub fn open_to_read(url: &DatabaseUrl) -> anyhow::Result<Db> {
    ensure_exists(url)?;
    let mut db = connect(url, Access::ReadOnly)?;
    let state = migrations::state(&mut db).with_context(|| format!("cannot read {url}"))?;
    if migrations::is_older_file(&mut db, &state)? {
        drop(db);
        return open(url, Access::ReadWrite);
    }
    require_migrated(url, &state)?;
    if postgres::is_pooled(url)
        && let Db::Postgres(connection) = &mut db
    {
        // In place of the settings of the session. It ends with the connection.
        AnsiTransactionManager::begin_transaction_sql(
            connection,
            "BEGIN READ ONLY; SET LOCAL lock_timeout = '60s'",
        )?;
    }
    Ok(db)
}

/// Opens a database that must exist. It is not created, because an empty one is of no use here.
pub fn open_existing(url: &DatabaseUrl, access: Access) -> anyhow::Result<Opened> {
    ensure_exists(url)?;
    open_file(url, access)
}

fn ensure_exists(url: &DatabaseUrl) -> anyhow::Result<()> {
    if !exists(url) {
        bail!(
            "{url} does not exist: give the right database with --database-url or DATABASE_URL; the first \
             `hut-availability huts discover` or `update-availability` creates it"
        );
    }
    Ok(())
}

/// Whether the database exists. A PostgreSQL database is assumed to exist.
#[must_use]
pub fn exists(url: &DatabaseUrl) -> bool {
    match url {
        DatabaseUrl::Sqlite(path) => path.exists(),
        DatabaseUrl::Postgres(_) => true,
    }
}

/// A database that is open for a run, and what is needed to connect to it again.
pub struct OpenedForRun {
    pub db: Db,
    /// None for a database in memory, which cannot be reopened.
    pub url: Option<DatabaseUrl>,
    pub file: HeldFile,
}

/// Opens a database for a run. A dry run only reads and creates no file. If there is no file, it works on an
/// empty database in memory.
pub fn open_for_run(url: &DatabaseUrl, dry_run: bool) -> anyhow::Result<OpenedForRun> {
    let access = if dry_run { Access::ReadOnly } else { Access::ReadWrite };
    if dry_run && !exists(url) {
        tracing::warn!("{url} does not exist yet, and a dry run does not create it");
        return Ok(OpenedForRun { db: in_memory()?, url: None, file: HeldFile::default() });
    }
    let Opened { db, file } = open_file(url, access)?;
    Ok(OpenedForRun { db, url: Some(url.clone()), file })
}

/// Connects without checking the schema.
pub fn connect(url: &DatabaseUrl, access: Access) -> anyhow::Result<Db> {
    connect_file(url, access).map(|opened| opened.db)
}

/// The same, for a command that writes.
pub fn connect_file(url: &DatabaseUrl, access: Access) -> anyhow::Result<Opened> {
    let opened =
        wait_while_locked(url, LOCK_WAIT, || connect_once(url, access, &HeldFile::default()))?;
    patient(opened, LOCK_WAIT)
}

fn connect_once(url: &DatabaseUrl, access: Access, held: &HeldFile) -> anyhow::Result<Opened> {
    let connected = match (url, access) {
        (DatabaseUrl::Sqlite(path), Access::ReadOnly) => {
            sqlite::connect_to_read(path).map(|connection| (Db::Sqlite(connection), None))
        }
        (DatabaseUrl::Sqlite(path), Access::ReadWrite) => {
            sqlite::connect_to_write(path, held).map(|(it, file)| (Db::Sqlite(it), Some(file)))
        }
        (DatabaseUrl::Postgres(text), access) => {
            watched(url, || connect_postgres(text, access)).map(|db| (db, None))
        }
    };
    let (db, file) = connected.with_context(|| format!("cannot open the database {url}"))?;
    Ok(Opened { db, file: file.unwrap_or_default() })
}

/// Opens a connection under the watch of this thread, if there is one.
fn watched(
    url: &DatabaseUrl,
    connect: impl FnOnce() -> anyhow::Result<PgConnection>,
) -> anyhow::Result<Db> {
    let Some(watch) = Watch::of_thread() else { return connect().map(Db::Postgres) };
    watch.begin(url);
    let connected = connect();
    watch.end();
    let mut db = Db::Postgres(connected?);
    on_statement(
        &mut db,
        OnStatement { watch: Some((watch, url.clone())), ..OnStatement::default() },
    );
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

/// No JIT: compiling a statement takes longer than most of them run. A wait for a lock ends with an error after a minute.
const POSTGRES_SETTINGS: [(&str, &str); 2] = [("jit", "off"), ("lock_timeout", "60s")];

const POSTGRES_READ_ONLY: [(&str, &str); 3] =
    [("jit", "off"), ("lock_timeout", "60s"), ("default_transaction_read_only", "on")];

fn connect_postgres(url: &str, access: Access) -> anyhow::Result<PgConnection> {
    let settings: &Settings = match access {
        Access::ReadOnly => &POSTGRES_READ_ONLY,
        Access::ReadWrite => &POSTGRES_SETTINGS,
    };
    let mut connection = postgres::connect(url, env!("CARGO_PKG_NAME"), settings)?;
    if access == Access::ReadWrite {
        postgres::require_primary(&mut connection)?;
    }
    Ok(connection)
}
