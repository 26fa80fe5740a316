//! Weeks of runs with random faults, half an hour apart, in one process after another. Each process but the
//! last is killed. A process executes the code of `update-availability` many times, so that a memory leak
//! between runs is found.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use hut_availability::cli::update::UpdateCli;
use hut_availability::commands;
use hut_availability::commands::config::UpdateConfig;
use hut_availability::db::connection::Db;
use hut_availability::db::schema::{lease, site_pace, update_run};
use hut_availability::db::timestamp::{self, Timestamp as Stored};
use hut_availability::domain::fault::Fault;
use hut_availability::domain::signal::Signal;
use hut_availability::simulate::faults::Faults;
use hut_availability::sites::registry::Registry;
use indicatif::MultiProgress;
use tokio::sync::watch;

use crate::support::database::{TestDatabase, number};
use crate::support::model::assert_invariants;
use crate::support::random::{RandomSource, count, is_full, report_measurement};
use crate::support::running::{Running, wait_until};
use crate::support::site::TestSite;

const HUTS: u32 = 12;

/// A soak that takes longer is considered to hang.
const MAX_SOAK_TIME: Duration = Duration::from_secs(3600);

/// The environment variables that tell a process its database, its log file for the ends of runs, and its
/// number of runs.
const URL: &str = "HUT_SOAK_URL";
const LOG: &str = "HUT_SOAK_LOG";
const RUNS: &str = "HUT_SOAK_RUNS";

#[test]
fn weeks_of_faults_corrupt_nothing_on_sqlite() {
    soak(&TestDatabase::sqlite());
}

#[test]
fn weeks_of_faults_corrupt_nothing_on_postgres() {
    soak(&TestDatabase::postgres());
}

/// Runs the first half in processes that are killed, and the second half in one process while the database
/// is locked or its connections are closed.
fn soak(database: &TestDatabase) {
    let runs = i64::from(count(16, 1000));
    let mut random = RandomSource::new();
    let mut db = database.with_huts(HUTS as usize);
    let log = tempfile::NamedTempFile::new().unwrap();
    let start = |runs: i64| {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args([
            "--exact",
            "keeps_working::soak::runs_of_one_process",
            "--ignored",
            "--nocapture",
        ]);
        let settings = [(URL, database.url.clone()), (LOG, log.path().display().to_string())];
        // Each run has its own threads, and glibc keeps memory for each thread, which would look like a
        // memory leak.
        command.env("MALLOC_ARENA_MAX", "1");
        // So would the memory of a freed answer of 9 MB: glibc keeps more the larger what was freed, unless this is set.
        command.env("MALLOC_MMAP_THRESHOLD_", (128 * 1024).to_string());
        // And so would the debug information that the standard library keeps once it has printed the stack of a panic,
        // which a cut connection may cause (`retry`).
        command.env("RUST_BACKTRACE", "0");
        Running::start(command.envs(settings).env(RUNS, runs.to_string()))
    };
    let count_runs = "SELECT count(*) AS number FROM update_run";
    let (mut kills, mut disturbances) = (0, 0);
    let first_half = runs / 2;
    let begin = Instant::now();
    while number(&mut db, count_runs) < first_half {
        let mut running = start(first_half);
        let until = number(&mut db, count_runs) + 1 + (random.next() * runs as f64 / 8.0) as i64;
        let deadline = Instant::now() + random.within(Duration::from_secs(20));
        while number(&mut db, count_runs) < until && Instant::now() < deadline {
            sleep(Duration::from_millis(20));
        }
        sleep(random.within(Duration::from_millis(60)));
        kills += u32::from(running.kill());
        assert!(begin.elapsed() < MAX_SOAK_TIME, "{} runs", number(&mut db, count_runs));
        assert_invariants(&mut db);
    }
    let mut running = start(runs);
    while !running.has_ended() {
        assert!(begin.elapsed() < MAX_SOAK_TIME, "{}", running.stderr());
        sleep(Duration::from_millis(500) + random.within(Duration::from_secs(1)));
        disturb(&mut db);
        disturbances += 1;
    }
    let ran = running.end();
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_invariants(&mut db);
    let (runs_done, summary) = (number(&mut db, count_runs), summary(log.path()));
    // If the last run lost its connection at its end, its lease is still there. The next run deletes it.
    wait_until("the last lease to expire", || live_leases(&mut db) == 0);
    let ran = start(runs_done + 1).end();
    assert_eq!(ran.status, 0, "{ran:?}");
    for (table, max) in [("lease", 0), ("site_pace", 1), ("hut_check", i64::from(HUTS))] {
        let stored = number(&mut db, &format!("SELECT count(*) AS number FROM {table}"));
        assert!(stored <= max, "{table}: {stored} rows");
    }
    let violations = 0;
    report_measurement(&format!(
        "{runs_done} runs, {kills} programs killed, {disturbances} locks or cut connections, {violations} violations\n{summary}",
    ));
}

fn live_leases(db: &mut Db) -> i64 {
    let now = timestamp::now(db).unwrap();
    lease::table.filter(lease::expires_at.gt(now)).count().get_result(db).unwrap()
}

/// Closes the connections of the process, or locks its database file for a moment.
fn disturb(db: &mut Db) {
    match db {
        Db::Postgres(connection) => connection
            .batch_execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .unwrap(),
        Db::Sqlite(connection) => {
            connection.batch_execute("BEGIN IMMEDIATE").unwrap();
            sleep(Duration::from_millis(200));
            connection.batch_execute("COMMIT").unwrap();
        }
    }
}

/// The number of runs with each fault and exit status, and the memory in early and late runs of the last
/// process. A memory leak would show after hundreds of runs.
fn summary(log: &Path) -> String {
    let log = fs::read_to_string(log).unwrap();
    let mut ends = BTreeMap::<_, u32>::new();
    let mut memory = Vec::new();
    for line in log.lines() {
        let (end, kibibytes) = line.rsplit_once(' ').unwrap();
        *ends.entry(end).or_default() += 1;
        // The memory at the start of a process is less than a run needs.
        match end {
            "start 0" => memory.clear(),
            _ => memory.push(kibibytes.parse::<u64>().unwrap()),
        }
    }
    let succeeded = ends.get("none 0").copied().unwrap_or_default();
    let failed = ends.get("none 2").copied().unwrap_or_default();
    // The least of many runs, because an answer of 9 MB may still be in memory after one.
    let fifth = memory.len() / 5;
    let least = |runs: &[u64]| *runs.iter().min().unwrap();
    let (first, last) = (least(&memory[fifth..2 * fifth]), least(&memory[memory.len() - fifth..]));
    // In few runs, it may be that none meets a working site.
    if is_full() {
        assert!(succeeded > failed, "most runs with a working site succeed: {ends:?}");
        assert!(last < first + first / 4, "from {first} to {last} KiB");
    }
    let ends: Vec<_> = ends.into_iter().map(|(end, runs)| format!("{end}: {runs}")).collect();
    format!(
        "at least {first} KiB in the second fifth of {} runs of the last program, {last} KiB in the last\n{}",
        memory.len(),
        ends.join(", ")
    )
}

#[test]
#[ignore = "started by the tests above, which set its environment variables"]
fn runs_of_one_process() {
    let url = env::var(URL).unwrap();
    let runs: i64 = env::var(RUNS).unwrap().parse().unwrap();
    let mut log = fs::File::options().append(true).open(env::var(LOG).unwrap()).unwrap();
    let database = TestDatabase::at(url);
    database.allow_violations("the parent process checks the data, and closes connections");
    let site = TestSite::with_huts(HUTS);
    let mut random = RandomSource::new().part(u64::from(std::process::id()));
    writeln!(log, "start 0 {}", memory()).unwrap();
    let count_runs = "SELECT count(*) AS number FROM update_run";
    while retry(|| number(&mut database.open(), count_runs)) < runs {
        let as_of = retry(|| next_start(&mut database.open()));
        site.set_now(as_of);
        let (label, faults) = faults(&mut random);
        site.fake_site.set_faults(faults);
        let stop_after = (random.next() < 0.1).then(|| random.within(Duration::from_millis(60)));
        let label = if stop_after.is_some() { format!("{label}+stop") } else { label };
        let status = one_run(&database, &site, as_of, &label, stop_after);
        writeln!(log, "{label} {status} {}", memory()).unwrap();
        if random.next() < 0.02 {
            retry(|| assert_invariants(&mut database.open()));
        }
    }
}

/// Calls a function again if it panics, since its connection may have been closed by the parent process.
fn retry<T>(function: impl Fn() -> T) -> T {
    let call = || catch_unwind(AssertUnwindSafe(&function)).ok();
    (0..4).find_map(|_| call()).unwrap_or_else(&function)
}

/// Executes one run like the program, and returns its exit status.
fn one_run(
    database: &TestDatabase,
    site: &TestSite,
    as_of: DateTime<Utc>,
    label: &str,
    stop_after: Option<Duration>,
) -> u8 {
    let (as_of, url) = (as_of.to_rfc3339(), format!("hrs={}", site.fake_site.url()));
    let request_timeout = if label.starts_with("Stall") { "0.3" } else { "5" };
    let args = [
        ["update-availability", "--quiet"],
        ["--database-url", &database.url],
        ["--source-url", &url],
        ["--as-of", &as_of],
        ["--request-interval", "0.001"],
        ["--lease", "1"],
        ["--retries", "0"],
        // A run waits for a site that stalls. Other sites answer within this time, however busy the machine
        // is.
        ["--request-timeout", request_timeout],
        ["--days", "90"],
    ];
    let args = args.iter().flatten();
    let config = UpdateConfig::new(UpdateCli::parse_from(args), Registry::default()).unwrap();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (sender, stop) = watch::channel(None);
    let result = runtime.block_on(async {
        if let Some(after) = stop_after {
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                sender.send_replace(Some(Signal::Terminate));
                std::future::pending::<()>().await;
            });
        }
        commands::update::run(config, &MultiProgress::new(), stop).await
    });
    runtime.shutdown_timeout(Duration::ZERO);
    result.map_or(2, hut_availability::domain::exit_status::ExitStatus::code)
}

/// The start of the next run: half an hour after the last one. Clears a pause that the site asked for,
/// since it would be over by then.
fn next_start(db: &mut Db) -> DateTime<Utc> {
    let pause = site_pace::paused_until.eq(None::<Stored>);
    diesel::update(site_pace::table).set(pause).execute(db).unwrap();
    let last: Option<Stored> =
        update_run::table.select(diesel::dsl::max(update_run::started_at)).first(db).unwrap();
    let first = "2026-05-01T10:00:00Z".parse().unwrap();
    last.map_or(first, |last| DateTime::from(last) + TimeDelta::minutes(30))
}

/// The site works in half of the runs. In the others it fails at random in one way.
fn faults(random: &mut RandomSource) -> (String, Faults) {
    let kinds = Faults::none().kinds;
    let kind = kinds[(random.next() * kinds.len() as f64) as usize];
    if random.next() < 0.5 {
        return ("none".into(), Faults::none());
    }
    let retry_after = Duration::from_secs(if random.next() < 0.5 { 0 } else { 120 });
    let (error_rate, seed) = (random.next(), (random.next() * 1e9) as u64);
    let label = format!("{kind:?}");
    let retry_after = if kind == Fault::RateLimit { retry_after } else { Duration::ZERO };
    (label, Faults { error_rate, seed, retry_after, kinds: vec![kind], ..Faults::none() })
}

/// The resident memory of this process in KiB, without the pages of its file, which the kernel loads and drops.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
