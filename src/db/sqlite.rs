//! Connects to SQLite files.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, bail};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

/// How long a SQLite connection waits for the write of another one, in milliseconds. Writing a check takes a
/// few. A wait of a minute means that something blocks the database.
const SQLITE_BUSY_TIMEOUT_MS: u32 = 60_000;

/// Switching a new file to WAL fails while another program does the same. So it is tried this often, with a
/// pause in between.
const MAX_TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// Connects for writing. A missing file is created.
pub fn connect_to_write(path: &Path) -> anyhow::Result<SqliteConnection> {
    let path = checked(path)?;
    // WAL: readers and the writer do not block each other. NORMAL: a power cut may lose the last checks,
    // which are then fetched again, but never damages the file.
    let settings =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON";
    prepared(SqliteConnection::establish(path)?, settings)
}

/// Connects for reading. The file must exist.
pub fn connect_to_read(path: &Path) -> anyhow::Result<SqliteConnection> {
    let path = checked(path)?;
    prepared(SqliteConnection::establish(&existing_file_uri(path))?, "PRAGMA query_only = ON")
}

fn checked(path: &Path) -> anyhow::Result<&str> {
    let path = path.to_str().context("the path is not UTF-8")?;
    if let Some(directory) = Path::new(path).parent()
        && !directory.as_os_str().is_empty()
        && !directory.is_dir()
    {
        bail!("there is no directory {:?}", directory.display());
    }
    Ok(path)
}

fn prepared(mut connection: SqliteConnection, settings: &str) -> anyhow::Result<SqliteConnection> {
    // The time-out comes first, because the other settings wait for locks too.
    connection.batch_execute(&format!("PRAGMA busy_timeout = {SQLITE_BUSY_TIMEOUT_MS}"))?;
    // If several programs open a new file at once, one of them switches it to WAL. For the others SQLite
    // returns an error and does not wait.
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

/// SQLite's URI of an existing file that is only read.
///
/// With `mode=ro` SQLite leaves its `-wal` and `-shm` files behind. With `mode=rw` the last connection removes
/// them, and `query_only` prevents all other writes. But if a `-wal` file exists already, because of another
/// connection or a crash, it must stay, and its content must not be moved into the database file.
fn existing_file_uri(path: &str) -> String {
    let mode = if Path::new(&format!("{path}-wal")).exists() { "ro" } else { "rw" };
    file_uri(path, &format!("mode={mode}"))
}

/// SQLite's URI of a file. Characters with a meaning in URIs are escaped.
pub(super) fn file_uri(path: &str, parameters: &str) -> String {
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?{parameters}")
}
