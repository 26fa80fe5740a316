//! Connects to SQLite files.

pub mod file;
pub mod lock;
pub mod owner;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use file::{HeldFile, Identity, file_uri, resolved, unfinished, wal_of};
use lock::{BUSY_TIMEOUT_OF_A_TRY, is_locked, set_busy_timeout};
use owner::{Owner, owner};

/// The path may name another file at each opening, if other programs replace it just then.
const MAX_OPENINGS: u32 = 5;

/// Connects for writing, and returns the file that the connection holds.
///
/// If the program already holds a file, the path must still name it: after a failure, the program must not go on
/// in a file that has taken its place. Otherwise a missing file is created.
pub fn connect_to_write(
    path: &Path,
    held: &HeldFile,
) -> anyhow::Result<(SqliteConnection, HeldFile)> {
    let mode = if held.is_any() { "rwc" } else { "rw" };
    let uri = file_uri(text_of(path)?, &format!("mode={mode}"));
    for _ in 0..MAX_OPENINGS {
        held.ensure_in_place()?;
        let named = Identity::of(path)?;
        if named.is_some() {
            // Before anything is written: another program's file stays as it is.
            drop(connect_to_read(path)?);
        }
        let connection = SqliteConnection::establish(&uri)?;
        // SQLite gives no handle of the file that it has opened. It is the one that the path names before and
        // after.
        match (named, Identity::of(path)?) {
            (Some(before), Some(after)) if before != after => {}
            (_, None) => {}
            (_, Some(opened)) if !held.may_be(opened) => {}
            (_, Some(opened)) => {
                let file = HeldFile::new(path, opened);
                return Ok((ready_to_write(connection)?, file));
            }
        }
    }
    bail!("other programs replace the file {:?} again and again", path.display())
}

fn ready_to_write(mut connection: SqliteConnection) -> anyhow::Result<SqliteConnection> {
    // The time-out comes first, because the other settings wait for locks too.
    set_busy_timeout(&mut connection, BUSY_TIMEOUT_OF_A_TRY)?;
    // WAL: readers and the writer do not block each other. NORMAL: a power cut may lose the last checks,
    // which are then fetched again, but never damages the file.
    connection.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON",
    )?;
    Ok(connection)
}

/// Connects for reading. The file must exist, and may lie where this user cannot write.
pub fn connect_to_read(path: &Path) -> anyhow::Result<SqliteConnection> {
    // With `mode=ro` SQLite leaves its `-wal` and `-shm` files behind. With `mode=rw` the last connection
    // removes them, and `query_only` prevents all other writes. But if a `-wal` file exists already, because
    // of another connection or a crash, it must stay, and its content must not be moved into the database
    // file.
    let mode = |path: &str| if wal_of(path).exists() { "ro" } else { "rw" };
    open_to_read(path, mode, BUSY_TIMEOUT_OF_A_TRY).map(|opened| opened.connection)
}

/// Connects for reading, and always leaves a `-wal` file in place, as a program does that opens and closes many
/// connections.
pub fn connect_to_serve(path: &Path, busy_timeout: Duration) -> anyhow::Result<OpenedToRead> {
    open_to_read(path, |_| "ro", busy_timeout)
}

/// A connection that only reads.
pub struct OpenedToRead {
    pub connection: SqliteConnection,
    /// The file was opened as one that does not change: what another program writes is not seen, and may make
    /// answers wrong.
    pub is_immutable: bool,
}

/// SQLite needs two more files beside a file in WAL mode. If they are missing and the directory is not
/// writable, nobody is writing. Then the file is opened as one that does not change.
fn open_to_read(
    path: &Path,
    mode: impl Fn(&str) -> &'static str,
    busy_timeout: Duration,
) -> anyhow::Result<OpenedToRead> {
    text_of(path)?;
    if Identity::of(path)?.is_none() {
        bail!("there is no file {:?}", path.display());
    }
    let real = resolved(path)?;
    let real = text_of(&real)?;
    let open = || open_and_read(real, &format!("mode={}", mode(real)), busy_timeout);
    // The second try is for a program that ended, and removed both files, in the middle of the first one.
    let error = match open().or_else(|_| open()) {
        Ok(connection) => return Ok(OpenedToRead { connection, is_immutable: false }),
        Err(error) if is_locked(&error) || error.is::<OfAnother>() => return Err(error),
        Err(error) => error,
    };
    if let Some(file) = unfinished(real) {
        return Err(error).with_context(|| {
            format!(
                "its latest changes are in {:?}, which SQLite reads only where it may write: let a user who may \
                 write to the directory open the database once",
                file.display()
            )
        });
    }
    let immutable = open_and_read(real, "mode=ro&immutable=1", busy_timeout);
    Ok(OpenedToRead { connection: immutable.map_err(|_| error)?, is_immutable: true })
}

/// The file belongs to another program.
#[derive(Debug, thiserror::Error)]
enum OfAnother {
    #[error(
        "it is the SQLite file of another program{}, and this program neither reads nor changes it: name \
         another file",
        if *.0 == 0 { String::new() } else { format!(" (its application_id is {})", .0) }
    )]
    Sqlite(i32),
    #[error("it is not a SQLite file, and this program does not change it: name another file")]
    NoDatabase,
}

/// Opens a file and reads from it, because opening alone does not read it and finds no errors.
fn open_and_read(
    path: &str,
    parameters: &str,
    busy_timeout: Duration,
) -> anyhow::Result<SqliteConnection> {
    let mut connection = SqliteConnection::establish(&file_uri(path, parameters))?;
    set_busy_timeout(&mut connection, busy_timeout)?;
    connection.batch_execute("PRAGMA query_only = ON")?;
    match owner(&mut connection) {
        Ok(Owner::Nobody | Owner::ThisProgram) => Ok(connection),
        Ok(Owner::Another(id)) => Err(OfAnother::Sqlite(id).into()),
        Err(error) if error.to_string() == "file is not a database" => {
            Err(anyhow!(error).context(OfAnother::NoDatabase))
        }
        Err(error) => Err(error.into()),
    }
}

fn text_of(path: &Path) -> anyhow::Result<&str> {
    let text = path.to_str().context("the path is not UTF-8")?;
    if let Some(directory) = path.parent()
        && !directory.as_os_str().is_empty()
        && !directory.is_dir()
    {
        bail!("there is no directory {:?}", directory.display());
    }
    Ok(text)
}
