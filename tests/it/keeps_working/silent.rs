//! A server, a pooler or a proxy that accepts everything and answers nothing: each program ends, or goes on with a new
//! connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::db::resilient::{ResilientDb, TimeLimits};
use hut_availability::runtime::timing::Meter;
use tokio::sync::watch;

use crate::support::database::{TestDatabase, number};
use crate::support::model::assert_invariants;
use crate::support::program::hut_availability;
use crate::support::proxy::{Way, proxy_of_connections, through_proxy};
use crate::support::random::report_measurement;
use crate::support::running::{Running, wait_until};
use crate::support::service::Service;
use crate::support::site::TestSite;

/// Which connections are silent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Silent {
    All,
    /// Those that were open at the time, as after a failover whose old server says nothing more.
    Old,
}

/// A proxy that passes nothing on from the moment at which a client sends a text.
struct Hole {
    url: String,
    has_begun: Arc<AtomicBool>,
    has_ended: Arc<AtomicBool>,
}

impl Hole {
    fn at(database: &TestDatabase, text: &'static str, silent: Silent) -> Self {
        let has_begun = Arc::new(AtomicBool::new(false));
        let has_ended = Arc::new(AtomicBool::new(false));
        let (begun, ended) = (Arc::clone(&has_begun), Arc::clone(&has_ended));
        let last_old = AtomicUsize::new(usize::MAX);
        let last_connection = AtomicUsize::new(0);
        let pass = move |connection, way, bytes: &[u8]| {
            last_connection.fetch_max(connection, Ordering::SeqCst);
            let is_text = || String::from_utf8_lossy(bytes).contains(text);
            if way == Way::ToServer
                && !begun.load(Ordering::SeqCst)
                && is_text()
                && !begun.swap(true, Ordering::SeqCst)
            {
                last_old.store(last_connection.load(Ordering::SeqCst), Ordering::SeqCst);
            }
            let is_silent = || {
                begun.load(Ordering::SeqCst)
                    && !ended.load(Ordering::SeqCst)
                    && (silent == Silent::All || connection <= last_old.load(Ordering::SeqCst))
            };
            while is_silent() {
                std::thread::sleep(Duration::from_millis(20));
            }
            true
        };
        let url = through_proxy(&database.url, |server| proxy_of_connections(server, pass));
        Self { url, has_begun, has_ended }
    }

    fn wait_for_begin(&self) {
        wait_until("the begin of the silence", || self.has_begun.load(Ordering::SeqCst));
    }
}

/// A program in front of a hole, with the site that it asks and the database behind the hole.
struct Victim {
    name: &'static str,
    running: Running,
    begin: Instant,
    database: TestDatabase,
    _site: TestSite,
}

impl Victim {
    /// Starts a program. The arguments may hold `URL`, `SITE` and `FILE`.
    fn start(name: &'static str, args: &str, text: &'static str, file: &str) -> Self {
        let database = TestDatabase::postgres();
        drop(database.with_huts(5));
        let site = TestSite::with_huts(5);
        let ran = site.update(&database, "2026-07-01T10:00:00Z", &["--all"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let hole = Hole::at(&database, text, Silent::All);
        let mut command = match name {
            "run" => site.update_command(&hole.url),
            _ => hut_availability(),
        };
        let site_url = site.fake_site.url().to_string();
        for arg in args.split_whitespace() {
            let arg = arg.replace("URL", &hole.url).replace("SITE", &site_url);
            command.arg(arg.replace("FILE", file));
        }
        let running = Running::start(&mut command);
        hole.wait_for_begin();
        Self { name, running, begin: Instant::now(), database, _site: site }
    }
}

#[test]
fn each_program_ends_when_the_database_is_silent() {
    let directory = tempfile::tempdir().unwrap();
    let csv = directory.path().join("huts.csv");
    let rows: String = (100..400).map(|id| format!("new-{id},New {id},hrs,{id}\n")).collect();
    std::fs::write(&csv, format!("slug,name,organization,source_hut_id\n{rows}")).unwrap();
    let file = directory.path().to_str().unwrap();
    let victims = [
        ("run", "--all --request-interval 0.02", "UPDATE \"hut_check\" SET"),
        ("start", "status --database-url URL", "__diesel_schema_migrations"),
        ("discover", "huts discover --max-id 40 --database-url URL --source-url hrs=SITE --source-url huetten-holiday=SITE --source-url ffcam=SITE", "INSERT INTO \"hut\""),
        ("import", "huts import FILE/huts.csv --database-url URL", "COMMIT"),
        ("copy", "copy --from URL --to sqlite://FILE/copy.db", "availability_change"),
        ("prune", "prune --keep-days 0 --as-of 2026-09-01T00:00:00Z --database-url URL", "DELETE"),
        ("verify", "verify --database-url URL", "REPEATABLE READ"),
        ("migrate", "migrate --database-url URL", "__diesel_schema_migrations"),
    ]
    .map(|(name, args, text)| Victim::start(name, args, text, file));
    for Victim { name, running, begin, database, _site } in victims {
        let ran = running.end();
        let seconds = begin.elapsed().as_secs_f64();
        report_measurement(&format!("{name}: the end came {seconds:.0} s after the silence began"));
        if name == "run" {
            assert!(ran.status == 1 || ran.status == 2, "{name}: {ran:?}");
            let report = ran.json();
            let results = report["results"].as_array().unwrap();
            let mut failed =
                results.iter().filter(|result| result["outcome"] != "updated").peekable();
            assert!(failed.peek().is_some(), "{ran:?}");
            for result in failed {
                assert_eq!(result["error"]["kind"], "database", "{result}");
            }
        } else {
            assert_eq!(ran.status, 2, "{name}: {ran:?}");
            assert!(ran.stderr.contains("has not answered for 6"), "{name}: {ran:?}");
        }
        assert_eq!(ran.stderr.contains("is not known"), name == "import", "{name}: {ran:?}");
        assert_invariants(&mut database.open());
    }
}

#[test]
fn a_run_goes_on_with_a_new_connection_when_the_old_one_is_silent() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(10));
    let site = TestSite::with_huts(10);
    let hole = Hole::at(&database, "UPDATE \"hut_check\" SET", Silent::Old);
    let ran = Running::start(site.update_command(&hole.url).arg("--all")).end();
    hole.wait_for_begin();
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains("has not answered for 30 s"), "{ran:?}");
    let checked = "SELECT count(*) AS number FROM hut_check WHERE last_success IS NOT NULL";
    assert_eq!(number(&mut database.open(), checked), 10);
}

#[test]
fn the_service_answers_again_after_a_silence() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(3));
    let hole = Hole::at(&database, "hut_availability", Silent::All);
    let service = Service::start(&hole.url);
    let path = "/v1/huts/availability/2026-07-05.geojson";
    std::thread::scope(|scope| {
        let answers: Vec<_> = (0..6).map(|_| scope.spawn(|| service.get(path).status)).collect();
        hole.wait_for_begin();
        for answer in answers {
            assert_eq!(answer.join().unwrap(), 503);
        }
    });
    assert_eq!(service.get("/healthz").status, 200);
    hole.has_ended.store(true, Ordering::SeqCst);
    wait_until("an answer", || service.get(path).status == 200);
}

/// A try may take its time, also where that is too short for a message; and no longer.
#[tokio::test]
async fn a_try_is_given_up_when_its_time_is_over_and_not_before() {
    let database = TestDatabase::postgres();
    let (_sender, stop) = watch::channel(None);
    let second = Duration::from_secs(1);
    let limits = TimeLimits { outage: 4 * second, answer: 3 * second, ..TimeLimits::default() };
    let db = ResilientDb::for_coordination(database.url(), stop, &Meter::default());
    let db = db.with_limits(limits);
    let sleep = |seconds: u32| {
        move |db: &mut Db, _| {
            let Db::Postgres(connection) = db else { unreachable!() };
            connection.batch_execute(&format!("SELECT pg_sleep({seconds})"))
        }
    };
    db.run(sleep(1)).await.unwrap();
    let error = db.run(sleep(8)).await.unwrap_err().to_string();
    assert!(error.contains("has not answered for"), "{error}");
    // The next try has a connection of its own.
    tokio::time::sleep(2 * second).await;
    db.run(sleep(0)).await.unwrap();
}
