//! A copy that was broken off, or whose original has changed since.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use diesel::connection::SimpleConnection;

use super::{HUTS, NEXT_DAY, assert_same, copy, copying, filled};
use crate::support::database::TestDatabase;
use crate::support::model::assert_invariants;

/// A copy that has told of so many lines on stderr.
fn begun(from: &TestDatabase, to: &TestDatabase, lines: usize) -> Child {
    let mut command = copying(from, to);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let stderr = BufReader::new(child.stderr.as_mut().unwrap());
    let told = stderr.lines().take(lines).collect::<Vec<_>>();
    assert_eq!(told.len(), lines, "{told:?}");
    child
}

/// Killed at many instants, one copy after the other: each goes on from where the last one was.
fn goes_on(from: &TestDatabase, to: &TestDatabase) {
    drop(filled(from));
    let all = super::rows(from)["hut_check"].len();
    let mut most = 0;
    for round in 0..12_usize {
        let mut child = begun(from, to, 1 + round % 4);
        std::thread::sleep(std::time::Duration::from_micros(700 * round as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_invariants(&mut to.open());
        let huts = super::rows(to)["hut_check"].len();
        assert!(huts >= most, "what was copied stays: {huts} of {most} huts");
        most = huts;
        // Of a copy that has all huts there is little more to break off, and little to be told.
        if huts == all {
            break;
        }
    }
    let ran = copy(from, to);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_same(from, to);
    assert!(most > 1, "the kills were all too early");
}

#[test]
fn killed_in_postgres() {
    goes_on(&TestDatabase::sqlite(), &TestDatabase::postgres());
}

#[test]
fn killed_in_sqlite() {
    goes_on(&TestDatabase::postgres(), &TestDatabase::sqlite());
}

#[test]
fn a_signal_ends_a_copy_between_two_huts() {
    let (from, to) = (TestDatabase::sqlite(), TestDatabase::sqlite());
    drop(filled(&from));
    let child = begun(&from, &to, 4);
    let pid = child.id().to_string();
    std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(143), "{said}");
    assert!(said.contains("then stopped; run the same command again to continue"), "{said}");
    let ran = copy(&from, &to);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.json()["huts"]["copied"].as_u64().unwrap() < u64::from(HUTS), "{ran:?}");
    assert_same(&from, &to);
}

/// A copy is brought up to date by copying again, and only what changed is written.
fn keeps_up(from: &TestDatabase, to: &TestDatabase) {
    let site = filled(from);
    assert_eq!(copy(from, to).status, 0);
    assert_eq!(site.update(from, NEXT_DAY, &["--hut-slug", "hut-3"]).status, 0);
    let ran = copy(from, to);
    assert_eq!((ran.status, &ran.json()["huts"]["copied"]), (0, &1.into()), "{ran:?}");
    assert_same(from, to);
    // What is pruned in the original goes from the copy.
    let prune = "DELETE FROM availability_change WHERE availability_date < '2026-07-10';
        DELETE FROM availability WHERE availability_date < '2026-07-10';
        UPDATE hut_check SET listed_at = NULL;
        DELETE FROM update_run WHERE id = (SELECT min(id) FROM update_run)";
    from.open().batch_execute(prune).unwrap();
    let ran = copy(from, to);
    assert_eq!((ran.status, &ran.json()["huts"]["copied"]), (0, &HUTS.into()), "{ran:?}");
    assert_same(from, to);
}

#[test]
fn later_changes_come_to_sqlite() {
    keeps_up(&TestDatabase::postgres(), &TestDatabase::sqlite());
}

#[test]
fn later_changes_come_to_postgres() {
    keeps_up(&TestDatabase::sqlite(), &TestDatabase::postgres());
}

/// The copy is of one moment, and the run is not held up.
fn copies_while_a_run_writes(from: &TestDatabase, to: &TestDatabase) {
    let site = filled(from);
    let mut child = begun(from, to, 2);
    let ran = site.update(from, NEXT_DAY, &["--all", "--retries=0"]);
    assert_eq!(ran.status, 1, "one is unknown: {ran:?}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_invariants(&mut to.open());
    let ran = copy(from, to);
    assert_eq!((ran.status, &ran.json()["huts"]["copied"]), (0, &(HUTS + 1).into()), "{ran:?}");
    assert_same(from, to);
}

#[test]
fn a_run_writes_to_sqlite_meanwhile() {
    copies_while_a_run_writes(&TestDatabase::sqlite(), &TestDatabase::postgres());
}

#[test]
fn a_run_writes_to_postgres_meanwhile() {
    copies_while_a_run_writes(&TestDatabase::postgres(), &TestDatabase::sqlite());
}
