//! Every kind of failure of a site: what the report says, that nothing of the failed answer is stored, and
//! that the next run recovers.

mod table;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hut_availability::db::connection::Db;
use hut_availability::domain::fault::Fault;
use hut_availability::simulate::faults::Faults;

use table::{FAULTS, of_ffcam};

use crate::on_both_databases;
use crate::support::database::{
    CurrentRow, HistoryRow, TestDatabase, current, history, lines, number,
};
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, run, update_availability};
use crate::support::random::count;
use crate::support::site::TestSite;

/// The number of dates that a run asks for.
fn days() -> u32 {
    count(90, 365)
}

/// The number of months with these dates, which begin in the middle of July.
fn months() -> usize {
    count(4, 13) as usize
}

/// The requests for these months at ffcam, whose answers have two.
fn requests_of_ffcam() -> usize {
    months().div_ceil(2)
}

/// The maximum time of a run. Each of these runs is much shorter, even on a busy machine.
const MAX_RUN_TIME: Duration = Duration::from_secs(600);

/// Runs the job for all huts of all sites, one hut of each site at a time.
fn update(database: &TestDatabase, as_of: &str, sites: [&TestSite; 3]) -> RunOutput {
    let mut command = update_availability();
    for (organization, site) in ["hrs", "huetten-holiday", "ffcam"].into_iter().zip(sites) {
        site.set_now(as_of.parse().unwrap());
        command.args(["--source-url", &format!("{organization}={}", site.fake_site.url())]);
    }
    command.args(["--database-url", &database.url, "--as-of", as_of, "--all", "--output", "json"]);
    command.args([
        &format!("--days={}", days()),
        "--retries=0",
        "--max-in-flight=1",
        "--request-timeout=5",
        "--request-interval=0",
    ]);
    run(&mut command)
}

/// The rows of a hut in both views.
type HutRows = (Vec<CurrentRow>, Vec<HistoryRow>);

/// The rows of each hut, by its slug.
fn rows(db: &mut Db) -> BTreeMap<String, HutRows> {
    let huts = lines(db, "SELECT id || ' ' || slug AS line FROM hut");
    let (current, history) = (current(db), history(db));
    let of_hut = |line: &String| {
        let (id, slug) = line.split_once(' ').unwrap();
        let id: i32 = id.parse().unwrap();
        let current = current.iter().filter(|row| row.hut_id == id).cloned().collect();
        let history = history.iter().filter(|row| row.hut_id == id).cloned().collect();
        (slug.to_owned(), (current, history))
    };
    huts.iter().map(of_hut).collect()
}

on_both_databases! {
    /// One request to each site fails: only the hut of that request fails.
    fn each_fault_is_reported_and_fails_only_its_own_hut(database) {
        drop(database.with_huts(3));
        let mut db = database.with_huts_of("huetten-holiday", "cabin", 2);
        drop(database.with_huts_of("ffcam", "refuge", 2));
        let sites = [&TestSite::with_huts(3), &TestSite::with_huts(3), &TestSite::with_huts(3)];
        assert_eq!(update(database, "2026-07-14T10:00:00Z", sites).status, 0);
        for (index, (fault, kind, words)) in FAULTS.into_iter().enumerate() {
            // The failing months are spread from the first to the last. The request for the token comes
            // before all of them.
            let month = index * 3 % months();
            let request = index % requests_of_ffcam();
            let of_ffcam = of_ffcam(fault).unwrap_or(Some((kind, words)));
            let requests_before = sites.map(|site| site.fake_site.requests());
            for (site, number) in sites.into_iter().zip([requests_before[0], requests_before[1] + 1 + month, requests_before[2] + request]) {
                let once = Faults { after: number, until: number + 1, ..Faults::always(fault) };
                site.fake_site.set_faults(once);
            }
            let before = rows(&mut db);
            let begin = Instant::now();
            let ran = update(database, &format!("2026-07-15T10:{index:02}:00Z"), sites);
            assert!(begin.elapsed() < MAX_RUN_TIME, "{fault:?}: {:?}", begin.elapsed());
            let report = ran.json();
            let [failed, updated] = ["failed", "updated"].map(|outcome| report["huts"][outcome].as_u64());
            let failing = if of_ffcam.is_some() { 3 } else { 2 };
            assert_eq!((ran.status, failed, updated), (1, Some(failing), Some(7 - failing)), "{fault:?}: {ran:?}");
            let requests = [0, 1, 2].map(|site| sites[site].fake_site.requests() - requests_before[site]);
            let refuges = if of_ffcam.is_some() { request + 1 + requests_of_ffcam() } else { 2 * requests_of_ffcam() };
            let expected = [3, 1 + month + 1 + months(), refuges];
            assert_eq!(requests, expected, "{fault:?}: no more requests for the failed hut");

            let after = rows(&mut db);
            for result in report["results"].as_array().unwrap() {
                let slug = result["hut"].as_str().unwrap();
                let error = format!("SELECT coalesce(last_error, '') AS line FROM hut_check JOIN hut ON hut.id = hut_id WHERE slug = '{slug}'");
                let error = lines(&mut db, &error).remove(0);
                if result["outcome"] == "updated" {
                    assert_eq!(error, "", "{fault:?}: {slug}");
                    continue;
                }
                let message = result["error"]["message"].as_str().unwrap();
                let (kind, words) = if slug.starts_with("refuge") { of_ffcam.unwrap() } else { (kind, words) };
                assert_eq!(result["error"]["kind"], kind, "{fault:?}: {message}");
                assert!(message.contains(words), "{fault:?}: {message}");
                if kind == "malformed" && slug.starts_with("cabin") && fault != Fault::TruncatedGzip {
                    let (year, month) = (2026 + (6 + month) / 12, (6 + month) % 12 + 1);
                    assert!(message.starts_with(&format!("at {year}-{month:02}")), "{message}");
                }
                assert_eq!(error, format!("{kind}: {message}"));
                assert_eq!(after[slug], before[slug], "{fault:?}: {slug}");
            }
        }
        assert_invariants(&mut db);
        let ran = update(database, "2026-07-16T10:00:00Z", sites);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &7.into()), "{ran:?}");
        let errors = lines(&mut db, "SELECT last_error AS line FROM hut_check WHERE last_error IS NOT NULL");
        assert_eq!(errors, [""; 0]);
        assert_invariants(&mut db);
    }

    /// A hut has no data only if its answer lists no dates.
    fn an_empty_answer_and_an_unknown_hut_are_reported_and_not_stored(database) {
        let faults = [
            (Fault::UnknownHut, "unknown_hut", "the site does not know the hut \"1\""),
            (Fault::Empty, "empty", "the site lists 0 dates, none from 2026-07-01 to 2027-06-30"),
        ];
        let mut db = database.with_huts(1);
        let site = TestSite::with_huts(1);
        assert_eq!(site.update(database, "2026-06-30T10:00:00Z", &["--all"]).status, 0);
        for (hour, (fault, kind, message)) in (10..).zip(faults) {
            let before = (current(&mut db), history(&mut db));
            site.fake_site.set_faults(Faults::always(fault));
            let ran = site.update(database, &format!("2026-07-01T{hour}:00:00Z"), &["--all"]);
            let error = serde_json::json!({"kind": kind, "message": message});
            assert_eq!((ran.status, &ran.json()["results"][0]["error"]), (2, &error), "{ran:?}");
            assert_eq!((current(&mut db), history(&mut db)), before, "{fault:?}");
            let has_data = "SELECT count(*) AS number FROM hut_check WHERE has_data";
            assert_eq!(number(&mut db, has_data), i64::from(fault != Fault::Empty), "{fault:?}");
        }
    }

    /// A slow answer within the time limit is a valid answer.
    fn a_slow_answer_is_read_completely(database) {
        drop(database.with_huts(1));
        drop(database.with_huts_of("huetten-holiday", "cabin", 1));
        drop(database.with_huts_of("ffcam", "refuge", 1));
        let site = TestSite::with_huts(1);
        let ran = site.update(database, "2026-07-10T10:00:00Z", &["--all", "--days=14"]);
        assert_eq!((ran.status, &ran.json()["dates"]["created"]), (0, &42.into()), "{ran:?}");
        // The request for the token precedes those for the months. It is not made slow, because only JSON
        // answers are.
        for (slug, skipped_requests) in [("hut-1", 0), ("cabin-1", 1), ("refuge-1", 0)] {
            let after = site.fake_site.requests() + skipped_requests;
            site.fake_site.set_faults(Faults { after, ..Faults::always(Fault::Slow) });
            let begin = Instant::now();
            let args = ["--hut-slug", slug, "--days=14", "--retries=0", "--request-timeout=60"];
            let ran = site.update(database, "2026-07-10T10:01:00Z", &args);
            assert_eq!((ran.status, &ran.json()["dates"]["unchanged"]), (0, &14.into()), "{ran:?}");
            assert!(begin.elapsed() > Duration::from_millis(900), "{:?}", begin.elapsed());
        }
        assert_invariants(&mut database.open());
    }

    /// Half of the requests fail in some way. The run goes on, and the next run updates the failed huts.
    fn huts_recover_from_a_site_that_fails_sometimes(database) {
        drop(database.with_huts(20));
        let site = TestSite::with_huts(20);
        // These faults are left out: many timeouts or refusals in a row make the run abandon the site.
        let excluded = [Fault::RateLimit, Fault::RateLimitBare, Fault::RateLimitAbsurd, Fault::Slow];
        let kinds = Faults::none().kinds.into_iter().filter(|kind| !excluded.contains(kind)).collect();
        site.fake_site.set_faults(Faults { error_rate: 0.5, kinds, ..Faults::none() });
        // One hut after the other: the order of the failures decides whether the run abandons the site.
        let ran = site.update(database, "2026-07-01T10:00:00Z", &["--retries=0", "--request-timeout=5", "--max-in-flight=1"]);
        let report = ran.json();
        let failed = report["huts"]["failed"].as_u64().unwrap();
        assert_eq!((ran.status, report["huts"]["selected"].as_u64()), (1, Some(20)), "{ran:?}");
        assert!((3..=17).contains(&failed), "{failed}");
        assert_eq!(report["huts"]["updated"].as_u64().unwrap() + failed, 20);

        site.fake_site.set_faults(Faults::none());
        // A hut that failed is not due immediately.
        let soon = site.update(database, "2026-07-01T10:10:00Z", &[]).json();
        assert_eq!(soon["huts"]["selected"], 0);
        let later = site.update(database, "2026-07-01T10:28:00Z", &[]).json();
        assert!(later["huts"]["updated"].as_u64().unwrap() >= failed, "{later}");
        assert_invariants(&mut database.open());
    }
}

/// A temporary error is retried within the run, after the pause that the site asks for.
#[test]
fn a_rate_limit_is_retried_after_its_pause() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    // With this seed, requests 0 and 1 fail and request 2 succeeds.
    let faults = (0..)
        .map(|seed| Faults { error_rate: 0.5, seed, ..Faults::always(Fault::RateLimit) })
        .find(|faults| {
            let fails = |number| faults.of_request(number).is_some();
            fails(0) && fails(1) && !fails(2)
        })
        .unwrap();
    site.fake_site.set_faults(Faults { retry_after: Duration::from_secs(1), ..faults });
    let begin = Instant::now();
    let ran = site.update(&database, "2026-07-01T10:00:00Z", &["--all"]);
    assert_eq!((ran.status, site.fake_site.requests()), (0, 3), "{ran:?}");
    assert!(begin.elapsed() >= Duration::from_secs(2), "{:?}", begin.elapsed());
    assert!(ran.stderr.contains("HTTP 429") && ran.stderr.contains("trying again in"), "{ran:?}");
}

/// A request is retried exactly as many times as `--retries` says.
#[test]
fn temporary_errors_are_retried() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    site.fake_site.set_faults(Faults::always(Fault::ServerError));
    let ran = site.update(&database, "2026-07-01T10:00:00Z", &["--all", "--retries=1"]);
    assert_eq!((ran.status, site.fake_site.requests()), (2, 2), "{ran:?}");
    site.fake_site.set_faults(Faults::always(Fault::Html));
    site.update(&database, "2026-07-01T11:00:00Z", &["--all", "--retries=1"]);
    assert_eq!(site.fake_site.requests(), 3, "a permanent error is not retried");
}

/// If the site asks for a pause of an hour for one hut, the run sends it no request for any hut.
#[test]
fn a_site_that_asks_for_a_long_pause_gets_no_more_requests() {
    let database = TestDatabase::sqlite();
    drop(database.with_huts(10));
    let site = TestSite::with_huts(10);
    let faults = Faults::always(Fault::RateLimit);
    site.fake_site.set_faults(Faults { retry_after: Duration::from_secs(3600), ..faults });
    let ran = site.update(&database, "2026-07-01T10:00:00Z", &["--max-in-flight=1"]);
    assert_eq!((ran.status, site.fake_site.requests()), (2, 1), "{ran:?}");
    let report = ran.json();
    assert_eq!((&report["huts"]["failed"], &report["huts"]["skipped"]), (&1.into(), &9.into()));
    for result in report["results"].as_array().unwrap() {
        assert_eq!(result["error"]["kind"], "rate_limited", "{result}");
    }
    // Huts that were skipped do not count as failed.
    site.fake_site.set_faults(Faults::none());
    let soon = site.update(&database, "2026-07-01T10:01:00Z", &[]).json();
    assert_eq!(soon["huts"]["updated"], 9, "{soon}");
}

/// The site refuses every request, with any or no `Retry-After`: the run sends few requests, and ends.
#[test]
fn endless_refusals_get_few_requests() {
    for fault in [Fault::RateLimit, Fault::RateLimitBare, Fault::RateLimitAbsurd] {
        let database = TestDatabase::sqlite();
        drop(database.with_huts(30));
        drop(database.with_huts_of("huetten-holiday", "cabin", 30));
        let site = TestSite::with_huts(30);
        let faults = Faults { retry_after: Duration::ZERO, ..Faults::always(fault) };
        site.fake_site.set_faults(faults);
        let begin = Instant::now();
        let ran =
            site.update(&database, "2026-07-01T10:00:00Z", &["--retries=1", "--max-in-flight=4"]);
        assert_eq!(ran.status, 2, "{ran:?}");
        // Five huts of hrs, two requests each, and those in flight; for the other site the same number of
        // requests for the token.
        let requests = site.fake_site.requests();
        assert!(requests <= 2 * (5 + 3) + 2 * (5 + 3), "{fault:?}: {requests}");
        assert!(begin.elapsed() < MAX_RUN_TIME, "{fault:?}: {:?}", begin.elapsed());
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM availability"), 0);
    }
}
