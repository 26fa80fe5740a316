//! The PostgreSQL server fails during a run.

use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use hut_availability::db::connection::Db;
use hut_availability::db::resilient::{ResilientDb, TimeLimits};
use hut_availability::runtime::timing::Meter;
use hut_availability::simulate::faults::Faults;
use tokio::sync::watch;

use crate::support::database::TestDatabase;
use crate::support::model::assert_invariants;
use crate::support::postgres::Server;
use crate::support::program::RunOutput;
use crate::support::random::{RandomSource, count, is_full, report_measurement};
use crate::support::running::{Running, wait_until};
use crate::support::same::assert_same;
use crate::support::site::TestSite;

const HUTS: u32 = 20;

/// Runs of about 1.5 s against a database on a server of its own, and the same runs against an undisturbed
/// database.
struct Series {
    // Declared before its server, because dropping it still reads from the server.
    database: TestDatabase,
    server: Server,
    undisturbed: TestDatabase,
    site: TestSite,
    steps: u32,
}

impl Series {
    fn start() -> Self {
        let server = Server::start();
        let database = TestDatabase::at(server.new_database());
        let undisturbed = TestDatabase::sqlite();
        drop((database.with_huts(HUTS as usize), undisturbed.with_huts(HUTS as usize)));
        let site = TestSite::with_huts(HUTS);
        let latency = Duration::from_millis(10);
        site.fake_site.set_faults(Faults { latency, ..Faults::none() });
        Self { server, database, undisturbed, site, steps: 0 }
    }

    /// Starts the next run, three days after the previous one.
    fn run(&mut self) -> Running {
        self.steps += 1;
        self.site.set_now(self.as_of().parse().unwrap());
        self.restart()
    }

    fn restart(&self) -> Running {
        let mut command = self.site.update_command(&self.database.url);
        command.args(["--all", "--days", "120", "--as-of", &self.as_of(), "--lease", "1"]);
        Running::start(command.args(["--request-interval", "0.05"]))
    }

    fn as_of(&self) -> String {
        let first: chrono::NaiveDate = "2026-05-01".parse().unwrap();
        format!("{}T10:00:00Z", first + chrono::Days::new(u64::from(self.steps) * 3))
    }

    /// Waits until the site has received `huts` requests of this run.
    fn wait_for_requests(&self, before: usize, huts: usize) {
        wait_until("requests", || self.site.fake_site.requests() >= before + huts);
    }

    /// Asserts that the run has stored everything, as if the server had not failed.
    fn assert_complete(&self, ran: &RunOutput, when: &str) {
        assert_eq!(ran.status, 0, "{when}: {ran:?}");
        let huts = &ran.json()["huts"];
        assert_eq!(huts["failed"], 0, "{when}: {ran:?}");
        let args = ["--all", "--days", "120"];
        assert_eq!(self.site.update(&self.undisturbed, &self.as_of(), &args).status, 0);
        assert_same(&self.database, &self.undisturbed, when);
    }
}

/// If the server is down when a run starts, the run says so, and the next run does its work.
#[test]
fn a_run_survives_a_killed_server() {
    let random = RandomSource::new();
    let (kills, series) = (count(3, 15), count(1, 2));
    scope(|scope| {
        for number in 0..series {
            let random = random.part(number.into());
            scope.spawn(move || kill_at_random(random, kills));
        }
    });
    report_measurement(&format!("{} kills of the server", kills * series));
}

fn kill_at_random(mut random: RandomSource, kills: u32) {
    let mut series = Series::start();
    for kill in 1..=kills {
        let before = series.site.fake_site.requests();
        let running = series.run();
        // Every third kill does not wait for any request of the run.
        let requests = if kill % 3 == 0 { 0 } else { 1 + (random.next() * 15.0) as usize };
        series.wait_for_requests(before, requests);
        let after = random.within(Duration::from_millis(200));
        sleep(after);
        series.server.command("kill");
        sleep(random.within(Duration::from_millis(500)));
        series.server.command("start");
        let mut ran = running.end();
        assert_invariants(&mut series.database.open());
        if requests == 0 && ran.status == 2 && ran.stdout.is_empty() {
            assert!(ran.stderr.contains("error: cannot "), "{ran:?}");
            ran = series.restart().end();
        }
        series.assert_complete(
            &ran,
            &format!("{kill} of {kills}, killed {after:?} after {requests} requests"),
        );
    }
}

#[test]
fn a_run_survives_a_restarted_and_a_hanging_server() {
    let mut series = Series::start();
    for (failure, recovery) in [("stop", "start"), ("pause", "resume")] {
        let before = series.site.fake_site.requests();
        let running = series.run();
        series.wait_for_requests(before, 6);
        series.server.command(failure);
        sleep(Duration::from_secs(2));
        series.server.command(recovery);
        let ran = running.end();
        series.assert_complete(&ran, failure);
        if failure == "stop" {
            assert!(ran.stderr.contains("trying again in"), "{ran:?}");
        }
    }
}

/// A failover: the old primary refuses writes until a new one takes over.
#[test]
fn a_run_survives_a_read_only_server() {
    let mut series = Series::start();
    let read_only = |series: &Series, setting: &str| {
        let name = series.database.url.rsplit('/').next().unwrap().to_owned();
        let Db::Postgres(mut db) = series.database.open() else { unreachable!() };
        for sql in [
            format!("ALTER DATABASE {name} SET default_transaction_read_only = {setting}"),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()"
                .into(),
        ] {
            sql_query("SET default_transaction_read_only = off").execute(&mut db).unwrap();
            sql_query(sql).execute(&mut db).unwrap();
        }
    };
    let before = series.site.fake_site.requests();
    let running = series.run();
    series.wait_for_requests(before, 6);
    read_only(&series, "on");
    wait_until("a refusal", || running.stderr().contains("read-only transaction"));
    read_only(&series, "off");
    let ran = running.end();
    series.assert_complete(&ran, "read-only");
}

/// The report names the huts that could not be stored; those that were stored are complete.
#[test]
fn a_server_that_does_not_return_is_reported() {
    if !is_full() {
        return;
    }
    let mut series = Series::start();
    let before = series.site.fake_site.requests();
    let running = series.run();
    series.wait_for_requests(before, 6);
    series.server.command("kill");
    let begin = Instant::now();
    let ran = running.end();
    report_measurement(&format!(
        "a server that did not return: the run ended after {:?}",
        begin.elapsed()
    ));
    let report = ran.json();
    assert!(ran.status == 1 || ran.status == 2, "{ran:?}");
    let errors = report["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|result| result["outcome"] != "updated");
    assert!(errors.clone().count() > 0);
    for result in errors {
        assert_eq!(result["error"]["kind"], "database", "{result}");
    }
    series.server.command("start");
    assert_invariants(&mut series.database.open());
    let ran = series.restart().end();
    series.assert_complete(&ran, "the next run");
}

#[tokio::test]
async fn a_connection_is_given_up_after_the_outage_timeout() {
    let (_sender, stop) = watch::channel(None);
    let no_server = "postgres://127.0.0.1:9/huts".parse().unwrap();
    let db = ResilientDb::for_coordination(no_server, stop, &Meter::default())
        .with_limits(TimeLimits { outage: Duration::from_secs(1), ..TimeLimits::default() });
    let begin = Instant::now();
    let result = db.run(|_, _| Ok(())).await;
    assert!(result.unwrap_err().to_string().contains("cannot open the database"));
    report_measurement(&format!("an outage timeout of a second ended after {:?}", begin.elapsed()));
}
