//! What the tests share.

pub mod checks;
pub mod database;
pub mod model;
pub mod odd_site;
pub mod postgres;
pub mod program;
pub mod service;
pub mod site;

use std::io::Write;
use std::path::PathBuf;

/// The directory of the captured data; none, with a word on stderr, where it is absent.
pub fn captured_data() -> Option<PathBuf> {
    let directory = std::env::var_os("HUT_DATA_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")),
        PathBuf::from,
    );
    if directory.is_dir() {
        return Some(directory);
    }
    // Not eprintln: what a passing test prints is not shown.
    let words = format!("skipped: no captured data in {} (HUT_DATA_DIR)\n", directory.display());
    std::io::stderr().write_all(words.as_bytes()).unwrap();
    None
}
