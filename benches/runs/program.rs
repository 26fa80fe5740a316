//! The programs, as an operator runs them: processes, with their time and memory.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How often it is looked how much memory a process has taken so far.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The two programs.
pub struct Programs {
    update: PathBuf,
    around: PathBuf,
}

/// A process that has ended.
pub struct Ran {
    pub wall: Duration,
    /// The most memory that it held, in KiB.
    pub peak: u64,
    pub stdout: Vec<u8>,
}

impl Programs {
    /// Those in a directory, or those of this checkout.
    pub fn new(directory: Option<&Path>) -> Self {
        let program = |name: &str, own: &str| {
            directory.map_or_else(|| PathBuf::from(own), |directory| directory.join(name))
        };
        Self {
            update: program("update-availability", env!("CARGO_BIN_EXE_update-availability")),
            around: program("hut-availability", env!("CARGO_BIN_EXE_hut-availability")),
        }
    }

    pub fn update(&self, args: &[&str]) -> Ran {
        run(&self.update, args)
    }

    pub fn around(&self, args: &[&str]) -> Ran {
        run(&self.around, args)
    }
}

impl Ran {
    /// The report of `--output json`.
    pub fn report(&self) -> Report {
        Report(serde_json::from_slice(&self.stdout).expect("the report is JSON"))
    }
}

/// The stages of a run that are calls of the database, as `--timings` names them.
const STAGES: [&str; 4] = ["selecting", "agreeing", "comparing", "writing"];

pub struct Report(Value);

impl Report {
    /// Seconds that passed in calls of the database, as the program has measured them.
    pub fn in_database(&self) -> f64 {
        STAGES.iter().map(|stage| self.seconds(stage)).sum()
    }

    /// Seconds of one stage; 0 where the program does not measure it.
    pub fn seconds(&self, stage: &str) -> f64 {
        self.0["timings"][stage].as_f64().unwrap_or_default()
    }

    pub fn number(&self, of: &str, name: &str) -> u64 {
        self.0[of][name].as_u64().unwrap_or_default()
    }
}

/// Runs a program to its end, and watches its memory meanwhile.
///
/// # Panics
/// When it fails: then there is nothing to be measured.
fn run(program: &Path, args: &[&str]) -> Ran {
    let begin = Instant::now();
    let child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let peak = watch_memory(&child);
    let output = child.wait_with_output().expect("it is waited for");
    let wall = begin.elapsed();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} {args:?}: {}\n{said}", program.display(), output.status);
    Ran { wall, peak: peak.load(Ordering::Relaxed), stdout: output.stdout }
}

/// The most memory of a process so far, which the kernel keeps as long as it runs.
fn watch_memory(child: &Child) -> Arc<AtomicU64> {
    let path = format!("/proc/{}/status", child.id());
    let peak = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&peak);
    spawn(move || {
        while let Ok(status) = std::fs::read_to_string(&path) {
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            // There is no such line any more when it has ended.
            let Some(kib) = line.and_then(|line| line.split_whitespace().next()) else { break };
            seen.store(kib.parse().expect("the kernel writes a number"), Ordering::Relaxed);
            sleep(POLL_INTERVAL);
        }
    });
    peak
}
