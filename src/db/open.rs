//! How a database is opened, for looking or for writing.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, bail};
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::connection::Db;
use super::postgres::with_defaults;
use super::{migrations, postgres};
use crate::domain::database_url::DatabaseUrl;

/// What a command is going to do with the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Look only: no file is made, no migration run, and the database itself refuses writes.
    ReadOnly,
    ReadWrite,
}

/// How long a connection to SQLite waits for another one's write to end, in milliseconds. A check
/// is written in a few; a minute means that something holds the database.
const SQLITE_BUSY_TIMEOUT_MS: u32 = 60_000;

/// How often a file is turned to WAL that others have just made, and how long is waited in between.
const MAX_TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// Opens a database that is ready for use: a SQLite file is made and migrated as needed, a
/// PostgreSQL database must have been migrated.
pub fn open(url: &DatabaseUrl, access: Access) -> anyhow::Result<Db> {
    let mut db = connect(url, access)?;
    if access == Access::ReadWrite && matches!(db, Db::Sqlite(_)) {
        migrations::run_pending(&mut db).with_context(|| format!("cannot migrate {url}"))?;
    }
    let pending = migrations::pending(&mut db).with_context(|| format!("cannot read {url}"))?;
    lacks_nothing(url, &pending)?;
    Ok(db)
}

/// Refuses a database that lacks migrations.
pub(super) fn lacks_nothing(url: &DatabaseUrl, pending: &[String]) -> anyhow::Result<()> {
    if !pending.is_empty() {
        bail!("{url} {}", migrations::lacking(pending));
    }
    Ok(())
}

/// Opens a database for a look. A SQLite file that is not there is not made: there is an empty
/// database in memory in its place, and a warning. One that is of an older version is migrated.
pub fn open_to_read(url: &DatabaseUrl) -> anyhow::Result<Db> {
    if !exists(url) {
        tracing::warn!("{url} does not exist yet");
        return in_memory();
    }
    let mut db = connect(url, Access::ReadOnly)?;
    let pending = migrations::pending(&mut db).with_context(|| format!("cannot read {url}"))?;
    if migrations::is_older_file(&mut db, &pending)? {
        return open(url, Access::ReadWrite);
    }
    lacks_nothing(url, &pending)?;
    Ok(db)
}

/// Opens a database that must be there: what is to be kept in order is not made.
pub fn open_existing(url: &DatabaseUrl, access: Access) -> anyhow::Result<Db> {
    if !exists(url) {
        bail!("{url} does not exist: name the database by --database-url or DATABASE_URL");
    }
    open(url, access)
}

/// Whether there is a database: a file of SQLite's, or a server that can be asked.
#[must_use]
pub fn exists(url: &DatabaseUrl) -> bool {
    match url {
        DatabaseUrl::Sqlite(path) => path.exists(),
        DatabaseUrl::Postgres(_) => true,
    }
}

/// Opens a database for a run, and says where to connect anew after a failure. A dry run looks only,
/// and makes no file: where there is none, it works on an empty database in memory.
pub fn open_for_run(url: &DatabaseUrl, dry_run: bool) -> anyhow::Result<(Db, Option<DatabaseUrl>)> {
    if dry_run && !exists(url) {
        tracing::warn!("{url} does not exist yet, and a dry run does not make it");
        return Ok((in_memory()?, None));
    }
    let access = if dry_run { Access::ReadOnly } else { Access::ReadWrite };
    Ok((open(url, access)?, Some(url.clone())))
}

/// Connects, without a look at what is there.
pub fn connect(url: &DatabaseUrl, access: Access) -> anyhow::Result<Db> {
    let db = match url {
        DatabaseUrl::Sqlite(path) => connect_sqlite(path, access).map(Db::Sqlite),
        DatabaseUrl::Postgres(url) => connect_postgres(url, access).map(Db::Postgres),
    };
    db.with_context(|| format!("cannot open the database {url}"))
}

/// A SQLite database in memory, migrated: what a preview works on where there is no file yet.
pub fn in_memory() -> anyhow::Result<Db> {
    let mut connection = SqliteConnection::establish(":memory:")?;
    connection.batch_execute("PRAGMA foreign_keys = ON")?;
    let mut db = Db::Sqlite(connection);
    migrations::run_pending(&mut db)?;
    Ok(db)
}

fn connect_sqlite(path: &Path, access: Access) -> anyhow::Result<SqliteConnection> {
    let path = path.to_str().context("the path is not UTF-8")?;
    if let Some(directory) = Path::new(path).parent()
        && !directory.as_os_str().is_empty()
        && !directory.is_dir()
    {
        bail!("there is no directory {:?}", directory.display());
    }
    let mut connection = match access {
        Access::ReadWrite => SqliteConnection::establish(path)?,
        Access::ReadOnly => SqliteConnection::establish(&existing_file_uri(path))?,
    };
    // The time-out first: the other settings wait for locks as well.
    connection.batch_execute(&format!("PRAGMA busy_timeout = {SQLITE_BUSY_TIMEOUT_MS}"))?;
    let settings = match access {
        // WAL: readers and the writer do not wait for each other. NORMAL: a power cut may take back
        // the last checks, which are asked for again, and never harms the file.
        Access::ReadWrite => {
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON"
        }
        Access::ReadOnly => "PRAGMA query_only = ON",
    };
    // A new file that several programs open at once is turned to WAL by one of them, for which SQLite has
    // the others fail rather than wait.
    let mut tries = 0;
    while let Err(error) = connection.batch_execute(settings) {
        tries += 1;
        if tries == MAX_TRIES || error.to_string() != "database is locked" {
            return Err(error.into());
        }
        sleep(BETWEEN_TRIES);
    }
    Ok(connection)
}

/// SQLite's URI of a file that must exist and is only looked at.
///
/// `mode=ro` leaves SQLite's `-wal` and `-shm` files behind, which the last connection takes away
/// again if it may write (`query_only` keeps it from more). But where there is a `-wal` already, of
/// another connection or of one that crashed, it must stay, and its content out of the file.
fn existing_file_uri(path: &str) -> String {
    let mode = if Path::new(&format!("{path}-wal")).exists() { "ro" } else { "rw" };
    file_uri(path, &format!("mode={mode}"))
}

/// SQLite's URI of a file, with what a URI gives a meaning escaped.
pub(super) fn file_uri(path: &str, parameters: &str) -> String {
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?{parameters}")
}

fn connect_postgres(url: &str, access: Access) -> anyhow::Result<PgConnection> {
    let url = with_defaults(url, env!("CARGO_PKG_NAME"));
    let mut connection = postgres::establish(&url)?;
    // To compile a statement takes longer than most of them run.
    connection.batch_execute(match access {
        Access::ReadOnly => "SET jit = off; SET default_transaction_read_only = on",
        Access::ReadWrite => "SET jit = off",
    })?;
    Ok(connection)
}
