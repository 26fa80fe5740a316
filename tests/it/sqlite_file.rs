//! A path is not the file: removed and replaced files, symbolic links, read-only directories, files of other
//! programs.

mod foreign;
mod forms;
mod moved;
mod read_only;

use std::path::Path;

use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use crate::support::program::{RunOutput, hut_availability, run, update_availability};

/// A command of both programs, without its database.
type Words = &'static [&'static str];

/// Every command that only reads, by its words. `hut-1` exists.
pub const READING: [Words; 13] = [
    &["map"],
    &["hut", "hut-1"],
    &["trend", "hut-1", "2026-07-01"],
    &["status"],
    &["verify"],
    &["huts", "list"],
    &["huts", "show", "hut-1"],
    &["huts", "export"],
    &["huts", "export", "--output", "json"],
    &["prune", "--keep-days", "400", "--dry-run"],
    &["repair", "--dry-run"],
    &["update", "--dry-run=plan"],
    &["update", "--dry-run", "--as-of", "2026-07-01T10:00:00Z", "--all"],
];

/// A command with its database.
pub fn command(words: &[&str], database: &str) -> std::process::Command {
    let mut command = match words {
        ["update", rest @ ..] => {
            let mut command = update_availability();
            // No site answers: each hut fails, which a dry run does not store.
            command.args(rest).args(["--source-url", "hrs=http://127.0.0.1:9", "--retries=0"]);
            command
        }
        words => {
            let mut command = hut_availability();
            command.args(words);
            command
        }
    };
    command.args(["--database-url", database]);
    command
}

/// Runs a command to its end.
pub fn run_words(words: &[&str], database: &str) -> RunOutput {
    run(&mut command(words, database))
}

/// A connection of another program.
pub fn other_program(path: &Path) -> SqliteConnection {
    SqliteConnection::establish(path.to_str().unwrap()).unwrap()
}

/// The files of a directory with their content, except SQLite's index of the `-wal` file, which readers share.
pub fn contents(directory: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let names = entries.map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(path).unwrap_or_default())
    });
    names.filter(|(name, _)| !name.ends_with("-shm")).collect()
}
