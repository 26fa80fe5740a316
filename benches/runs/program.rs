//! Runs the programs as an operator does: as processes, with their time and memory.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How often the peak memory of a process is read.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The two programs.
pub struct Programs {
    update: PathBuf,
    operate: PathBuf,
}

/// A process that has ended.
pub struct Ran {
    pub wall: Duration,
    /// Its peak memory, in KiB.
    pub peak: u64,
    pub stdout: Vec<u8>,
}

impl Programs {
    /// The programs in a directory, or those of this checkout.
    pub fn new(directory: Option<&Path>) -> Self {
        let program = |name: &str, own: &str| {
            directory.map_or_else(|| PathBuf::from(own), |directory| directory.join(name))
        };
        Self {
            update: program("update-availability", env!("CARGO_BIN_EXE_update-availability")),
            operate: program("hut-availability", env!("CARGO_BIN_EXE_hut-availability")),
        }
    }

    pub fn update(&self, args: &[&str]) -> Ran {
        run(&self.update, args)
    }

    pub fn operate(&self, args: &[&str]) -> Ran {
        run(&self.operate, args)
    }
}

impl Ran {
    /// The report of `--output json`.
    pub fn report(&self) -> Report {
        Report(serde_json::from_slice(&self.stdout).expect("the report is JSON"))
    }
}

/// The stages of a run that are database calls, named as in `--timings`.
const STAGES: [&str; 4] = ["selecting", "agreeing", "comparing", "writing"];

pub struct Report(Value);

impl Report {
    /// Seconds spent in database calls, as the program reports them.
    pub fn in_database(&self) -> f64 {
        STAGES.iter().map(|stage| self.seconds(stage)).sum()
    }

    /// Seconds of one stage, or 0 if the program does not report it.
    pub fn seconds(&self, stage: &str) -> f64 {
        self.0["timings"][stage].as_f64().unwrap_or_default()
    }

    pub fn number(&self, object: &str, name: &str) -> u64 {
        self.0[object][name].as_u64().unwrap_or_default()
    }
}

/// Runs a program to its end, and records its peak memory.
///
/// # Panics
/// If the program fails, because then there is nothing to measure.
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
    let output = child.wait_with_output().expect("the process can be awaited");
    let wall = begin.elapsed();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} {args:?}: {}\n{stderr}", program.display(), output.status);
    Ran { wall, peak: peak.load(Ordering::Relaxed), stdout: output.stdout }
}

/// The peak memory of a process so far. The kernel reports it only as long as the process runs.
fn watch_memory(child: &Child) -> Arc<AtomicU64> {
    let path = format!("/proc/{}/status", child.id());
    let peak = Arc::new(AtomicU64::new(0));
    let shared = Arc::clone(&peak);
    spawn(move || {
        while let Ok(status) = std::fs::read_to_string(&path) {
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            // The line is missing once the process has ended.
            let Some(kib) = line.and_then(|line| line.split_whitespace().next()) else { break };
            shared.store(kib.parse().expect("the kernel writes a number"), Ordering::Relaxed);
            sleep(POLL_INTERVAL);
        }
    });
    peak
}
