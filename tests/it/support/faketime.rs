//! Programs with a wrong clock.

use std::path::PathBuf;
use std::process::Command;

use tempfile::NamedTempFile;

use super::tool;

/// A clock that differs from the machine's. Only the wall clock differs, as on a machine whose clock was set or that
/// was suspended: the monotonic clock stands still meanwhile.
pub struct WrongClock {
    preload: PathBuf,
    difference: NamedTempFile,
}

impl WrongClock {
    /// A clock that differs by a time such as `-10m` or `+2d`. If libfaketime is missing, the test is skipped.
    pub fn new(difference: &str) -> Option<Self> {
        let preload = tool(preload())?;
        let clock = Self { preload, difference: NamedTempFile::new().unwrap() };
        clock.set(difference);
        Some(clock)
    }

    /// Sets the clock, also of programs that run.
    pub fn set(&self, difference: &str) {
        std::fs::write(self.difference.path(), difference).unwrap();
    }

    /// Lets a program use this clock.
    pub fn apply_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("LD_PRELOAD", &self.preload)
            .env("FAKETIME_TIMESTAMP_FILE", self.difference.path())
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("DONT_FAKE_MONOTONIC", "1")
    }
}

/// Debian installs the library into a folder that is named after the architecture.
fn preload() -> PathBuf {
    let in_folder = |folder: PathBuf| folder.join("faketime/libfaketimeMT.so.1");
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let mut found = folders.map(|folder| in_folder(folder.path())).filter(|path| path.exists());
    found.next().unwrap_or_else(|| in_folder("/usr/lib".into()))
}
