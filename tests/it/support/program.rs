//! The binaries, from outside.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::database::TestDatabase;

/// What a program did.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Its report.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// `update-availability`, not yet started, without the environment's settings.
pub fn update_availability() -> Command {
    clean(env!("CARGO_BIN_EXE_update-availability"))
}

/// `hut-availability`, likewise.
pub fn hut_availability() -> Command {
    clean(env!("CARGO_BIN_EXE_hut-availability"))
}

/// Runs `hut-availability huts` to its end.
pub fn huts(database: &TestDatabase, args: &[&str]) -> Ran {
    run(hut_availability().arg("huts").args(args).args(["--database-url", &database.url]))
}

/// `hut-availability huts discover`, likewise, at stand-ins of both sites.
pub fn discover(site: &reqwest::Url, database: &TestDatabase) -> Command {
    let mut command = hut_availability();
    command.args(["huts", "discover", "--database-url", &database.url]);
    for organization in ["hrs", "huetten-holiday"] {
        command.args(["--source-url", &format!("{organization}={site}")]);
    }
    command
}

fn clean(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("DATABASE_URL") || name.starts_with("AVAILABILITY_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// Runs a program to its end, in a directory.
pub fn run_in(directory: &Path, command: &mut Command) -> Ran {
    let output = command.current_dir(directory).output().unwrap();
    Ran {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs a program to its end, where it makes no file.
pub fn run(command: &mut Command) -> Ran {
    run_in(&std::env::temp_dir(), command)
}
