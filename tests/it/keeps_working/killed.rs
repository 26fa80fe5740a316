//! A run that is killed at any instant leaves a whole database, and the next one goes on.

use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use hut_availability::simulate::faults::Faults;

use crate::support::chance::{Chance, count, note};
use crate::support::database::TestDatabase;
use crate::support::model::assert_invariants;
use crate::support::program::run;
use crate::support::running::Running;
use crate::support::same::assert_same;
use crate::support::site::TestSite;

const HUTS: u32 = 10;

/// Databases on which runs are killed side by side.
const SERIES: u64 = 4;

/// Five days between the runs, so that each has something to write.
fn as_of(step: u32) -> String {
    let first: chrono::NaiveDate = "2026-05-01".parse().unwrap();
    format!("{}T10:00:00Z", first + chrono::Days::new(u64::from(step) * 5))
}

#[test]
fn killed_runs_harm_nothing_on_sqlite() {
    kill_by_chance(TestDatabase::sqlite);
}

#[test]
fn killed_runs_harm_nothing_on_postgres() {
    kill_by_chance(TestDatabase::postgres);
}

fn kill_by_chance(database: fn() -> TestDatabase) {
    let chance = Chance::new();
    let kills = count(2, 25);
    let too_late: u32 = scope(|scope| {
        let series = |number| {
            let chance = chance.part(number);
            scope.spawn(move || one_series(&database(), chance, kills))
        };
        let series: Vec<_> = (0..SERIES).map(series).collect();
        series.into_iter().map(|series| series.join().unwrap()).sum()
    });
    let all = kills * u32::try_from(SERIES).unwrap();
    note(&format!("{all} runs were killed in the midst of their work, {too_late} more had ended"));
}

/// Kills runs one after another, and holds what is stored after each and its next run against a database
/// whose runs were left alone. The answers, and their times, are the same for both. Returns how many runs had
/// ended before they could be killed; those do not count.
fn one_series(database: &TestDatabase, mut chance: Chance, kills: u32) -> u32 {
    let undisturbed = TestDatabase::sqlite();
    drop((database.with_huts(HUTS as usize), undisturbed.with_huts(HUTS as usize)));
    let site = TestSite::with_huts(HUTS);
    let args = ["--all", "--days", "120"];
    let begin = Instant::now();
    assert_eq!(site.update(&undisturbed, &as_of(0), &args).status, 0);
    assert_eq!(site.update(database, &as_of(0), &args).status, 0);
    let mut longest = begin.elapsed() / 2;
    let (mut step, mut too_late) = (0, 0);
    while step - too_late < kills {
        step += 1;
        // By turns, most of the time goes into asking or into writing.
        let (interval, latency) = if step % 2 == 0 { ("0.005", 20) } else { ("0", 0) };
        let latency = Duration::from_millis(latency);
        site.stand_in.set_faults(Faults { latency, ..Faults::none() });
        let as_of = as_of(step);
        site.set_now(as_of.parse().unwrap());
        let updating = || {
            let mut command = site.updating(&database.url);
            command.args(args).args(["--lease", "1", "--as-of", &as_of]);
            command.args(["--request-interval", interval]);
            command
        };

        let after = chance.within(longest);
        let mut running = Running::start(&mut updating());
        sleep(after);
        let was_at_work = running.kill();
        if !was_at_work {
            // The machine has become quicker.
            longest = longest.mul_f64(0.7);
            too_late += 1;
            assert!(too_late < 20 + kills, "no run is killed in the midst of its work");
        }
        assert_invariants(&mut database.open());

        let next = run(&mut updating());
        assert_eq!(next.status, 0, "{next:?}");
        let huts = &next.json()["huts"];
        assert_eq!((&huts["selected"], &huts["failed"]), (&HUTS.into(), &0.into()), "{next:?}");
        assert_eq!(site.update(&undisturbed, &as_of, &args).status, 0);
        assert_same(database, &undisturbed, &format!("step {step}, killed after {after:?}"));
    }
    too_late
}
