//! Discoveries that are interrupted and resumed.

use std::thread::sleep;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::domain::fault::Fault;
use hut_availability::simulate::faults::Faults;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use super::{HRS, TWO_SITES, demo_site, discover_at, outcome, stored};
use crate::on_both_databases;
use crate::support::database::{TestDatabase, number};
use crate::support::program::discover;
use crate::support::running::{Running, wait_until};
use crate::support::site::TestSite;

on_both_databases! {
    /// A discovery that is stopped several times, each time at any moment, ends with the same register as an
    /// uninterrupted one.
    fn a_resumed_discovery_ends_like_an_uninterrupted_one(database) {
        let site = TestSite::with_huts(40);
        let uninterrupted = if database.is_sqlite() { TestDatabase::sqlite() } else { TestDatabase::postgres() };
        assert_eq!(discover_at(&site, &uninterrupted, &[]).status, 0);
        let expected = stored(&uninterrupted);
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(3) });
        let stop = (0..20_i64, 0..20_u64, any::<bool>());
        runner.run(&(proptest::collection::vec(stop, 1..4),), |(stops,)| {
            clear(database);
            let mut db = database.open();
            for (steps, milliseconds, is_killed) in &stops {
                let first = next_step(&mut db);
                let mut command = discover(&site.fake_site.url(), database);
                command.args(["--max-id", "40", "--request-interval", "0.02"]).args(TWO_SITES);
                let mut running = Running::start(&mut command);
                wait_until("steps of the discovery", || running.has_ended() || next_step(&mut db) >= first + steps);
                sleep(Duration::from_millis(*milliseconds));
                if *is_killed {
                    running.kill();
                } else if !running.has_ended() {
                    running.signal("INT");
                    running.end();
                }
            }
            // The last discovery resumes: it does not repeat the completed steps.
            let (first, before) = (next_step(&mut db), site.fake_site.requests());
            let last = discover_at(&site, database, &[]);
            prop_assert_eq!(last.status, 0);
            prop_assert_eq!(&stored(database), &expected);
            let (requests, remaining) = (site.fake_site.requests() - before, 41 - first);
            prop_assert!(requests as i64 <= remaining + 3, "{} requests for {} steps", requests, remaining);
            Ok(())
        }).unwrap();
    }

    fn a_fresh_discovery_starts_over(database) {
        let site = TestSite::with_huts(40);
        site.fake_site.set_faults(Faults { after: 20, ..Faults::always(Fault::Reset) });
        let abandoned = discover_at(&site, database, &["--organization", "hrs", "--max-in-flight", "1"]);
        assert_eq!(abandoned.status, 1, "{abandoned:?}");
        let report = &abandoned.json()["sites"][0];
        // Five failures in a row are enough. The next discovery begins with the failed IDs.
        assert_eq!((&report["next_step"], report["failures"].as_array().unwrap().len()), (&21.into(), 5));
        assert_eq!(&report["left"]["kind"], "connect", "{report}");

        site.fake_site.set_faults(Faults::none());
        let fresh = discover_at(&site, database, &["--organization", "hrs", "--fresh"]);
        assert_eq!((outcome(&fresh, "hrs", "unchanged"), outcome(&fresh, "hrs", "added")), (20, 20));
        assert_eq!(&fresh.json()["sites"][0]["first_step"], 1);
        // A completed discovery is followed by one that starts at the first ID.
        assert_eq!(&discover_at(&site, database, &HRS).json()["sites"][0]["first_step"], 1);
    }

    /// A site that fails for a while, for example with a maintenance page: its huts are requested again.
    fn no_id_is_skipped_when_a_site_is_abandoned(database) {
        let site = demo_site();
        for fault in [Fault::Html, Fault::UnknownHut] {
            site.fake_site.set_faults(Faults::always(fault));
            assert_eq!(discover_at(&site, database, &HRS).status == 0, fault == Fault::UnknownHut);
        }
        site.fake_site.set_faults(Faults { after: site.fake_site.requests() + 20, ..Faults::always(Fault::Html) });
        // One request at a time, so that none succeeds after one that failed.
        discover_at(&site, database, &["--organization", "hrs", "--fresh", "--max-in-flight", "1"]);
        site.fake_site.set_faults(Faults::none());
        let ran = discover_at(&site, database, &[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let mut db = database.open();
        assert_eq!(number(&mut db, "SELECT count(*) AS number FROM hut WHERE is_active"), 48);
        // A resumed discovery still reports the steps that failed before it was resumed.
        let failed = "UPDATE discovery SET finished_at = NULL, next_step = 5, failed_steps = 2 WHERE organization = 'hrs'";
        SimpleConnection::batch_execute(&mut db, failed).unwrap();
        let ran = discover_at(&site, database, &HRS);
        let why = &ran.json()["sites"][0]["gone_unknown"];
        assert_eq!((ran.status, why), (1, &"2 IDs failed before this crawl was resumed; the next discovery tries them again".into()));
        // A resumed discovery distrusts a site that suddenly knows no hut, just like a new one.
        let unfinished = "UPDATE discovery SET finished_at = NULL, next_step = 5";
        SimpleConnection::batch_execute(&mut db, unfinished).unwrap();
        SimpleConnection::batch_execute(&mut db, "UPDATE hut_source SET last_listed = NULL").unwrap();
        site.fake_site.set_faults(Faults::always(Fault::UnknownHut));
        assert_ne!(discover_at(&site, database, &HRS).status, 0);
        assert_eq!(number(&mut db, "SELECT count(*) AS number FROM hut WHERE is_active"), 48);
    }

    /// A finished site is not polled again, and a discovery that is too old is not resumed.
    fn a_discovery_resumes_at_the_site_where_it_stopped(database) {
        let site = demo_site();
        site.fake_site.set_faults(Faults { after: 40, ..Faults::always(Fault::Reset) });
        let first = discover_at(&site, database, &[]);
        assert_eq!((first.status, outcome(&first, "hrs", "added")), (1, 24), "{first:?}");
        site.fake_site.set_faults(Faults::none());
        let before = site.fake_site.requests();
        let second = discover_at(&site, database, &[]);
        assert_eq!((second.status, outcome(&second, "huetten-holiday", "added")), (0, 24), "{second:?}");
        assert_eq!(site.fake_site.requests() - before, 2, "the pages");
        assert_eq!(second.json()["resumed"], first.json()["started_at"]);

        let mut db = database.open();
        let interrupted = |started_at: &str| format!("UPDATE discovery SET finished_at = NULL, next_step = 18,
            started_at = '{started_at}' WHERE organization = 'hrs'");
        let resume_from = |args: &[&str]| {
            let mut db = database.open();
            SimpleConnection::batch_execute(&mut db, &interrupted("2026-01-01T00:00:00.000000Z")).unwrap();
            let ran = discover_at(&site, database, args);
            (ran.json()["sites"][0]["first_step"].clone(), ran.json()["resumed"].clone())
        };
        assert_eq!(resume_from(&HRS), (1.into(), Value::Null), "it is too old to resume");
        let resumed = (18.into(), "2026-01-01T00:00:00Z".into());
        assert_eq!(resume_from(&["--organization", "hrs", "--resume"]), resumed);
        let known = resume_from(&["--organization", "hrs", "--resume", "--max-id", "10"]);
        assert_eq!(known, resumed, "the known IDs above the limit are still to be requested");
        let beyond = interrupted("2026-01-01T00:00:00.000000Z").replace("18", "30");
        SimpleConnection::batch_execute(&mut db, &beyond).unwrap();
        let ran = discover_at(&site, database, &["--organization", "hrs", "--resume", "--max-id", "10"]);
        assert_eq!(ran.json()["sites"][0]["first_step"], 1, "no step is left to resume");
        assert_eq!(discover_at(&site, database, &["--resume", "--fresh"]).status, 2);
    }
}

fn clear(database: &TestDatabase) {
    let mut db = database.open();
    for table in ["hut_field_set_by_hand", "discovery", "hut_source", "hut"] {
        // The reference from a hut to its source is checked at the end of a transaction.
        SimpleConnection::batch_execute(
            &mut db,
            &format!("BEGIN; UPDATE hut SET booking_ref = NULL; DELETE FROM {table}; COMMIT"),
        )
        .unwrap();
    }
}

/// The step at which a discovery of hut-reservation.org resumes; 1 if there is none to resume.
fn next_step(db: &mut Db) -> i64 {
    number(
        db,
        "SELECT coalesce(max(next_step), 1) AS number FROM (SELECT CAST(next_step AS bigint) AS next_step
         FROM discovery WHERE organization = 'hrs' AND finished_at IS NULL) AS unfinished",
    )
}
