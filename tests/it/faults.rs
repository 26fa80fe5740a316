//! Each way in which the site fails: what the report says, that nothing of it is stored, and that
//! the next run recovers.

use hut_availability::simulate::faults::{Fault, Faults};
use std::time::Duration;

use crate::on_both_databases;
use crate::support::database::{current, history, lines, number};
use crate::support::model::assert_invariants;
use crate::support::site::TestSite;

/// Fault, kind of error, and a part of what the report says.
const FAULTS: [(Fault, &str, &str); 11] = [
    (Fault::ServerError, "http_status", "HTTP 500: Internal Server Error"),
    (Fault::RateLimit, "rate_limited", "fewer requests (HTTP 429): Too Many Requests"),
    (Fault::Forbidden, "rate_limited", "fewer requests (HTTP 403): Forbidden"),
    (Fault::Html, "malformed", "the answer begins: <!DOCTYPE html>"),
    (Fault::Truncated, "malformed", "EOF while parsing"),
    (Fault::Reset, "connect", "the connection to 127.0.0.1 failed"),
    (Fault::Stall, "timeout", "no complete answer within 2 s"),
    (Fault::Empty, "empty", "the site lists 0 dates, none from 2026-07-01 to 2027-06-30"),
    (
        Fault::WrongType,
        "malformed",
        "at [0].freeBeds: invalid type: string \"x\", expected a JSON number",
    ),
    (Fault::TooLarge, "too_large", "larger than 8 MiB"),
    (Fault::UnknownHut, "unknown_hut", "does not know the hut \"1\""),
];

const ARGS: [&str; 5] = ["--hut-id", "1", "--retries=0", "--request-timeout", "2"];

on_both_databases! {
    fn each_fault_is_told_and_stores_nothing_and_passes(database) {
        drop(database.with_huts(1));
        let site = TestSite::with_huts(1);
        assert_eq!(site.update(database, "2026-06-30T10:00:00Z", &["--all"]).status, 0);
        let mut db = database.open();
        for (hour, (fault, kind, words)) in FAULTS.into_iter().enumerate() {
            let before = (current(&mut db), history(&mut db));
            site.stand_in.set_faults(Faults::always(fault));
            let ran = site.update(database, &format!("2026-07-01T{hour:02}:00:00Z"), &ARGS);
            assert_eq!(ran.status, 2, "every hut failed: {ran:?}");
            let result = &ran.json()["results"][0];
            assert_eq!((&result["outcome"], &result["error"]["kind"]), (&"failed".into(), &kind.into()), "{ran:?}");
            let message = result["error"]["message"].as_str().unwrap();
            assert!(message.contains(words), "{fault:?}: {message}");
            assert_eq!((current(&mut db), history(&mut db)), before, "{fault:?}");
            // Only an answer that lists nothing says that there is nothing.
            let has_data = "SELECT count(*) AS number FROM hut_check WHERE has_data";
            assert_eq!(number(&mut db, has_data), i64::from(fault != Fault::Empty), "{fault:?}");
            let error = lines(&mut db, "SELECT last_error AS line FROM hut_check");
            assert_eq!(error, [format!("{kind}: {message}")]);

            site.stand_in.set_faults(Faults::none());
            let ran = site.update(database, &format!("2026-07-01T{hour:02}:30:00Z"), &ARGS);
            assert_eq!((ran.status, &ran.json()["results"][0]["outcome"]), (0, &"updated".into()), "{ran:?}");
            assert_invariants(&mut db);
            let errors = lines(&mut db, "SELECT last_error AS line FROM hut_check WHERE last_error IS NOT NULL");
            assert_eq!(errors, [""; 0]);
        }
    }

    /// Half of the requests fail in any way: the run goes on, and one after it makes up for it.
    fn a_site_that_fails_now_and_then_fails_no_hut_for_long(database) {
        drop(database.with_huts(20));
        let site = TestSite::with_huts(20);
        let kinds = Faults::none().kinds;
        let some: Vec<_> = kinds.into_iter().filter(|kind| *kind != Fault::RateLimit).collect();
        site.stand_in.set_faults(Faults { error_rate: 0.5, kinds: some, ..Faults::none() });
        let ran = site.update(database, "2026-07-01T10:00:00Z", &["--retries=0", "--request-timeout", "2"]);
        let report = ran.json();
        let failed = report["huts"]["failed"].as_u64().unwrap();
        assert_eq!((ran.status, report["huts"]["selected"].as_u64()), (1, Some(20)), "{ran:?}");
        assert!((3..=17).contains(&failed), "{failed}");
        assert_eq!(report["huts"]["updated"].as_u64().unwrap() + failed, 20);

        site.stand_in.set_faults(Faults::none());
        // Not at once: a hut that failed waits.
        let soon = site.update(database, "2026-07-01T10:10:00Z", &[]).json();
        assert_eq!(soon["huts"]["selected"], 0);
        let later = site.update(database, "2026-07-01T10:28:00Z", &[]).json();
        assert!(later["huts"]["updated"].as_u64().unwrap() >= failed, "{later}");
        assert_invariants(&mut database.open());
    }
}

/// What may pass is tried again within the run, after the wait that the site asks for.
#[test]
fn a_rate_limit_is_waited_out() {
    let database = crate::support::database::TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    // Requests 0 and 1 fail by this seed, request 2 does not.
    let faults = (0..)
        .map(|seed| Faults { error_rate: 0.5, seed, ..Faults::always(Fault::RateLimit) })
        .find(|faults| {
            let fails = |number| faults.of_request(number).is_some();
            fails(0) && fails(1) && !fails(2)
        })
        .unwrap();
    site.stand_in.set_faults(Faults { retry_after: Duration::from_secs(1), ..faults });
    let begin = std::time::Instant::now();
    let ran = site.update(&database, "2026-07-01T10:00:00Z", &["--all"]);
    assert_eq!((ran.status, site.stand_in.requests()), (0, 3), "{ran:?}");
    assert!(begin.elapsed() >= Duration::from_secs(2), "{:?}", begin.elapsed());
    assert!(ran.stderr.contains("HTTP 429") && ran.stderr.contains("trying again in"), "{ran:?}");
}

/// As often as it is said, and no more.
#[test]
fn errors_that_may_pass_are_tried_again() {
    let database = crate::support::database::TestDatabase::sqlite();
    drop(database.with_huts(1));
    let site = TestSite::with_huts(1);
    site.stand_in.set_faults(Faults::always(Fault::ServerError));
    let ran = site.update(&database, "2026-07-01T10:00:00Z", &["--all", "--retries=1"]);
    assert_eq!((ran.status, site.stand_in.requests()), (2, 2), "{ran:?}");
    site.stand_in.set_faults(Faults::always(Fault::Html));
    site.update(&database, "2026-07-01T11:00:00Z", &["--all", "--retries=1"]);
    assert_eq!(site.stand_in.requests(), 3, "what will not pass is not tried again");
}

/// A site that wants to be left alone for an hour is, by all huts.
#[test]
fn a_site_that_says_stop_is_not_asked_again() {
    let database = crate::support::database::TestDatabase::sqlite();
    drop(database.with_huts(10));
    let site = TestSite::with_huts(10);
    let faults = Faults::always(Fault::RateLimit);
    site.stand_in.set_faults(Faults { retry_after: Duration::from_secs(3600), ..faults });
    let ran = site.update(&database, "2026-07-01T10:00:00Z", &["--max-in-flight=1"]);
    assert_eq!((ran.status, site.stand_in.requests()), (2, 1), "{ran:?}");
    let report = ran.json();
    assert_eq!((&report["huts"]["failed"], &report["huts"]["skipped"]), (&1.into(), &9.into()));
    for result in report["results"].as_array().unwrap() {
        assert_eq!(result["error"]["kind"], "rate_limited", "{result}");
    }
    // Nothing is held against the huts that were not asked.
    site.stand_in.set_faults(Faults::none());
    let soon = site.update(&database, "2026-07-01T10:01:00Z", &[]).json();
    assert_eq!(soon["huts"]["updated"], 9, "{soon}");
}
