//! Runs for weeks, with faults by chance: half an hour apart, in one program after another, each of which
//! is killed in the end but for the last. The runs are those of `update-availability`, in the process of
//! a test that this one starts, so that what one run leaves in memory is seen.

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
use hut_availability::cli::UpdateCli;
use hut_availability::command;
use hut_availability::config::UpdateConfig;
use hut_availability::db::connection::Db;
use hut_availability::db::instant::Instant as Stored;
use hut_availability::db::schema::{site_pace, update_run};
use hut_availability::event::Signal;
use hut_availability::simulate::faults::{Fault, Faults};
use indicatif::MultiProgress;
use tokio::sync::watch;

use crate::support::chance::{Chance, count, is_full, note};
use crate::support::database::{TestDatabase, number};
use crate::support::model::assert_invariants;
use crate::support::running::Running;
use crate::support::site::TestSite;

const HUTS: u32 = 12;

/// A soak that takes longer than this hangs.
const LONGEST: Duration = Duration::from_secs(3600);

/// The database of the runs, and a file in which they say how they ended.
const URL: &str = "HUT_SOAK_URL";
const LOG: &str = "HUT_SOAK_LOG";
const RUNS: &str = "HUT_SOAK_RUNS";

#[test]
fn weeks_of_faults_harm_nothing_on_sqlite() {
    soak(&TestDatabase::sqlite());
}

#[test]
fn weeks_of_faults_harm_nothing_on_postgres() {
    soak(&TestDatabase::postgres());
}

/// Runs, half of which are in programs that are killed; the database is locked or its connections are cut
/// meanwhile.
fn soak(database: &TestDatabase) {
    let runs = i64::from(count(16, 1000));
    let mut chance = Chance::new();
    let mut db = database.with_huts(HUTS as usize);
    let log = tempfile::NamedTempFile::new().unwrap();
    let start = |runs: i64| {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "keeps_working::soak::the_runs", "--ignored", "--nocapture"]);
        let settings = [(URL, database.url.clone()), (LOG, log.path().display().to_string())];
        // Each run has threads of its own here, and glibc keeps memory for each: that would look as if
        // runs left some behind.
        command.env("MALLOC_ARENA_MAX", "1");
        Running::start(command.envs(settings).env(RUNS, runs.to_string()))
    };
    let done = "SELECT count(*) AS number FROM update_run";
    let (mut kills, mut cuts) = (0, 0);
    let first_half = runs / 2;
    let begin = Instant::now();
    while number(&mut db, done) < first_half {
        let mut running = start(first_half);
        let until = number(&mut db, done) + 1 + (chance.next() * runs as f64 / 8.0) as i64;
        let at_the_latest = Instant::now() + chance.within(Duration::from_secs(20));
        while number(&mut db, done) < until && Instant::now() < at_the_latest {
            sleep(Duration::from_millis(20));
        }
        sleep(chance.within(Duration::from_millis(60)));
        kills += u32::from(running.kill());
        assert!(begin.elapsed() < LONGEST, "{} runs", number(&mut db, done));
        assert_invariants(&mut db);
    }
    let mut running = start(runs);
    while !running.has_ended() {
        assert!(begin.elapsed() < LONGEST, "{}", running.said());
        sleep(Duration::from_millis(500) + chance.within(Duration::from_secs(1)));
        disturb(&mut db);
        cuts += 1;
    }
    let ran = running.end();
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_invariants(&mut db);
    for (rows, most) in [("lease", 0), ("site_pace", 1), ("hut_check", i64::from(HUTS))] {
        let rows_of = number(&mut db, &format!("SELECT count(*) AS number FROM {rows}"));
        assert!(rows_of <= most, "{rows}: {rows_of} rows");
    }
    let violations = 0;
    note(&format!(
        "{} runs, {kills} programs killed, {cuts} locks or cut connections, {violations} violations\n{}",
        number(&mut db, done),
        summary(log.path()),
    ));
}

/// Cuts the connections of the program, or locks its file for a moment.
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

/// How many runs there were of each fault and exit status, and the memory in the last program's first and
/// last runs. A run that left memory behind would show in hundreds.
fn summary(log: &Path) -> String {
    let log = fs::read_to_string(log).unwrap();
    let mut ends = BTreeMap::<_, u32>::new();
    let mut memory = Vec::new();
    for line in log.lines() {
        let (end, kibibytes) = line.rsplit_once(' ').unwrap();
        *ends.entry(end).or_default() += 1;
        // What a program takes at its start is not yet all that it needs.
        match end {
            "start 0" => memory.clear(),
            _ => memory.push(kibibytes.parse::<u64>().unwrap()),
        }
    }
    let worked = ends.get("none 0").copied().unwrap_or_default();
    let failed = ends.get("none 2").copied().unwrap_or_default();
    assert!(worked > failed, "a site that works is of use: {ends:?}");
    let warm = memory.len() / 5;
    let (first, last) = (memory[warm], memory[memory.len() - 1]);
    if is_full() {
        assert!(last < first + first / 4, "from {first} to {last} KiB");
    }
    let ends: Vec<_> = ends.into_iter().map(|(end, runs)| format!("{end}: {runs}")).collect();
    format!(
        "{} KiB after {warm} runs of the last program, {last} KiB after {}\n{}",
        first,
        memory.len(),
        ends.join(", ")
    )
}

#[test]
#[ignore = "started by the tests above, with what it is to do"]
fn the_runs() {
    let url = env::var(URL).unwrap();
    let runs: i64 = env::var(RUNS).unwrap().parse().unwrap();
    let mut log = fs::File::options().append(true).open(env::var(LOG).unwrap()).unwrap();
    let database = TestDatabase::at(url);
    database
        .breaks_rules("none, but it is looked at by who started this, and cuts its connections");
    let site = TestSite::with_huts(HUTS);
    let mut chance = Chance::new().part(u64::from(std::process::id()));
    writeln!(log, "start 0 {}", memory()).unwrap();
    let done = "SELECT count(*) AS number FROM update_run";
    while again(|| number(&mut database.open(), done)) < runs {
        let as_of = again(|| next(&mut database.open()));
        site.set_now(as_of);
        let (word, faults) = faults(&mut chance);
        site.stand_in.set_faults(faults);
        let stop_after = (chance.next() < 0.1).then(|| chance.within(Duration::from_millis(60)));
        let word = if stop_after.is_some() { format!("{word}+stop") } else { word };
        let status = one_run(&database, &site, as_of, &word, stop_after);
        writeln!(log, "{word} {status} {}", memory()).unwrap();
        if chance.next() < 0.02 {
            again(|| assert_invariants(&mut database.open()));
        }
    }
}

/// Looks until its connection is not the one that is cut.
fn again<T>(look: impl Fn() -> T) -> T {
    let look_once = || catch_unwind(AssertUnwindSafe(&look)).ok();
    (0..4).find_map(|_| look_once()).unwrap_or_else(&look)
}

/// The job as its program does it, and how that ended.
fn one_run(
    database: &TestDatabase,
    site: &TestSite,
    as_of: DateTime<Utc>,
    word: &str,
    stop_after: Option<Duration>,
) -> u8 {
    let (as_of, url) = (as_of.to_rfc3339(), format!("hrs={}", site.stand_in.url()));
    let request_timeout = if word.starts_with("Stall") { "0.3" } else { "5" };
    let args = [
        ["update-availability", "--quiet"],
        ["--database-url", &database.url],
        ["--source-url", &url],
        ["--as-of", &as_of],
        ["--request-interval", "0.001"],
        ["--lease", "1"],
        ["--retries", "0"],
        // A site that stalls is waited for; others have answered by then, however busy the machine is.
        ["--request-timeout", request_timeout],
        ["--days", "90"],
    ];
    let args = args.iter().flatten();
    let config = UpdateConfig::new(UpdateCli::parse_from(args));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (sender, stop) = watch::channel(None);
    let done = runtime.block_on(async {
        if let Some(after) = stop_after {
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                sender.send_replace(Some(Signal::Terminate));
                std::future::pending::<()>().await;
            });
        }
        command::update::run(config, &MultiProgress::new(), stop).await
    });
    runtime.shutdown_timeout(Duration::ZERO);
    done.map_or(2, hut_availability::exit::ExitStatus::code)
}

/// Half an hour after the last run; by then a pause that the site had wanted is over.
fn next(db: &mut Db) -> DateTime<Utc> {
    let pause = site_pace::paused_until.eq(None::<Stored>);
    diesel::update(site_pace::table).set(pause).execute(db).unwrap();
    let last: Option<Stored> =
        update_run::table.select(diesel::dsl::max(update_run::started_at)).first(db).unwrap();
    let first = "2026-05-01T10:00:00Z".parse().unwrap();
    last.map_or(first, |last| DateTime::from(last) + TimeDelta::minutes(30))
}

/// Half of the runs have a site that works; the others one that fails now and then, in one way.
fn faults(chance: &mut Chance) -> (String, Faults) {
    let kinds = Faults::none().kinds;
    let kind = kinds[(chance.next() * kinds.len() as f64) as usize];
    if chance.next() < 0.5 {
        return ("none".into(), Faults::none());
    }
    let retry_after = Duration::from_secs(if chance.next() < 0.5 { 0 } else { 120 });
    let (error_rate, seed) = (chance.next(), (chance.next() * 1e9) as u64);
    let word = format!("{kind:?}");
    let retry_after = if kind == Fault::RateLimit { retry_after } else { Duration::ZERO };
    (word, Faults { error_rate, seed, retry_after, kinds: vec![kind], ..Faults::none() })
}

/// What this process takes of memory, in KiB.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
