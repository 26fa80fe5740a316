//! Copies that were interrupted, and originals that changed after a copy.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use diesel::connection::SimpleConnection;

use super::{HUTS, NEXT_DAY, assert_same, copy, copy_command, filled};
use crate::support::database::{TestDatabase, number};
use crate::support::model::assert_invariants;
use crate::support::running::{Running, wait_until};

/// Starts a copy, and waits until it has printed a number of lines on stderr.
fn start_copy(from: &TestDatabase, to: &TestDatabase, lines: usize) -> Child {
    let mut command = copy_command(from, to);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let stderr = BufReader::new(child.stderr.as_mut().unwrap());
    let output = stderr.lines().take(lines).collect::<Vec<_>>();
    assert_eq!(output.len(), lines, "{output:?}");
    child
}

/// Kills copies at many instants, one after the other. Each copy continues where the previous one ended.
fn interrupted_copies_continue(from: &TestDatabase, to: &TestDatabase) {
    drop(filled(from));
    let all = super::rows(from)["hut_check"].len();
    let mut max_copied = 0;
    for round in 0..12_usize {
        let mut child = start_copy(from, to, 1 + round % 4);
        std::thread::sleep(std::time::Duration::from_micros(700 * round as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_invariants(&mut to.open());
        let huts = super::rows(to)["hut_check"].len();
        assert!(huts >= max_copied, "copied huts were lost: {huts} of {max_copied} are left");
        max_copied = huts;
        // A copy of a database whose huts are all copied already has almost nothing to interrupt, and
        // prints fewer lines.
        if huts == all {
            break;
        }
    }
    let ran = copy(from, to);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_same(from, to);
    assert!(max_copied > 1, "the kills were all too early");
}

#[test]
fn killed_copies_to_postgres_continue() {
    interrupted_copies_continue(&TestDatabase::sqlite(), &TestDatabase::postgres());
}

#[test]
fn killed_copies_to_sqlite_continue() {
    interrupted_copies_continue(&TestDatabase::postgres(), &TestDatabase::sqlite());
}

#[test]
fn a_signal_ends_a_copy_between_two_huts() {
    let (from, to) = (TestDatabase::sqlite(), TestDatabase::sqlite());
    drop(filled(&from));
    let running = Running::start_held(copy_command(&from, &to), 5);
    let copied = "SELECT count(*) AS number FROM hut_check";
    wait_until("two copied huts", || number(&mut to.open(), copied) >= 2);
    let stopped = running.signal_and_end("TERM");
    assert_eq!(stopped.status, 143, "{stopped:?}");
    assert!(
        stopped.stdout.contains("then stopped; run the same command again to continue"),
        "{stopped:?}"
    );
    let ran = copy(&from, &to);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.json()["huts"]["copied"].as_u64().unwrap() < u64::from(HUTS), "{ran:?}");
    assert_same(&from, &to);
}

/// Copying again updates the copy, and writes only changed rows.
fn second_copy_transfers_changes(from: &TestDatabase, to: &TestDatabase) {
    let site = filled(from);
    assert_eq!(copy(from, to).status, 0);
    assert_eq!(site.update(from, NEXT_DAY, &["--hut-slug", "hut-3"]).status, 0);
    let ran = copy(from, to);
    assert_eq!((ran.status, &ran.json()["huts"]["copied"]), (0, &1.into()), "{ran:?}");
    assert_same(from, to);
    // Rows that were pruned in the original are deleted from the copy.
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
fn later_changes_are_copied_to_sqlite() {
    second_copy_transfers_changes(&TestDatabase::postgres(), &TestDatabase::sqlite());
}

#[test]
fn later_changes_are_copied_to_postgres() {
    second_copy_transfers_changes(&TestDatabase::sqlite(), &TestDatabase::postgres());
}

/// The copy shows the data of one instant, and does not block the run.
fn copies_while_a_run_writes(from: &TestDatabase, to: &TestDatabase) {
    let site = filled(from);
    let mut child = start_copy(from, to, 2);
    let ran = site.update(from, NEXT_DAY, &["--all", "--retries=0"]);
    assert_eq!(ran.status, 1, "the site does not know one hut: {ran:?}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_invariants(&mut to.open());
    let ran = copy(from, to);
    assert_eq!((ran.status, &ran.json()["huts"]["copied"]), (0, &(HUTS + 1).into()), "{ran:?}");
    assert_same(from, to);
}

#[test]
fn sqlite_is_copied_while_a_run_writes() {
    copies_while_a_run_writes(&TestDatabase::sqlite(), &TestDatabase::postgres());
}

#[test]
fn postgres_is_copied_while_a_run_writes() {
    copies_while_a_run_writes(&TestDatabase::postgres(), &TestDatabase::sqlite());
}
