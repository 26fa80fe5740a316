//! Random numbers for tests that inject faults. A failed test prints its seed.

use std::env;
use std::time::{Duration, UNIX_EPOCH};

use super::say;

/// Whether all faults are injected, and all long tests run (`HUT_FAULTS=full`), rather than some of them.
pub fn is_full() -> bool {
    env::var_os("HUT_FAULTS").is_some_and(|word| word == "full")
}

/// Whether a long test is left out, because `HUT_FAULTS=full` is not set. Then it says so.
pub fn is_skipped_as_long(test: &str) -> bool {
    let is_skipped = !is_full();
    if is_skipped {
        say(&format!("skipped without HUT_FAULTS=full: {test}"));
    }
    is_skipped
}

/// How many faults to inject.
pub fn count(some: u32, all: u32) -> u32 {
    if is_full() { all } else { some }
}

/// Prints a measurement: in a failed test always, in a passing test only with `HUT_FAULTS=full`.
pub fn report_measurement(text: &str) {
    if is_full() { say(text) } else { println!("{text}") }
}

/// A source of random numbers, repeatable by its seed.
#[derive(Clone, Debug)]
pub struct RandomSource(fastrand::Rng);

impl RandomSource {
    /// Takes the seed from `HUT_FAULTS_SEED`, or else from the time.
    pub fn new() -> Self {
        let given = env::var("HUT_FAULTS_SEED").ok();
        let seed = given
            .map_or_else(|| UNIX_EPOCH.elapsed().unwrap().as_secs(), |seed| seed.parse().unwrap());
        println!("HUT_FAULTS_SEED={seed}");
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A source of numbers that differ from those of the other parts.
    pub fn part(&self, part: u64) -> Self {
        Self(fastrand::Rng::with_seed(self.0.get_seed() ^ (part + 1)))
    }

    /// The next number, from 0 up to 1.
    pub fn next(&mut self) -> f64 {
        self.0.f64()
    }

    /// A random duration of at most `max`.
    pub fn within(&mut self, max: Duration) -> Duration {
        max.mul_f64(self.next())
    }
}
