//! All programs work behind a pooler, found or named; statement mode is refused by name.

use std::collections::BTreeSet;
use std::thread;

use hut_availability::simulate::faults::Faults;

use crate::support::database::{TestDatabase, lines};
use crate::support::pgbouncer::Pooler;
use crate::support::program::{RunOutput, hut_availability, run};
use crate::support::random::is_skipped_as_long;
use crate::support::running::Running;
use crate::support::service::Service;
use crate::support::site::TestSite;

fn hut_availability_at(url: &str, args: &[&str]) -> RunOutput {
    run(hut_availability().args(args).args(["--database-url", url]))
}

/// All stored nights with their history, without instants.
fn stored(database: &TestDatabase) -> Vec<String> {
    let nights = "SELECT hut_id || ' ' || availability_date || ' ' || coalesce(free, -1) || ' ' || \
        coalesce(total, -1) || ' ' || reservation_status AS line FROM hut_availability_history \
        ORDER BY hut_id, availability_date, first_checked";
    lines(&mut database.open(), nights)
}

/// Every command, from the first migration to the last read. The parameters are those of the pooler's URL.
fn all_commands_work(pool_mode: &str, connections: usize, parameters: &str) {
    let (direct, pooled) = (TestDatabase::postgres(), TestDatabase::empty_postgres());
    let Some(pooler) = Pooler::start(&pooled.url, pool_mode, connections) else { return };
    let url = format!("{}{parameters}", pooler.url());
    let works = |args: &[&str]| {
        let ran = hut_availability_at(&url, args);
        assert_eq!(ran.status, 0, "{args:?}: {ran:?}");
        ran
    };
    works(&["migrate"]);
    drop(direct.with_huts(4));
    drop(pooled.with_huts(4));
    let site = TestSite::with_huts(4);
    for as_of in ["2026-07-01T10:00:00Z", "2026-07-01T10:30:00Z", "2026-07-02T10:00:00Z"] {
        for url in [&direct.url, &url] {
            site.set_now(as_of.parse().unwrap());
            let mut update = site.update_command(url);
            let ran = run(update.args(["--as-of", as_of, "--request-interval", "0"]));
            assert_eq!(ran.status, 0, "{ran:?}");
        }
    }
    assert_eq!(stored(&pooled), stored(&direct));
    let as_of = ["--as-of", "2026-07-02T10:00:00Z"];
    for args in [&["map"][..], &["hut", "hut-1"], &["trend", "hut-1", "2026-07-05"], &["status"]] {
        let args = [args, &as_of].concat();
        let text = works(&args).stdout;
        let expected = hut_availability_at(&direct.url, &args).stdout;
        if args[0] != "status" {
            assert_eq!(text, expected);
        }
    }
    works(&["huts", "set", "hut-1", "capacity_open=90"]);
    works(&["huts", "list"]);
    works(&["verify"]);
    works(&["repair", "--dry-run"]);
    works(&["prune", "--keep-days", "0", "--as-of", "2026-07-20T10:00:00Z", "--vacuum"]);
    let directory = tempfile::tempdir().unwrap();
    let copy = format!("sqlite://{}", directory.path().join("copy.db").display());
    let copied = run(hut_availability().args(["copy", "--from", &url, "--to", &copy]));
    assert_eq!(copied.status, 0, "{copied:?}");
    let empty = TestDatabase::postgres();
    let Some(other) = Pooler::start(&empty.url, pool_mode, connections) else { return };
    let to = format!("{}{parameters}", other.url());
    let copied = run(hut_availability().args(["copy", "--from", &copy, "--to", &to]));
    assert_eq!(copied.status, 0, "{copied:?}");
    assert_eq!(stored(&empty), stored(&pooled));
}

#[test]
fn all_commands_work_in_transaction_mode() {
    if is_skipped_as_long("two connections in transaction mode") {
        return;
    }
    all_commands_work("transaction", 2, "");
}

#[test]
fn all_commands_work_with_a_single_connection() {
    all_commands_work("transaction", 1, "?pool_mode=transaction");
}

#[test]
fn all_commands_work_in_session_mode() {
    all_commands_work("session", 1, "");
}

#[test]
fn all_commands_work_in_session_mode_that_the_url_names() {
    if is_skipped_as_long("session mode that the URL names") {
        return;
    }
    all_commands_work("session", 3, "?pool_mode=session");
}

#[test]
fn three_runs_at_once_share_the_huts() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(30));
    let Some(pooler) = Pooler::start(&database.url, "transaction", 2) else { return };
    let site = TestSite::with_huts(30);
    let runs: Vec<_> = (0..3)
        .map(|_| {
            let mut update = site.update_command(&pooler.url());
            Running::start(update.args(["--all", "--request-interval", "0.01"]))
        })
        .collect();
    let mut updated = 0;
    for run in runs {
        let ran = run.end();
        assert_eq!(ran.status, 0, "{ran:?}");
        updated += ran.json()["huts"]["updated"].as_u64().unwrap();
    }
    assert_eq!((updated, site.fake_site.requests()), (30, 30));
}

#[test]
fn the_service_gives_the_same_answers_under_load() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(20));
    let Some(pooler) = Pooler::start(&database.url, "transaction", 2) else { return };
    let site = TestSite::with_huts(20);
    site.fake_site.set_faults(Faults::none());
    let ran = site.update(&database, "2026-07-01T10:00:00Z", &["--all"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let services = [Service::start(&database.url), Service::start(&pooler.url())];
    let paths: Vec<String> = (1..=20)
        .map(|hut| format!("/v1/huts/hut-{hut}/availability/2026-07-05?days=30"))
        .chain((0..20).map(|offset| {
            format!("/v1/huts/availability/2026-07-05.geojson?limit=5&offset={offset}")
        }))
        .collect();
    let expected: Vec<_> = paths.iter().map(|path| services[0].get(path)).collect();
    thread::scope(|scope| {
        for reader in 0..8 {
            let (paths, expected, service) = (&paths, &expected, &services[1]);
            scope.spawn(move || {
                for step in 0..paths.len() {
                    let number = (step * 7 + reader * 5) % paths.len();
                    let answer = service.get(&paths[number]);
                    assert_eq!(answer.status, 200, "{}: {answer:?}", paths[number]);
                    assert_eq!(answer.text(), expected[number].text(), "{}", paths[number]);
                }
            });
        }
    });
}

#[test]
fn statement_mode_is_refused_by_name() {
    let database = TestDatabase::postgres();
    drop(database.with_huts(1));
    let Some(pooler) = Pooler::start(&database.url, "statement", 2) else { return };
    let site = TestSite::with_huts(1);
    let errors: BTreeSet<String> = [
        run(&mut site.update_command(&pooler.url())),
        hut_availability_at(&pooler.url(), &["map"]),
        hut_availability_at(&pooler.url(), &["migrate"]),
        hut_availability_at(&format!("{}?pool_mode=transaction", pooler.url()), &["verify"]),
    ]
    .into_iter()
    .map(|ran| {
        assert_eq!(ran.status, 2, "{ran:?}");
        ran.stderr
    })
    .collect();
    assert!(
        errors.iter().all(|error| error.contains("statement mode")
            && error.contains("pool_mode to transaction or session")),
        "{errors:?}"
    );
    let named = hut_availability_at(&format!("{}?pool_mode=statement", pooler.url()), &["map"]);
    assert_eq!(named.status, 2, "{named:?}");
    assert!(named.stderr.contains("pool_mode=statement is not supported"), "{named:?}");
}
