//! `prune` while a run writes, and when a signal arrives.

use std::process::Stdio;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, current, history, number};
use crate::support::program::hut_availability;
use crate::support::running::wait_until;
use crate::support::site::TestSite;

const HUTS: usize = 12;

/// Runs the job on three days for all huts. Returns the fake site.
fn three_days(database: &TestDatabase) -> TestSite {
    drop(database.with_huts(HUTS));
    let site = TestSite::with_huts(u32::try_from(HUTS).unwrap());
    for day in 1..=3 {
        let ran =
            site.update(database, &format!("2026-07-0{day}T10:00:00Z"), &["--all", "--days", "60"]);
        assert_eq!(ran.status, 0, "{ran:?}");
    }
    site
}

/// A command that prunes the nights before `day`.
fn prune(database: &TestDatabase, day: &str) -> std::process::Command {
    let mut command = hut_availability();
    command.args(["prune", "--keep-days", "0", "--as-of", &format!("{day}T10:00:00Z")]);
    command.args(["--database-url", &database.url]).stdout(Stdio::null());
    command
}

on_both_databases! {
    /// The result is the same as if the run and `prune` had not overlapped.
    fn a_concurrent_run_loses_nothing(database) {
        let (today, later) = ("2026-07-04T10:00:00Z", "2026-08-15");
        let sequential = if database.is_sqlite() { TestDatabase::sqlite() } else { TestDatabase::postgres() };
        let site = three_days(&sequential);
        let run = |database: &TestDatabase| {
            let ran = site.update(database, today, &["--all", "--days", "60"]);
            assert_eq!(ran.status, 0, "{ran:?}");
            assert_eq!(ran.json()["huts"]["updated"], HUTS, "{ran:?}");
        };
        run(&sequential);
        assert!(prune(&sequential, "2026-07-04").status().unwrap().success());

        three_days(database);
        let mut pruning = prune(database, "2026-07-04").spawn().unwrap();
        run(database);
        assert!(pruning.wait().unwrap().success());
        let [expected, concurrent] = [&sequential, database].map(|database| {
            let mut db = database.open();
            (current(&mut db), history(&mut db))
        });
        assert_eq!(expected.0.len(), HUTS * 60, "past nights are pruned");
        assert_eq!(concurrent, expected);

        // Prunes dates that the run lists, as if the clock of `prune` were weeks ahead.
        let mut pruning = prune(database, later).spawn().unwrap();
        let ran = site.update(database, "2026-07-04T11:00:00Z", &["--all", "--days", "60"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(pruning.wait().unwrap().success());
    }

    fn a_signal_ends_prune_after_the_current_step(database) {
        three_days(database);
        let mut db = database.open();
        let mut dates = || number(&mut db, "SELECT count(*) AS number FROM availability");
        let before = dates();
        let mut pruning = prune(database, "2026-09-30").spawn().unwrap();
        wait_until("the first pruned dates", || dates() < before);
        std::process::Command::new("kill").arg(pruning.id().to_string()).status().unwrap();
        assert_eq!(pruning.wait().unwrap().code(), Some(143));
        let rest = dates();
        assert!(0 < rest && rest < before, "{rest} of {before} dates remain");
        assert!(prune(database, "2026-09-30").status().unwrap().success());
        assert_eq!(dates(), 0, "the next run prunes the rest");
    }
}
