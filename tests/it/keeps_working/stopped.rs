//! A run ends after SIGTERM or SIGINT, whatever the site and the database do. Constants in
//! `src/commands/main.rs` limit the time to 5 seconds, and are checked there. These tests only print how long a
//! run took, because that depends on how busy the machine is.

use std::net::TcpListener;
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use hut_availability::db::connection::Db;
use hut_availability::db::lease::claim_huts;
use hut_availability::db::update_run;
use hut_availability::domain::fault::Fault;
use hut_availability::domain::lease::{ClaimRequest, LastTry};
use hut_availability::domain::run::Mode;
use hut_availability::simulate::faults::Faults;

use super::locked::execute;
use crate::on_both_databases;
use crate::support::database::{TestDatabase, number};
use crate::support::model::assert_invariants;
use crate::support::postgres::Server;
use crate::support::program::{RunOutput, discover};
use crate::support::random::report_measurement;
use crate::support::running::{Running, wait_until};
use crate::support::site::TestSite;

/// The tests alternate between the two signals.
const SIGNALS: [(&str, i32); 2] = [("TERM", 143), ("INT", 130)];

fn stop(running: Running, (signal, status): (&str, i32), situation: &str) -> RunOutput {
    running.signal(signal);
    let begin = Instant::now();
    let ran = running.end();
    let took = begin.elapsed();
    report_measurement(&format!(
        "{situation}: {:.2} s from SIG{signal} to the end",
        took.as_secs_f64()
    ));
    assert_eq!(ran.status, status, "{situation}: {ran:?}");
    ran
}

/// Both the report and the run log say that the run was interrupted, and count every hut.
fn assert_interruption_is_reported(ran: &RunOutput, database: &TestDatabase) {
    let report = ran.json();
    assert_eq!(
        (&report["interrupted"], &report["huts"]["failed"]),
        (&true.into(), &0.into()),
        "{ran:?}"
    );
    let count = |outcome: &str| report["huts"][outcome].as_u64().unwrap();
    assert_eq!(count("selected"), count("updated") + count("skipped"), "{ran:?}");
    let mut db = database.open();
    assert_invariants(&mut db);
    let (status, updated) = (ran.status, count("updated"));
    let logged = format!(
        "SELECT count(*) AS number FROM update_run
         WHERE id = (SELECT max(id) FROM update_run) AND interrupted AND exit_status = {status} AND huts_updated = {updated}"
    );
    assert_eq!(number(&mut db, &logged), 1, "{ran:?}");
    assert_eq!(
        number(
            &mut db,
            "SELECT count(*) AS number FROM lease WHERE run_id = (SELECT max(id) FROM update_run)"
        ),
        0
    );
}

fn slow() -> Faults {
    Faults { latency: Duration::from_millis(300), ..Faults::none() }
}

on_both_databases! {
    fn a_run_stops_whatever_the_site_does(database) {
        drop(database.with_huts(40));
        let site = TestSite::with_huts(40);
        let faults = [
            ("the site hangs", Faults { latency: Duration::from_secs(600), ..Faults::none() }),
            ("the site hangs in the middle of its answers", Faults::always(Fault::Stall)),
            ("the site is slow", slow()),
            ("the site fails, and requests are retried", Faults::always(Fault::ServerError)),
            ("the site asks for a pause", Faults { retry_after: Duration::from_secs(50), ..Faults::always(Fault::RateLimit) }),
        ];
        for (number, (situation, faults)) in faults.into_iter().enumerate() {
            site.fake_site.set_faults(faults);
            let before = site.fake_site.requests();
            let mut command = site.update_command(&database.url);
            let running = Running::start(command.args(["--all", "--retries", "10"]));
            let min_requests = if situation.contains("pause") { 1 } else { 4 };
            wait_until("requests", || site.fake_site.requests() >= before + min_requests);
            sleep(Duration::from_millis(200));
            let ran = stop(running, SIGNALS[number % 2], situation);
            assert_interruption_is_reported(&ran, database);
        }
    }

    fn a_run_stops_while_another_run_has_claimed_its_huts(database) {
        let mut db = database.with_huts(4);
        let site = TestSite::with_huts(4);
        let other = update_run::begin(&mut db, Utc::now(), Mode::All, "elsewhere", 4, TimeDelta::seconds(60)).unwrap();
        let claim_requests = [1, 2, 3, 4].map(|hut_id| ClaimRequest { hut_id, last_try: LastTry::default() });
        claim_huts(&mut db, other, &claim_requests, &[], TimeDelta::seconds(60)).unwrap();
        let running = Running::start(site.update_command(&database.url).arg("--all"));
        wait_until("the start of the run", || number(&mut db, "SELECT count(*) AS number FROM update_run") == 2);
        sleep(Duration::from_millis(700));
        let ran = stop(running, SIGNALS[0], "another run has claimed the huts");
        assert_interruption_is_reported(&ran, database);
        assert_eq!(site.fake_site.requests(), 0);
    }

    fn a_discovery_stops_whatever_the_site_does(database) {
        let site = TestSite::with_huts(40);
        for (number, latency) in [Duration::from_millis(300), Duration::from_secs(600)].into_iter().enumerate() {
            site.fake_site.set_faults(Faults { latency, ..Faults::none() });
            let before = site.fake_site.requests();
            let running = Running::start(&mut discover(&site.fake_site.url(), database));
            wait_until("requests", || site.fake_site.requests() > before);
            stop(running, SIGNALS[number], "a discovery");
        }
    }
}

/// Starts a run, and locks its database file while it stores, with the returned connection.
fn run_with_locked_file(database: &TestDatabase) -> (TestSite, Db, Running) {
    let mut db = database.with_huts(40);
    let site = TestSite::with_huts(40);
    site.fake_site.set_faults(slow());
    let running = Running::start(site.update_command(&database.url).arg("--all"));
    wait_until("requests", || site.fake_site.requests() >= 4);
    execute(&mut db, "BEGIN IMMEDIATE");
    sleep(Duration::from_millis(500));
    (site, db, running)
}

/// Another program holds the lock of a SQLite file: during a run, and at the start of one.
#[test]
fn a_run_stops_while_its_file_is_locked() {
    let database = TestDatabase::sqlite();
    let (site, mut db, running) = run_with_locked_file(&database);
    stop(running, SIGNALS[0], "the file is locked");
    let at_the_start = Running::start(site.update_command(&database.url).arg("--all"));
    sleep(Duration::from_secs(1));
    stop(at_the_start, SIGNALS[1], "the file is locked at the start");
    let discovery = Running::start(&mut discover(&site.fake_site.url(), &database));
    sleep(Duration::from_secs(1));
    stop(discovery, SIGNALS[0], "the file is locked for a discovery");
    execute(&mut db, "COMMIT");
    assert_invariants(&mut db);
}

/// The server hangs: during a run, and at the start of one.
#[test]
fn a_run_stops_while_its_server_hangs() {
    let mut server = Server::start();
    let database = TestDatabase::at(server.new_database());
    drop(database.with_huts(40));
    let site = TestSite::with_huts(40);
    site.fake_site.set_faults(slow());
    let start = || Running::start(site.update_command(&database.url).arg("--all"));
    let running = start();
    wait_until("requests", || site.fake_site.requests() >= 4);
    server.command("pause");
    sleep(Duration::from_millis(500));
    let ran = stop(running, SIGNALS[0], "the server hangs");
    assert_eq!(ran.json()["interrupted"], true, "{ran:?}");
    let at_the_start = start();
    sleep(Duration::from_secs(1));
    stop(at_the_start, SIGNALS[1], "the server hangs at the start");
    server.command("resume");
    assert_invariants(&mut database.open());

    let running = start();
    let before = site.fake_site.requests();
    wait_until("requests", || site.fake_site.requests() >= before + 4);
    server.command("kill");
    wait_until("a retry", || running.stderr().contains("trying again in"));
    stop(running, SIGNALS[0], "the server is down");
    server.command("start");
}

/// The server accepts the connection, and never answers.
#[test]
fn a_run_stops_while_its_connection_is_not_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://{}/huts", listener.local_addr().unwrap());
    let site = TestSite::with_huts(1);
    let running = Running::start(&mut site.update_command(&url));
    let _connection = listener.accept().unwrap();
    stop(running, SIGNALS[0], "the connection is not answered");
}

#[test]
fn a_second_signal_ends_a_run_immediately() {
    let database = TestDatabase::sqlite();
    let (_site, mut db, mut running) = run_with_locked_file(&database);
    running.signal("TERM");
    wait_until("the message of the first signal", || {
        running.stderr().contains("again to quit now")
    });
    // One that comes within a second belongs to the first.
    let begin = Instant::now();
    while !running.has_ended() {
        running.signal("TERM");
        sleep(Duration::from_millis(50));
    }
    let ran = running.end();
    report_measurement(&format!(
        "{:.3} s from a second SIGTERM to the end",
        begin.elapsed().as_secs_f64()
    ));
    assert_eq!(ran.status, 143, "{ran:?}");
    // As after one signal alone, when its time is over.
    assert!(!ran.stderr.contains("forced exit"), "{ran:?}");
    execute(&mut db, "COMMIT");
    assert_invariants(&mut db);
}
