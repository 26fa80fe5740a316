//! Several runs at the same time on one database: no hut is polled twice, the runs together keep to the
//! site's request interval, and the reports are consistent.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use diesel::prelude::*;
use hut_availability::db::connection::Db;
use hut_availability::db::lease::{claim_huts, release};
use hut_availability::db::schema::{lease, update_run};
use hut_availability::db::timestamp::Timestamp;
use hut_availability::db::{request_slots, update_run as runs};
use hut_availability::domain::lease::{ClaimRequest, LastTry};
use hut_availability::domain::run::Mode;
use hut_availability::simulate::faults::Faults;
use hut_availability::simulate::shared::ReceivedRequest;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, number};
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, discover, huts};
use crate::support::random::report_measurement;
use crate::support::running::{Running, wait_until};
use crate::support::same::assert_same;
use crate::support::site::TestSite;

const HUTS: u32 = 40;
const INTERVAL: Duration = Duration::from_millis(50);
const AS_OF: &str = "2026-07-01T10:00:00Z";

fn start(database: &TestDatabase, site: &TestSite, args: &[&str]) -> Running {
    let mut command = site.update_command(&database.url);
    command.args(["--as-of", AS_OF, "--days", "60", "--request-interval", "0.05"]);
    Running::start(command.args(args))
}

fn site(database: &TestDatabase, latency: Duration) -> TestSite {
    drop(database.with_huts(HUTS as usize));
    let site = TestSite::with_huts(HUTS);
    site.set_now(AS_OF.parse().unwrap());
    site.fake_site.set_faults(Faults { latency, ..Faults::none() });
    site
}

/// Starts runs, one after the other, that send no request before all of them have selected their huts, however
/// long that takes: until then another run holds the leases of all huts. A run waits for the huts of others as
/// long as its own lease lasts, so that must be longer than all of this. Also returns the instant of the first
/// possible request.
fn start_together<const N: usize>(
    database: &TestDatabase,
    site: &TestSite,
    args: &[&str],
) -> ([Running; N], Instant) {
    let mut db = database.open();
    let one_hour = TimeDelta::hours(1);
    let begin = runs::begin(&mut db, Utc::now(), Mode::All, "elsewhere", HUTS as usize, one_hour);
    let other = begin.unwrap();
    let claim_requests =
        (1..=HUTS as i32).map(|hut_id| ClaimRequest { hut_id, last_try: LastTry::default() });
    claim_huts(&mut db, other, &claim_requests.collect::<Vec<_>>(), &[], one_hour).unwrap();
    let count_runs = "SELECT count(*) AS number FROM update_run";
    let runs = std::array::from_fn(|index| {
        let run = start(database, site, args);
        wait_until("the start of a run", || number(&mut db, count_runs) == index as i64 + 2);
        run
    });
    let now = Instant::now();
    request_slots::take(&mut db, "hrs", 1, TimeDelta::seconds(1)).unwrap();
    release(&mut db, other.run_id).unwrap();
    (runs, now + Duration::from_secs(1))
}

/// Ends the lease of the run that started first after the one that `start_together` makes, as time would, and
/// returns the number of huts that it covered.
fn expire_lease(db: &mut Db) -> usize {
    let ids: Vec<i32> =
        update_run::table.order(update_run::id).select(update_run::id).load(db).unwrap();
    let leased = lease::table.find(ids[1]);
    let huts: String = leased.select(lease::hut_ids).first(db).unwrap();
    let hours_ago = |hours| Timestamp::from(Utc::now() - TimeDelta::hours(hours));
    let past = (lease::renewed_at.eq(hours_ago(2)), lease::expires_at.eq(hours_ago(1)));
    diesel::update(leased).set(past).execute(db).unwrap();
    huts.split(',').filter(|id| !id.is_empty()).count()
}

/// The number of requests for each hut.
fn requests_by_hut(requests: &[ReceivedRequest]) -> BTreeMap<&str, usize> {
    let mut times = BTreeMap::new();
    for request in requests {
        *times.entry(request.hut_id.as_str()).or_default() += 1;
    }
    times
}

/// Asserts that no request comes too early: the tenth one not before nine intervals have passed since the first
/// one was possible. Gaps between two requests say nothing, because a busy machine may send a request late, and
/// the site may note it late.
fn assert_request_interval(requests: &[ReceivedRequest], since: Instant) {
    // The clock of the database and that of this program may differ.
    const CLOCK_TOLERANCE: Duration = Duration::from_millis(20);
    let gaps = requests.windows(2).map(|pair| pair[1].at - pair[0].at);
    report_measurement(&format!(
        "{} requests, the shortest gap {:?}",
        requests.len(),
        gaps.min().unwrap()
    ));
    for (before, request) in (0..).zip(requests) {
        let after = (request.at + CLOCK_TOLERANCE).checked_duration_since(since);
        let after = after.expect("no request comes before the first one is possible");
        assert!(
            after >= INTERVAL * before,
            "{before} requests and another one came within {after:?}"
        );
    }
}

/// Each report counts each of its huts once, and all reports together match the stored data.
fn assert_reports_are_consistent(database: &TestDatabase, reports: &[RunOutput]) {
    let (mut updated, mut entries) = (0, 0);
    for ran in reports {
        assert_eq!(ran.status, 0, "{ran:?}");
        let report = ran.json();
        let count = |outcome: &str| report["huts"][outcome].as_u64().unwrap();
        assert_eq!(
            count("selected"),
            count("updated") + count("skipped") + count("failed"),
            "{ran:?}"
        );
        assert_eq!(
            report["results"].as_array().unwrap().len() as u64,
            count("selected"),
            "{ran:?}"
        );
        updated += count("updated");
        entries += report["history_entries"].as_u64().unwrap();
    }
    assert_eq!(updated, u64::from(HUTS));
    let stored = "SELECT count(*) AS number FROM availability_change";
    assert_eq!(u64::try_from(number(&mut database.open(), stored)).unwrap(), entries);
}

/// Runs that have ended leave no lease.
fn assert_no_lease(database: &TestDatabase) {
    assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM lease"), 0);
}

on_both_databases! {
    fn three_runs_share_the_huts_and_the_request_interval(database) {
        let site = site(database, Duration::from_millis(100));
        let undisturbed = TestDatabase::sqlite();
        drop(undisturbed.with_huts(HUTS as usize));
        assert_eq!(site.update(&undisturbed, AS_OF, &["--all", "--days", "60"]).status, 0);
        let before = site.fake_site.asked().len();
        let (runs, since) = start_together::<3>(database, &site, &["--all", "--lease", "900"]);
        let reports = runs.map(Running::end);
        report_measurement(&format!("three runs took {:?}", since.elapsed()));
        let requests = site.fake_site.asked().split_off(before);
        assert!(requests_by_hut(&requests).values().all(|times| *times == 1), "{:?}", requests_by_hut(&requests));
        assert_request_interval(&requests, since);
        assert_reports_are_consistent(database, &reports);
        for ran in &reports {
            assert_eq!(ran.json()["huts"]["selected"], HUTS, "{ran:?}");
        }
        assert_no_lease(database);
        assert_same(database, &undisturbed, "after three runs");
    }

    /// A hut that one run has updated is not due for a run that selects its huts later.
    fn three_runs_of_due_huts_poll_each_hut_once(database) {
        let site = site(database, Duration::from_millis(100));
        let since = Instant::now();
        let runs = [(); 3].map(|()| start(database, &site, &[]));
        let reports = runs.map(Running::end);
        let requests = site.fake_site.asked();
        assert_eq!(requests_by_hut(&requests).len(), HUTS as usize);
        assert!(requests_by_hut(&requests).values().all(|times| *times == 1), "{:?}", requests_by_hut(&requests));
        assert_request_interval(&requests, since);
        assert_reports_are_consistent(database, &reports);
        assert_no_lease(database);
        assert_invariants(&mut database.open());
    }

    /// When the lease of the killed run has ended, the other runs poll the huts that it had claimed.
    fn other_runs_take_over_the_huts_of_a_killed_run(database) {
        let site = site(database, Duration::from_millis(300));
        let ([mut killed, others @ ..], since) = start_together::<3>(database, &site, &["--all", "--lease", "900"]);
        let mut db = database.open();
        wait_until("requests", || site.fake_site.requests() >= 12);
        assert!(killed.kill());
        let leased_huts = expire_lease(&mut db);
        let reports = others.map(Running::end);
        for ran in &reports {
            assert_eq!((ran.status, &ran.json()["huts"]["failed"]), (0, &0.into()), "{ran:?}");
        }
        assert_invariants(&mut db);
        let updated = "SELECT count(*) AS number FROM hut_check WHERE last_success IS NOT NULL";
        assert_eq!(number(&mut db, updated), i64::from(HUTS));
        let requests = site.fake_site.asked();
        let repeated: usize = requests_by_hut(&requests).values().map(|times| times - 1).sum();
        report_measurement(&format!("{repeated} huts were polled again after a run was killed"));
        assert!(repeated <= leased_huts, "at most the huts that it had leased: {:?}", requests_by_hut(&requests));
        assert_request_interval(&requests, since);
    }

    /// An import and a discovery during two runs: each waits for the others' locks.
    fn runs_imports_and_discoveries_do_not_disturb_each_other(database) {
        let site = site(database, Duration::from_millis(10));
        let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        let rows: String = (1..=200).map(|id| format!("more-{id},More {id},,\n")).collect();
        std::fs::write(file.path(), format!("slug,name,organization,source_hut_id\n{rows}")).unwrap();
        let runs = [(); 2].map(|()| start(database, &site, &["--all"]));
        let mut discovery = discover(&site.fake_site.url(), database);
        let discovery = Running::start(discovery.args(["--max-id", "60", "--request-interval", "0.02"]));
        for _ in 0..3 {
            let imported = huts(database, &["import", file.path().to_str().unwrap()]);
            assert_eq!(imported.status, 0, "{imported:?}");
        }
        for ran in runs.map(Running::end) {
            assert_eq!((ran.status, &ran.json()["huts"]["failed"]), (0, &0.into()), "{ran:?}");
        }
        let discovered = discovery.end();
        assert_eq!(discovered.status, 0, "{discovered:?}");
        assert_invariants(&mut database.open());
    }
}
