//! Takeovers that are killed or stopped, and two at once.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::json;

use super::{command, small, take_over, with};
use crate::on_both_databases;
use crate::support::database::{TestDatabase, current, history, number};
use crate::support::model::assert_invariants;
use crate::support::random::{RandomSource, count};
use crate::support::running::{Running, wait_until};
use crate::support::wodore::{Version, Wodore};

const HUTS: i32 = 12;

/// Starts a takeover, and waits until it has printed a number of lines on stderr.
fn start(from: &Wodore, to: &TestDatabase, lines: usize) -> Child {
    let mut command = command(from, to);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let stderr = BufReader::new(child.stderr.as_mut().unwrap());
    let output = stderr.lines().take(lines).collect::<Vec<_>>();
    assert_eq!(output.len(), lines, "{output:?}");
    child
}

fn taken(to: &TestDatabase) -> i64 {
    number(&mut to.open(), "SELECT count(*) AS number FROM hut WHERE takeover_record IS NOT NULL")
}

on_both_databases! {
    fn killed_takeovers_continue(database) {
        let (wodore, whole) = (small(Version::April, HUTS), TestDatabase::sqlite());
        let report = take_over(&wodore, &whole, &[]).json();
        let (mut random, mut most) = (RandomSource::new(), 0);
        for _ in 0..count(8, 60) {
            let lines = 1 + (random.next() * 6.0) as usize;
            // Each takes a hut more at least, so none prints fewer lines while there is one left.
            if taken(database) + 5 > HUTS.into() {
                break;
            }
            let mut child = start(&wodore, database, lines);
            child.kill().unwrap();
            child.wait().unwrap();
            assert_invariants(&mut database.open());
            let now = taken(database);
            assert!(now >= most, "huts that were taken are lost: {now} of {most} are left");
            most = now;
        }
        let ran = take_over(&wodore, database, &[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        for key in ["rows", "entries", "repaired", "not_taken"] {
            assert_eq!(ran.json()[key], report[key], "{key}");
        }
        assert!(history(&mut database.open()) == history(&mut whole.open()));
        assert!(current(&mut database.open()) == current(&mut whole.open()));
    }

    fn a_signal_ends_a_takeover_between_two_huts(database) {
        let wodore = small(Version::October, HUTS);
        let running = Running::start_held(command(&wodore, database), 5);
        wait_until("two huts that are taken", || taken(database) >= 2);
        let ran = running.signal_and_end("TERM");
        assert_eq!(ran.status, 143, "{ran:?}");
        assert!(ran.stdout.contains("run the same command again to continue"), "{ran:?}");
        assert!(taken(database) < i64::from(HUTS), "{ran:?}");
        assert_eq!(take_over(&wodore, database, &[]).status, 0);
        assert_eq!(taken(database), i64::from(HUTS));
    }

    fn two_takeovers_at_once_do_not_harm_each_other(database) {
        let wodore = small(Version::April, HUTS);
        let first = start(&wodore, database, 3);
        let second = take_over(&wodore, database, &[]);
        let first = first.wait_with_output().unwrap();
        // Whichever began later holds. The other one may have ended before.
        let statuses = [first.status.code(), Some(second.status)];
        assert!(statuses.contains(&Some(0)), "{statuses:?}: {second:?}");
        assert!(statuses.iter().all(|status| matches!(status, Some(0 | 2))), "{statuses:?}");
        assert_invariants(&mut database.open());
        let again = take_over(&wodore, database, &[]).json();
        assert_eq!(again["huts"]["unchanged"], json!(HUTS), "{again}");
    }

    fn a_takeover_cannot_be_finished_before_all_huts_are_taken(database) {
        let mut wodore = small(Version::April, HUTS);
        assert_eq!(take_over(&wodore, database, &[]).status, 0);
        wodore.sql("UPDATE availability_hutavailability SET last_checked = last_checked + interval '1 hour'");
        let mut child = start(&wodore, database, 3);
        child.kill().unwrap();
        child.wait().unwrap();
        let left = i64::from(HUTS) - taken(database);
        let finished = with(database, &["takeover", "--finish"]);
        assert_eq!(finished.status, if left == 0 { 0 } else { 2 }, "{left} huts are left: {finished:?}");
        let marked = number(&mut database.open(), "SELECT count(*) AS number FROM hut WHERE takeover_read_at IS NOT NULL");
        assert_eq!(marked, if left == 0 { 0 } else { HUTS.into() });
        assert_invariants(&mut database.open());
    }
}
