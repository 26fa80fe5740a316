//! Chance for tests that inject faults: from a seed that a failed test has printed.

use std::env;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, UNIX_EPOCH};

use super::say;

/// Whether all faults are to be injected (`HUT_FAULTS=full`) rather than some of them.
pub fn is_full() -> bool {
    env::var_os("HUT_FAULTS").is_some_and(|word| word == "full")
}

/// How many faults are injected.
pub fn count(some: u32, all: u32) -> u32 {
    if is_full() { all } else { some }
}

/// Tells what was measured: always to who reads a failed test, and to who asked for all faults.
pub fn note(words: &str) {
    if is_full() { say(words) } else { println!("{words}") }
}

/// Numbers by chance.
#[derive(Clone, Debug)]
pub struct Chance {
    seed: u64,
    number: u64,
}

impl Chance {
    /// By the seed in `HUT_FAULTS_SEED`, or another one each time.
    pub fn new() -> Self {
        let given = env::var("HUT_FAULTS_SEED").ok();
        let seed = given
            .map_or_else(|| UNIX_EPOCH.elapsed().unwrap().as_secs(), |seed| seed.parse().unwrap());
        println!("HUT_FAULTS_SEED={seed}");
        Self { seed, number: 0 }
    }

    /// Other numbers than those of the other parts.
    pub fn part(&self, part: u64) -> Self {
        Self { seed: self.seed ^ (part + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15), number: 0 }
    }

    /// From 0 to 1.
    pub fn next(&mut self) -> f64 {
        self.number += 1;
        let mut hasher = DefaultHasher::new();
        (self.seed, self.number).hash(&mut hasher);
        (hasher.finish() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Up to `longest`.
    pub fn within(&mut self, longest: Duration) -> Duration {
        longest.mul_f64(self.next())
    }
}
