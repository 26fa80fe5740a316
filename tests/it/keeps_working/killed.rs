//! A run that is killed at any instant leaves a consistent database, and the next run completes its work.

use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use hut_availability::simulate::faults::Faults;

use crate::support::database::TestDatabase;
use crate::support::model::assert_invariants;
use crate::support::program::run;
use crate::support::random::{RandomSource, count, report_measurement};
use crate::support::running::Running;
use crate::support::same::assert_same;
use crate::support::site::TestSite;

const HUTS: u32 = 10;

/// The instant of a run. Runs are five days apart, so that each has something to write.
fn as_of(step: u32) -> String {
    let first: chrono::NaiveDate = "2026-05-01".parse().unwrap();
    format!("{}T10:00:00Z", first + chrono::Days::new(u64::from(step) * 5))
}

#[test]
fn killed_runs_corrupt_nothing_on_sqlite() {
    kill_at_random(TestDatabase::sqlite);
}

#[test]
fn killed_runs_corrupt_nothing_on_postgres() {
    kill_at_random(TestDatabase::postgres);
}

/// Kills runs, with `HUT_FAULTS=full` on some databases in parallel.
fn kill_at_random(database: fn() -> TestDatabase) {
    let random = RandomSource::new();
    let (kills, series) = (count(2, 25), count(1, 4));
    let ended_before: u32 = scope(|scope| {
        let start = |number: u32| {
            let random = random.part(number.into());
            scope.spawn(move || one_series(&database(), random, kills))
        };
        let series: Vec<_> = (0..series).map(start).collect();
        series.into_iter().map(|series| series.join().unwrap()).sum()
    });
    let all = kills * series;
    report_measurement(&format!(
        "{all} runs were killed while they were working; {ended_before} more had ended before the kill"
    ));
}

/// Kills runs one after another. After each kill and the following run, compares the stored data with a
/// database whose runs were not disturbed. The site's answers and their instants are the same for both.
/// Returns the number of runs that had ended before the kill; they do not count.
fn one_series(database: &TestDatabase, mut random: RandomSource, kills: u32) -> u32 {
    let undisturbed = TestDatabase::sqlite();
    drop((database.with_huts(HUTS as usize), undisturbed.with_huts(HUTS as usize)));
    let site = TestSite::with_huts(HUTS);
    let args = ["--all", "--days", "120"];
    let begin = Instant::now();
    assert_eq!(site.update(&undisturbed, &as_of(0), &args).status, 0);
    assert_eq!(site.update(database, &as_of(0), &args).status, 0);
    let mut longest = begin.elapsed() / 2;
    let (mut step, mut ended_before) = (0, 0);
    while step - ended_before < kills {
        step += 1;
        // Runs alternately spend most of their time on requests and on writing.
        let (interval, latency) = if step % 2 == 0 { ("0.005", 20) } else { ("0", 0) };
        let latency = Duration::from_millis(latency);
        site.fake_site.set_faults(Faults { latency, ..Faults::none() });
        let as_of = as_of(step);
        site.set_now(as_of.parse().unwrap());
        let update_command = || {
            let mut command = site.update_command(&database.url);
            command.args(args).args(["--lease", "1", "--as-of", &as_of]);
            command.args(["--request-interval", interval]);
            command
        };

        let after = random.within(longest);
        let mut running = Running::start(&mut update_command());
        sleep(after);
        let was_at_work = running.kill();
        if !was_at_work {
            // The kills come too late, because the machine has become quicker.
            longest = longest.mul_f64(0.7);
            ended_before += 1;
            assert!(ended_before < 20 + kills, "too many runs end before they can be killed");
        }
        assert_invariants(&mut database.open());

        let next = run(&mut update_command());
        assert_eq!(next.status, 0, "{next:?}");
        let huts = &next.json()["huts"];
        assert_eq!((&huts["selected"], &huts["failed"]), (&HUTS.into(), &0.into()), "{next:?}");
        assert_eq!(site.update(&undisturbed, &as_of, &args).status, 0);
        assert_same(database, &undisturbed, &format!("step {step}, killed after {after:?}"));
    }
    ended_before
}
