//! The PostgreSQL server goes away in the middle of a run.

use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use hut_availability::db::connection::Db;
use hut_availability::db::lasting::LastingDb;
use hut_availability::meter::Meter;
use hut_availability::simulate::faults::Faults;
use tokio::sync::watch;

use crate::support::chance::{Chance, count, is_full, note};
use crate::support::database::TestDatabase;
use crate::support::model::assert_invariants;
use crate::support::postgres::Server;
use crate::support::program::Ran;
use crate::support::running::{Running, wait_until};
use crate::support::same::assert_same;
use crate::support::site::TestSite;

const HUTS: u32 = 20;

/// A run of about a second and a half against a database of a server of its own, and the same without.
struct Series {
    // Before its server, since a look at it is taken when it goes.
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
        site.stand_in.set_faults(Faults { latency, ..Faults::none() });
        Self { server, database, undisturbed, site, steps: 0 }
    }

    /// Starts the next run, days after the last one.
    fn run(&mut self) -> Running {
        self.steps += 1;
        self.site.set_now(self.as_of().parse().unwrap());
        self.again()
    }

    fn again(&self) -> Running {
        let mut command = self.site.updating(&self.database.url);
        command.args(["--all", "--days", "120", "--as-of", &self.as_of(), "--lease", "1"]);
        Running::start(command.args(["--request-interval", "0.05"]))
    }

    fn as_of(&self) -> String {
        let first: chrono::NaiveDate = "2026-05-01".parse().unwrap();
        format!("{}T10:00:00Z", first + chrono::Days::new(u64::from(self.steps) * 3))
    }

    /// Waits until the site has been asked for so many huts of this run.
    fn asked(&self, before: usize, huts: usize) {
        wait_until("requests", || self.site.stand_in.requests() >= before + huts);
    }

    /// All of it is stored, as if nothing had happened.
    fn assert_whole(&self, ran: &Ran, when: &str) {
        assert_eq!(ran.status, 0, "{when}: {ran:?}");
        let huts = &ran.json()["huts"];
        assert_eq!(huts["failed"], 0, "{when}: {ran:?}");
        let args = ["--all", "--days", "120"];
        assert_eq!(self.site.update(&self.undisturbed, &self.as_of(), &args).status, 0);
        assert_same(&self.database, &self.undisturbed, when);
    }
}

/// Where the server was not there when a run began, that says so, and the next one makes up for it.
#[test]
fn a_run_outlasts_a_server_that_is_killed() {
    let chance = Chance::new();
    let kills = count(3, 15);
    scope(|scope| {
        for number in [0, 1] {
            let chance = chance.part(number);
            scope.spawn(move || kill_by_chance(chance, kills));
        }
    });
    note(&format!("{} kills of the server", kills * 2));
}

fn kill_by_chance(mut chance: Chance, kills: u32) {
    let mut series = Series::start();
    for kill in 1..=kills {
        let before = series.site.stand_in.requests();
        let running = series.run();
        // Every third one before the run asks, or at once.
        let asks = if kill % 3 == 0 { 0 } else { 1 + (chance.next() * 15.0) as usize };
        series.asked(before, asks);
        let after = chance.within(Duration::from_millis(200));
        sleep(after);
        series.server.please("kill");
        sleep(chance.within(Duration::from_millis(500)));
        series.server.please("start");
        let mut ran = running.end();
        assert_invariants(&mut series.database.open());
        if asks == 0 && ran.status == 2 && ran.stdout.is_empty() {
            assert!(ran.stderr.contains("error: cannot "), "{ran:?}");
            ran = series.again().end();
        }
        series.assert_whole(
            &ran,
            &format!("{kill} of {kills}, killed {after:?} after {asks} requests"),
        );
    }
}

#[test]
fn a_run_outlasts_a_restart_and_a_server_that_hangs() {
    let mut series = Series::start();
    for (gone, back) in [("stop", "start"), ("pause", "resume")] {
        let before = series.site.stand_in.requests();
        let running = series.run();
        series.asked(before, 6);
        series.server.please(gone);
        sleep(Duration::from_secs(2));
        series.server.please(back);
        let ran = running.end();
        series.assert_whole(&ran, gone);
        if gone == "stop" {
            assert!(ran.stderr.contains("trying again in"), "{ran:?}");
        }
    }
}

/// A failover: what was the primary takes no more writes, until another one is.
#[test]
fn a_run_outlasts_a_server_that_only_reads() {
    let mut series = Series::start();
    let read_only = |series: &Series, word: &str| {
        let name = series.database.url.rsplit('/').next().unwrap().to_owned();
        let Db::Postgres(mut db) = series.database.open() else { unreachable!() };
        for sql in [
            format!("ALTER DATABASE {name} SET default_transaction_read_only = {word}"),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()"
                .into(),
        ] {
            sql_query("SET default_transaction_read_only = off").execute(&mut db).unwrap();
            sql_query(sql).execute(&mut db).unwrap();
        }
    };
    let before = series.site.stand_in.requests();
    let running = series.run();
    series.asked(before, 6);
    read_only(&series, "on");
    wait_until("a refusal", || running.said().contains("read-only transaction"));
    read_only(&series, "off");
    let ran = running.end();
    series.assert_whole(&ran, "read-only");
}

/// What could not be stored is told, and what was is whole.
#[test]
fn a_server_that_stays_away_is_told_of() {
    if !is_full() {
        return;
    }
    let mut series = Series::start();
    let before = series.site.stand_in.requests();
    let running = series.run();
    series.asked(before, 6);
    series.server.please("kill");
    let begin = Instant::now();
    let ran = running.end();
    note(&format!("a server that stayed away: the run ended after {:?}", begin.elapsed()));
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
    series.server.please("start");
    assert_invariants(&mut series.database.open());
    let ran = series.again().end();
    series.assert_whole(&ran, "the run after it");
}

#[tokio::test]
async fn patience_has_an_end() {
    let (_sender, stop) = watch::channel(None);
    let nobody = "postgres://127.0.0.1:9/huts".parse().unwrap();
    let db =
        LastingDb::to_agree(nobody, stop, &Meter::default()).with_patience(Duration::from_secs(1));
    let begin = Instant::now();
    let done = db.run(|_, _| Ok(())).await;
    assert!(done.unwrap_err().to_string().contains("cannot open the database"));
    note(&format!("patience of a second ended after {:?}", begin.elapsed()));
}
