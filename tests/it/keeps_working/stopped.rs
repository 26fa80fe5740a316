//! SIGTERM and SIGINT: a run ends by itself, whatever the site and the database do. That it takes 5 seconds at
//! most is a matter of two constants, which are checked where they are; how long it took is noted here, and
//! depends on how busy the machine is.

use std::net::TcpListener;
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use hut_availability::db::connection::Db;
use hut_availability::db::lease::claim_huts;
use hut_availability::db::update_run;
use hut_availability::event::Mode;
use hut_availability::lease::{LastTry, Wanted};
use hut_availability::simulate::faults::{Fault, Faults};

use super::locked::execute;
use crate::on_both_databases;
use crate::support::chance::note;
use crate::support::database::{TestDatabase, number};
use crate::support::model::assert_invariants;
use crate::support::postgres::Server;
use crate::support::program::{Ran, discover};
use crate::support::running::{Running, wait_until};
use crate::support::site::TestSite;

/// By turns, so that both come to their right.
const SIGNALS: [(&str, i32); 2] = [("TERM", 143), ("INT", 130)];

fn stop(running: Running, (signal, status): (&str, i32), what: &str) -> Ran {
    running.signal(signal);
    let begin = Instant::now();
    let ran = running.end();
    let took = begin.elapsed();
    note(&format!("{what}: {:.2} s from SIG{signal} to the end", took.as_secs_f64()));
    assert_eq!(ran.status, status, "{what}: {ran:?}");
    ran
}

/// The report tells of each hut, and that it was interrupted; so does the log of the runs.
fn assert_told(ran: &Ran, database: &TestDatabase) {
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
    fn whatever_the_site_does(database) {
        drop(database.with_huts(40));
        let site = TestSite::with_huts(40);
        let faults = [
            ("the site hangs", Faults { latency: Duration::from_secs(600), ..Faults::none() }),
            ("the site hangs in its answers", Faults::always(Fault::Stall)),
            ("the site is slow", slow()),
            ("the site fails, and is asked again", Faults::always(Fault::ServerError)),
            ("the site wants a pause", Faults { retry_after: Duration::from_secs(50), ..Faults::always(Fault::RateLimit) }),
        ];
        for (number, (what, faults)) in faults.into_iter().enumerate() {
            site.stand_in.set_faults(faults);
            let before = site.stand_in.requests();
            let mut command = site.updating(&database.url);
            let running = Running::start(command.args(["--all", "--retries", "10"]));
            let enough = if what.contains("pause") { 1 } else { 4 };
            wait_until("requests", || site.stand_in.requests() >= before + enough);
            sleep(Duration::from_millis(200));
            let ran = stop(running, SIGNALS[number % 2], what);
            assert_told(&ran, database);
        }
    }

    fn while_another_run_has_the_huts(database) {
        let mut db = database.with_huts(4);
        let site = TestSite::with_huts(4);
        let other = update_run::begin(&mut db, Utc::now(), Mode::All, "elsewhere", 4, TimeDelta::seconds(60)).unwrap();
        let wanted = [1, 2, 3, 4].map(|hut_id| Wanted { hut_id, last_try: LastTry::default() });
        claim_huts(&mut db, other, &wanted, &[], TimeDelta::seconds(60)).unwrap();
        let running = Running::start(site.updating(&database.url).arg("--all"));
        wait_until("the run", || number(&mut db, "SELECT count(*) AS number FROM update_run") == 2);
        sleep(Duration::from_millis(700));
        let ran = stop(running, SIGNALS[0], "the huts are another run's");
        assert_told(&ran, database);
        assert_eq!(site.stand_in.requests(), 0);
    }

    fn a_discovery_does_so_too(database) {
        let site = TestSite::with_huts(40);
        for (number, latency) in [Duration::from_millis(300), Duration::from_secs(600)].into_iter().enumerate() {
            site.stand_in.set_faults(Faults { latency, ..Faults::none() });
            let before = site.stand_in.requests();
            let running = Running::start(&mut discover(&site.stand_in.url(), database));
            wait_until("requests", || site.stand_in.requests() > before);
            stop(running, SIGNALS[number], "a discovery");
        }
    }
}

/// A run of which the file is locked while it stores, by the connection that is returned.
fn locked_in_the_middle(database: &TestDatabase) -> (TestSite, Db, Running) {
    let mut db = database.with_huts(40);
    let site = TestSite::with_huts(40);
    site.stand_in.set_faults(slow());
    let running = Running::start(site.updating(&database.url).arg("--all"));
    wait_until("requests", || site.stand_in.requests() >= 4);
    execute(&mut db, "BEGIN IMMEDIATE");
    sleep(Duration::from_millis(500));
    (site, db, running)
}

/// A SQLite file that another program does not let go of: in the middle of a run, and at its start.
#[test]
fn while_a_file_is_locked() {
    let database = TestDatabase::sqlite();
    let (site, mut db, running) = locked_in_the_middle(&database);
    stop(running, SIGNALS[0], "the file is locked");
    let at_the_start = Running::start(site.updating(&database.url).arg("--all"));
    sleep(Duration::from_secs(1));
    stop(at_the_start, SIGNALS[1], "the file is locked at the start");
    let discovery = Running::start(&mut discover(&site.stand_in.url(), &database));
    sleep(Duration::from_secs(1));
    stop(discovery, SIGNALS[0], "the file is locked for a discovery");
    execute(&mut db, "COMMIT");
    assert_invariants(&mut db);
}

/// A server that hangs: in the middle of a run, and at its start.
#[test]
fn while_a_server_hangs() {
    let mut server = Server::start();
    let database = TestDatabase::at(server.new_database());
    drop(database.with_huts(40));
    let site = TestSite::with_huts(40);
    site.stand_in.set_faults(slow());
    let start = || Running::start(site.updating(&database.url).arg("--all"));
    let running = start();
    wait_until("requests", || site.stand_in.requests() >= 4);
    server.please("pause");
    sleep(Duration::from_millis(500));
    let ran = stop(running, SIGNALS[0], "the server hangs");
    assert_eq!(ran.json()["interrupted"], true, "{ran:?}");
    let at_the_start = start();
    sleep(Duration::from_secs(1));
    stop(at_the_start, SIGNALS[1], "the server hangs at the start");
    server.please("resume");
    assert_invariants(&mut database.open());

    let running = start();
    let before = site.stand_in.requests();
    wait_until("requests", || site.stand_in.requests() >= before + 4);
    server.please("kill");
    wait_until("a retry", || running.said().contains("trying again in"));
    stop(running, SIGNALS[0], "the server is gone");
    server.please("start");
}

/// Somebody listens, and says nothing.
#[test]
fn while_a_connection_is_not_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://{}/huts", listener.local_addr().unwrap());
    let site = TestSite::with_huts(1);
    let running = Running::start(&mut site.updating(&url));
    let _connection = listener.accept().unwrap();
    stop(running, SIGNALS[0], "the connection is not answered");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let database = TestDatabase::sqlite();
    let (_site, mut db, running) = locked_in_the_middle(&database);
    running.signal("TERM");
    wait_until("its word", || running.said().contains("again to stop at once"));
    running.signal("TERM");
    let begin = Instant::now();
    let ran = running.end();
    note(&format!("{:.3} s from a second SIGTERM to the end", begin.elapsed().as_secs_f64()));
    assert_eq!(ran.status, 143, "{ran:?}");
    // After the first one it would have taken 4.7 s.
    assert!(begin.elapsed() < Duration::from_secs(4), "{:?}", begin.elapsed());
    execute(&mut db, "COMMIT");
    assert_invariants(&mut db);
}
