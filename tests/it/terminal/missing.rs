//! A database file that does not exist is an error of every command that reads, and stays missing.

use crate::support::program::{hut_availability, run};

/// The commands that read, without the flags of the database.
const READING: [&[&str]; 17] = [
    &["map"],
    &["hut", "watzmannhaus"],
    &["trend", "watzmannhaus", "today"],
    &["status"],
    &["stays"],
    &["tours", "--stage", "a", "--stage", "b"],
    &["huts", "list"],
    &["huts", "list", "--output", "json"],
    &["huts", "show", "watzmannhaus"],
    &["huts", "export"],
    &["huts", "types"],
    &["huts", "link", "--proposed", "--dry-run"],
    &["watches", "list"],
    &["watches", "show", "july"],
    &["watches", "pause", "july"],
    &["verify"],
    &["replay"],
];

#[test]
fn every_command_that_reads_names_the_missing_file_and_creates_none() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("none.db");
    let is_missing = |args: &[&str]| {
        let ran = run(hut_availability().args(args).arg("--database-url").arg(&path));
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{args:?}: {ran:?}");
        for text in
            ["none.db does not exist", "--database-url", "huts discover", "update-availability"]
        {
            assert!(ran.stderr.contains(text), "{args:?}: {ran:?}");
        }
        assert!(!ran.stderr.contains("no huts"), "{args:?}: {ran:?}");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "{args:?}");
    };
    READING.into_iter().for_each(is_missing);
    is_missing(&["compare", "--with", "http://127.0.0.1:9"]);
    is_missing(&["prune", "--keep-days", "9", "--dry-run"]);
    is_missing(&["repair", "--dry-run"]);
}

#[test]
fn a_copy_names_the_missing_source_and_creates_no_target() {
    let directory = tempfile::tempdir().unwrap();
    let [from, to] = ["from.db", "to.db"].map(|name| directory.path().join(name));
    let ran = run(hut_availability().arg("copy").arg("--from").arg(&from).arg("--to").arg(&to));
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stderr.contains("there is no file") && ran.stderr.contains("from.db"), "{ran:?}");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}
