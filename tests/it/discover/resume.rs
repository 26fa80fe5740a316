//! Discoveries that are interrupted, and go on.

use std::thread::sleep;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::simulate::faults::{Fault, Faults};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use super::{HRS, demo_site, discover_at, outcome, stored};
use crate::on_both_databases;
use crate::support::database::{TestDatabase, number};
use crate::support::program::discover;
use crate::support::running::{Running, wait_until};
use crate::support::site::TestSite;

on_both_databases! {
    /// Killed at any moment, again and again, a discovery comes to where it would have come.
    fn an_interrupted_discovery_that_goes_on_equals_one_that_was_not(database) {
        let site = TestSite::with_huts(40);
        let whole = if database.is_sqlite() { TestDatabase::sqlite() } else { TestDatabase::postgres() };
        assert_eq!(discover_at(&site, &whole, &[]).status, 0);
        let expected = stored(&whole);
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(3) });
        let stop = (0..20_i64, 0..20_u64, any::<bool>());
        runner.run(&(proptest::collection::vec(stop, 1..4),), |(stops,)| {
            clear(database);
            let mut db = database.open();
            for (steps, milliseconds, is_killed) in &stops {
                let first = next_step(&mut db);
                let mut command = discover(&site.stand_in.url(), database);
                command.args(["--max-id", "40", "--request-interval", "0.02"]);
                let mut running = Running::start(&mut command);
                wait_until("steps", || running.has_ended() || next_step(&mut db) >= first + steps);
                sleep(Duration::from_millis(*milliseconds));
                if *is_killed {
                    running.kill();
                } else if !running.has_ended() {
                    running.signal("INT");
                    running.end();
                }
            }
            // The last walk goes on, and does not start over: what is done is not asked for again.
            let (first, before) = (next_step(&mut db), site.stand_in.requests());
            let last = discover_at(&site, database, &[]);
            prop_assert_eq!(last.status, 0);
            prop_assert_eq!(&stored(database), &expected);
            let (asked, left) = (site.stand_in.requests() - before, 41 - first);
            prop_assert!(asked as i64 <= left + 3, "{} requests for {} steps", asked, left);
            Ok(())
        }).unwrap();
    }

    fn a_walk_that_is_to_start_over_does(database) {
        let site = TestSite::with_huts(40);
        site.stand_in.set_faults(Faults { after: 20, ..Faults::always(Fault::Reset) });
        let left = discover_at(&site, database, &["--organization", "hrs", "--max-in-flight", "1"]);
        assert_eq!(left.status, 1, "{left:?}");
        let report = &left.json()["sites"][0];
        // Five in a row are enough; they are the first ones of the next discovery.
        assert_eq!((&report["next_step"], report["failures"].as_array().unwrap().len()), (&21.into(), 5));
        assert_eq!(&report["left"]["kind"], "connect", "{report}");

        site.stand_in.set_faults(Faults::none());
        let fresh = discover_at(&site, database, &["--organization", "hrs", "--fresh"]);
        assert_eq!((outcome(&fresh, "hrs", "unchanged"), outcome(&fresh, "hrs", "added")), (20, 20));
        assert_eq!(&fresh.json()["sites"][0]["first_step"], 1);
        // After the end, the next one begins at the beginning.
        assert_eq!(&discover_at(&site, database, &HRS).json()["sites"][0]["first_step"], 1);
    }

    /// As a page of maintenance would be: what it stands for is asked again.
    fn nothing_is_passed_over_where_a_site_is_left(database) {
        let site = demo_site();
        for fault in [Fault::Html, Fault::UnknownHut] {
            site.stand_in.set_faults(Faults::always(fault));
            assert_eq!(discover_at(&site, database, &HRS).status == 0, fault == Fault::UnknownHut);
        }
        site.stand_in.set_faults(Faults { after: site.stand_in.requests() + 20, ..Faults::always(Fault::Html) });
        // One after the other, so that none succeeds after one that fails.
        discover_at(&site, database, &["--organization", "hrs", "--fresh", "--max-in-flight", "1"]);
        site.stand_in.set_faults(Faults::none());
        let ran = discover_at(&site, database, &[]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let mut db = database.open();
        assert_eq!(number(&mut db, "SELECT count(*) AS number FROM hut WHERE is_active"), 48);
        // What has failed before is told by the walk that goes on to the end.
        let failed = "UPDATE discovery SET finished_at = NULL, next_step = 5, failed_steps = 2 WHERE organization = 'hrs'";
        SimpleConnection::batch_execute(&mut db, failed).unwrap();
        let ran = discover_at(&site, database, &HRS);
        let why = &ran.json()["sites"][0]["gone_unknown"];
        assert_eq!((ran.status, why), (1, &"2 IDs failed before this walk went on, and the next one asks for them again".into()));
        // A walk that goes on at a site which then knows nothing believes it no more than a new one.
        let half = "UPDATE discovery SET finished_at = NULL, next_step = 5";
        SimpleConnection::batch_execute(&mut db, half).unwrap();
        SimpleConnection::batch_execute(&mut db, "UPDATE hut_source SET last_listed = NULL").unwrap();
        site.stand_in.set_faults(Faults::always(Fault::UnknownHut));
        assert_ne!(discover_at(&site, database, &HRS).status, 0);
        assert_eq!(number(&mut db, "SELECT count(*) AS number FROM hut WHERE is_active"), 48);
    }

    /// What is done is not done again, and what is old is not gone on with.
    fn a_discovery_goes_on_with_the_site_at_which_it_stopped(database) {
        let site = demo_site();
        site.stand_in.set_faults(Faults { after: 40, ..Faults::always(Fault::Reset) });
        let first = discover_at(&site, database, &[]);
        assert_eq!((first.status, outcome(&first, "hrs", "added")), (1, 24), "{first:?}");
        site.stand_in.set_faults(Faults::none());
        let before = site.stand_in.requests();
        let second = discover_at(&site, database, &[]);
        assert_eq!((second.status, outcome(&second, "huetten-holiday", "added")), (0, 24), "{second:?}");
        assert_eq!(site.stand_in.requests() - before, 2, "the pages");
        assert_eq!(second.json()["resumed"], first.json()["started_at"]);

        let mut db = database.open();
        let interrupted = |started_at: &str| format!("UPDATE discovery SET finished_at = NULL, next_step = 18,
            started_at = '{started_at}' WHERE organization = 'hrs'");
        let begun = |args: &[&str]| {
            let mut db = database.open();
            SimpleConnection::batch_execute(&mut db, &interrupted("2026-01-01T00:00:00.000000Z")).unwrap();
            let ran = discover_at(&site, database, args);
            (ran.json()["sites"][0]["first_step"].clone(), ran.json()["resumed"].clone())
        };
        assert_eq!(begun(&HRS), (1.into(), Value::Null), "it is too old");
        let resumed = (18.into(), "2026-01-01T00:00:00Z".into());
        assert_eq!(begun(&["--organization", "hrs", "--resume"]), resumed);
        let known = begun(&["--organization", "hrs", "--resume", "--max-id", "10"]);
        assert_eq!(known, resumed, "the known ones beyond the limit are left");
        let beyond = interrupted("2026-01-01T00:00:00.000000Z").replace("18", "30");
        SimpleConnection::batch_execute(&mut db, &beyond).unwrap();
        let ran = discover_at(&site, database, &["--organization", "hrs", "--resume", "--max-id", "10"]);
        assert_eq!(ran.json()["sites"][0]["first_step"], 1, "there is nothing left to go on with");
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

/// Where a walk of hut-reservation.org goes on; 1 where the next one begins at the beginning.
fn next_step(db: &mut Db) -> i64 {
    number(
        db,
        "SELECT coalesce(max(next_step), 1) AS number FROM (SELECT CAST(next_step AS bigint) AS next_step
         FROM discovery WHERE organization = 'hrs' AND finished_at IS NULL) AS walk",
    )
}
