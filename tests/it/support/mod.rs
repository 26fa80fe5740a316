//! Helpers that the tests share.

pub mod browser;
pub mod checks;
pub mod database;
pub mod faketime;
pub mod handlers;
pub mod model;
pub mod odd_site;
pub mod pgbouncer;
pub mod port;
pub mod postgres;
pub mod program;
pub mod proxy;
pub mod pushgateway;
pub mod python_server;
pub mod random;
pub mod raw_site;
pub mod receiver;
pub mod running;
pub mod runs;
pub mod same;
pub mod scripted_site;
pub mod service;
pub mod site;
pub mod site_facts;
pub mod statements;
pub mod stored_watches;
pub mod summer;
pub mod template;
pub mod wodore;

use std::io::Write;
use std::path::PathBuf;

use hut_availability::domain::organization::Organizations;
use hut_availability::sites::registry::Registry;

/// The organizations that the program knows.
pub fn organizations() -> Organizations {
    Registry::default().organizations()
}

/// The folder of the captured data. If `HUT_DATA_DIR` is not set, it prints to stderr that the test is
/// skipped, and returns none.
pub fn captured_data() -> Option<PathBuf> {
    let Some(directory) = std::env::var_os("HUT_DATA_DIR").map(PathBuf::from) else {
        say("skipped: HUT_DATA_DIR is not set; it names the folder of the captured data");
        return None;
    };
    assert!(directory.is_dir(), "HUT_DATA_DIR={} is not a folder", directory.display());
    Some(directory)
}

/// A program or file that `scripts/test.sh` installs. If it is missing, this prints to stderr that the test
/// is skipped, and returns none. That script sets `HUT_TEST_TOOLS=required`, so that none of its tests is
/// skipped silently.
pub fn tool(path: PathBuf) -> Option<PathBuf> {
    if path.exists() {
        return Some(path);
    }
    let missing = format!("{} is missing; scripts/test.sh installs it", path.display());
    assert!(std::env::var_os("HUT_TEST_TOOLS").is_none_or(|word| word != "required"), "{missing}");
    say(&format!("skipped: {missing}"));
    None
}

/// The directory into which `scripts/test.sh` installs files for the tests.
pub fn tools() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/test-tools"))
}

/// Prints to stderr, also in a passing test, whose `eprintln!` output the test harness captures.
pub fn say(text: &str) {
    std::io::stderr().write_all(format!("{text}\n").as_bytes()).unwrap();
}
