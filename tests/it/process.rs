//! The process around a command: signals, threads and stdout.

use std::process::Command;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::simulate::faults::Faults;

use crate::on_both_databases;
use crate::support::database::TestDatabase;
use crate::support::postgres::unprivileged_command;
use crate::support::program::{hut_availability, run, update_availability};
use crate::support::running::{Running, wait_until};
use crate::support::site::TestSite;

/// Commands that have nothing to finish after a signal, and those that finish what they are doing.
const COMMANDS: [&str; 12] = [
    "migrate",
    "huts list",
    "huts show hut-1",
    "huts set hut-1 capacity_open=9",
    "huts export",
    "map",
    "hut hut-1",
    "trend hut-1 2026-07-01",
    "status",
    "verify",
    "repair",
    "prune --keep-days 9",
];

#[test]
fn every_command_ends_after_sigterm() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(1));
    let mut db = database.open();
    let Db::Postgres(connection) = &mut db else { unreachable!() };
    connection.batch_execute("BEGIN; LOCK TABLE __diesel_schema_migrations").unwrap();
    for command in COMMANDS {
        let args = command.split(' ');
        let mut program = hut_availability();
        let mut running =
            Running::start(program.args(args).args(["--database-url", &database.url]));
        wait_until("a handler of SIGTERM", || running.has_ended() || catches_sigterm(running.id()));
        running.signal("TERM");
        let ran = running.end();
        assert_eq!(ran.status, 143, "{command}: {ran:?}");
    }
}

/// A process with the ID 1, such as that of a container, gets only those signals that it handles.
fn catches_sigterm(id: u32) -> bool {
    let Ok(status) = std::fs::read_to_string(format!("/proc/{id}/status")) else { return false };
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim();
    u64::from_str_radix(caught, 16).unwrap() & (1 << (15 - 1)) != 0
}

on_both_databases! {
    fn a_second_signal_at_once_belongs_to_the_first(database) {
        drop(database.with_huts(20));
        for signal in ["TERM", "INT"] {
            let site = TestSite::with_huts(20);
            let latency = std::time::Duration::from_millis(400);
            site.fake_site.set_faults(Faults { latency, ..Faults::none() });
            let running = Running::start(site.update_command(&database.url).arg("--all"));
            wait_until("requests", || site.fake_site.requests() >= 3);
            running.signal(signal);
            running.signal(signal);
            let ran = running.end();
            assert_eq!(ran.status, if signal == "TERM" { 143 } else { 130 }, "{ran:?}");
            assert_eq!(ran.json()["interrupted"], true, "{ran:?}");
        }
    }
}

#[test]
fn the_number_of_threads_is_checked() {
    let database = TestDatabase::sqlite();
    let map = |threads: &str| {
        let mut command = hut_availability();
        let map = command.args(["map", "--database-url", &database.url]);
        run(map.env("TOKIO_WORKER_THREADS", threads))
    };
    assert_eq!(map("2").status, 0);
    for wrong in ["x", "0", "-1", ""] {
        let ran = map(wrong);
        let expected = format!(
            "error: expected TOKIO_WORKER_THREADS to be a whole number from 1 to 1024, got {wrong:?}\n"
        );
        assert_eq!((ran.status, ran.stderr), (2, expected));
    }
}

/// The limit binds a user who is not root, and counts all processes of that user.
#[test]
fn too_few_threads_are_an_error_and_no_panic() {
    for program in [hut_availability(), update_availability()] {
        let name = program.get_program();
        let mut limited = unprivileged_command();
        let limited = limited.args(["prlimit", "--nproc=1"]);
        let args: &[&str] = match name.to_string_lossy().ends_with("hut-availability") {
            true => &["map", "--database-url", "none.db"],
            false => &["--dry-run", "--database-url", "none.db"],
        };
        let ran = run(limited.arg(name).args(args));
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(
            ran.stderr.contains("cannot start threads") && ran.stderr.contains("ulimit -u"),
            "{ran:?}"
        );
        assert!(!ran.stderr.contains("panicked"), "{ran:?}");
    }
}

/// In a namespace of its own a program has the ID 1. That needs root.
#[test]
fn a_program_that_is_the_first_of_a_container_ends_after_sigterm() {
    let may_unshare = Command::new("unshare").args(["--pid", "--fork", "true"]).status();
    if !may_unshare.is_ok_and(|status| status.success()) {
        crate::support::say("skipped: no namespace of processes may be made here");
        return;
    }
    let database = TestDatabase::postgres();
    let mut db = database.open();
    let Db::Postgres(connection) = &mut db else { unreachable!() };
    connection.batch_execute("BEGIN; LOCK TABLE __diesel_schema_migrations").unwrap();
    let program = hut_availability();
    let mut command = Command::new("unshare");
    let command = command.args(["--pid", "--fork", "--kill-child"]).arg(program.get_program());
    let running = Running::start(command.args(["migrate", "--database-url", &database.url]));
    let child = || {
        let id = running.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).ok()?;
        children.split_whitespace().next()?.parse::<u32>().ok()
    };
    wait_until("a handler of SIGTERM", || child().is_some_and(catches_sigterm));
    let kill = Command::new("kill").args(["-s", "TERM", &child().unwrap().to_string()]).status();
    assert!(kill.unwrap().success());
    assert_eq!(running.end().status, 143);
}
