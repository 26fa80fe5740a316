//! What the tests share.

pub mod asked;
pub mod browser;
pub mod chance;
pub mod checks;
pub mod database;
pub mod model;
pub mod odd_site;
pub mod postgres;
pub mod program;
pub mod pushgateway;
pub mod running;
pub mod runs;
pub mod same;
pub mod service;
pub mod site;
pub mod statements;
pub mod summer;

use std::io::Write;
use std::path::PathBuf;

/// The directory of the captured data, `HUT_DATA_DIR`; none, with a word on stderr, where that is not set.
pub fn captured_data() -> Option<PathBuf> {
    let Some(directory) = std::env::var_os("HUT_DATA_DIR").map(PathBuf::from) else {
        say("skipped: HUT_DATA_DIR does not say where the captured data are");
        return None;
    };
    assert!(directory.is_dir(), "HUT_DATA_DIR is no directory: {}", directory.display());
    Some(directory)
}

/// A program or file that `scripts/test.sh` sets up; none, with a word on stderr, where it is absent.
/// That script sets `HUT_TEST_TOOLS=required`, so that its tests are never skipped in silence.
pub fn tool(path: PathBuf) -> Option<PathBuf> {
    if path.exists() {
        return Some(path);
    }
    let missing = format!("no {}, which scripts/test.sh sets up", path.display());
    assert!(std::env::var_os("HUT_TEST_TOOLS").is_none_or(|word| word != "required"), "{missing}");
    say(&format!("skipped: {missing}"));
    None
}

/// Where `scripts/test.sh` puts what it installs for the tests.
pub fn tools() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/test-tools"))
}

/// Not eprintln: what a passing test prints is not shown.
pub fn say(words: &str) {
    std::io::stderr().write_all(format!("{words}\n").as_bytes()).unwrap();
}
