//! Runs the binaries.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::database::TestDatabase;

/// The exit status and the output of a program.
#[derive(Debug)]
pub struct RunOutput {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl RunOutput {
    /// Its report, parsed from stdout.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A command for `update-availability`, without the settings of the environment.
pub fn update_availability() -> Command {
    without_settings(env!("CARGO_BIN_EXE_update-availability"))
}

/// A command for `hut-availability`, without the settings of the environment.
pub fn hut_availability() -> Command {
    without_settings(env!("CARGO_BIN_EXE_hut-availability"))
}

/// Runs `hut-availability huts` and waits for its end.
pub fn huts(database: &TestDatabase, args: &[&str]) -> RunOutput {
    run(hut_availability().arg("huts").args(args).args(["--database-url", &database.url]))
}

/// A command for `hut-availability huts discover` against fakes of all sites.
pub fn discover(site: &reqwest::Url, database: &TestDatabase) -> Command {
    let mut command = hut_availability();
    command.args(["huts", "discover", "--database-url", &database.url]);
    for organization in ["hrs", "huetten-holiday", "ffcam"] {
        command.args(["--source-url", &format!("{organization}={site}")]);
    }
    command
}

/// A command for a program, without the settings of the environment.
pub fn without_settings(program: impl AsRef<OsStr>) -> Command {
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

/// A command for a program, run by a user other than root, who has no write permission.
pub fn as_unprivileged_user(program: &OsStr) -> Command {
    if std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) != 0)
    {
        return without_settings(program);
    }
    // `setpriv` is replaced by the program rather than being its parent, so that the program ends with the
    // test.
    let mut command = without_settings("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]);
    command.arg(program);
    command
}

/// Runs a program in a directory and waits for its end.
pub fn run_in(directory: &Path, command: &mut Command) -> RunOutput {
    let output = command.current_dir(directory).output().unwrap();
    RunOutput {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs a program that creates no file in its working directory, and waits for its end.
pub fn run(command: &mut Command) -> RunOutput {
    run_in(&std::env::temp_dir(), command)
}
