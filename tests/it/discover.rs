//! Finding huts at the sites: through the program, over a socket, on both databases.

use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::get;
use diesel::connection::SimpleConnection;
use hut_availability::demo;
use hut_availability::simulate::Site;
use hut_availability::simulate::faults::{Fault, Faults};
use hut_availability::simulate::model::{Model, SimulatedHut};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, history, lines, number};
use crate::support::model::assert_invariants;
use crate::support::program::{Ran, discover, hut_availability, run};
use crate::support::site::TestSite;

/// Runs a discovery at a site of IDs up to 40, without waiting.
fn discover_at(site: &TestSite, database: &TestDatabase, args: &[&str]) -> Ran {
    let mut command = discover(&site.stand_in.url(), database);
    command.args(["--request-interval", "0", "--retries", "0", "--output", "json"]);
    if !args.contains(&"--max-id") {
        command.args(["--max-id", "40"]);
    }
    run(command.args(args))
}

/// How many huts of a site had an outcome.
fn outcome(ran: &Ran, organization: &str, outcome: &str) -> u64 {
    let report = ran.json();
    let sites = report["sites"].as_array().unwrap();
    let site = sites.iter().find(|site| site["organization"] == organization).unwrap();
    site["outcomes"][outcome].as_u64().unwrap_or(0)
}

fn huts(database: &TestDatabase, args: &[&str]) -> Ran {
    run(hut_availability().arg("huts").args(args).args(["--database-url", &database.url]))
}

/// The whole register, but for when it was written.
fn register(database: &TestDatabase) -> Vec<String> {
    let mut rows: Vec<String> =
        huts(database, &["export"]).stdout.lines().map(str::to_owned).collect();
    let sources = "SELECT slug || ' ' || organization || ' ' || source_hut_id || ' '
        || coalesce(link, '-') || ' ' || (last_listed IS NULL) AS line
        FROM hut JOIN hut_source ON hut_source.hut_id = hut.id ORDER BY 1";
    rows.extend(lines(&mut database.open(), sources));
    rows
}

/// Huts whose facts a test knows.
fn simulated(change: impl Fn(&mut SimulatedHut)) -> TestSite {
    let huts = demo::huts().into_iter().zip(1..).map(|(mut hut, id)| {
        hut.id = id.to_string();
        change(&mut hut);
        hut
    });
    let huts = huts.filter(|hut| !hut.id.is_empty()).collect();
    TestSite::start(Site::Model(Model::new(1, huts)))
}

/// The 24 huts of the demo, the numbers 1 to 24.
fn demo_site() -> TestSite {
    simulated(|_| ())
}

const HRS: [&str; 2] = ["--organization", "hrs"];

on_both_databases! {
    fn an_empty_database_gets_every_hut_of_both_sites(database) {
        let site = demo_site();
        let first = discover_at(&site, database, &[]);
        assert_eq!(first.status, 0, "{first:?}");
        assert_eq!((outcome(&first, "hrs", "added"), outcome(&first, "huetten-holiday", "added")), (24, 24));
        // The IDs, and two pages of 15.
        assert_eq!(site.stand_in.requests(), 40 + 2);
        let watzmann = "SELECT name || ' ' || country || ' ' || elevation || ' ' || capacity_open || ' '
            || capacity_closed || ' ' || hut_type_open || ' ' || booking_ref AS line FROM hut
            WHERE slug = 'watzmannhaus'";
        let mut db = database.open();
        assert_eq!(lines(&mut db, watzmann), ["Watzmannhaus DE 1930 102 0 hut hrs"]);
        let placed = "SELECT count(*) AS number FROM hut WHERE latitude BETWEEN 43 AND 53 AND is_active";
        assert_eq!(number(&mut db, placed), 48);
        assert_eq!(first.json()["twins"].as_array().unwrap().len(), 24, "each is at both sites");

        let before = register(database);
        let again = discover_at(&site, database, &[]);
        assert_eq!((outcome(&again, "hrs", "unchanged"), outcome(&again, "huetten-holiday", "unchanged")), (24, 24));
        assert_eq!(register(database), before);
        // What was found can be asked at once.
        let ran = site.update(database, "2026-07-01T10:00:00Z", &["--days", "14"]);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &48.into()), "{ran:?}");
        let links = "SELECT count(DISTINCT link) AS number FROM hut_availability";
        assert_eq!(number(&mut db, links), 48);
    }

    fn a_hut_that_is_locked_or_gone_is_inactive_and_keeps_its_history(database) {
        let whole = demo_site();
        discover_at(&whole, database, &[]);
        whole.update(database, "2026-07-01T10:00:00Z", &["--days", "7"]);
        let mut db = database.open();
        let entries = history(&mut db).len();

        // Both sites know 5 no more, 7 is locked and renamed.
        let fewer = simulated(|hut| match hut.id.as_str() {
            "5" => hut.id.clear(),
            "7" => {
                hut.unlocked = false;
                hut.name += " (closed)";
            }
            _ => {}
        });
        let ran = discover_at(&fewer, database, &[]);
        assert_eq!((ran.status, outcome(&ran, "hrs", "deactivated")), (0, 2), "{ran:?}");
        assert_eq!(outcome(&ran, "huetten-holiday", "deactivated"), 2);
        let inactive = "SELECT organization || ' ' || source_hut_id || ' ' || (name LIKE '%(closed)') AS line
            FROM hut JOIN hut_source ON hut_id = id WHERE NOT is_active ORDER BY 1";
        let closed = if database.is_sqlite() { ["0", "1", "0", "0"] } else { ["false", "true", "false", "false"] };
        let expected = ["hrs 5", "hrs 7", "huetten-holiday 5", "huetten-holiday 7"];
        let expected: Vec<String> = expected.iter().zip(closed).map(|(id, closed)| format!("{id} {closed}")).collect();
        assert_eq!(lines(&mut db, inactive), expected);
        assert_eq!(history(&mut db).len(), entries);
        let due = fewer.update(database, "2026-07-03T10:00:00Z", &["--days", "7"]);
        assert_eq!((due.status, &due.json()["huts"]["selected"]), (0, &44.into()), "{due:?}");
        assert_invariants(&mut db);

        let back = discover_at(&whole, database, &[]);
        assert_eq!((outcome(&back, "hrs", "activated"), outcome(&back, "huetten-holiday", "activated")), (2, 2));
    }

    fn what_an_operator_has_set_stays_as_set(database) {
        let site = demo_site();
        discover_at(&site, database, &HRS);
        let set = huts(database, &["set", "watzmannhaus", "name=Watzmann", "elevation=1928", "slug=watzmann"]);
        assert_eq!(set.status, 0, "{set:?}");
        assert_eq!(huts(database, &["deactivate", "berliner-huette"]).status, 0);
        let renamed = simulated(|hut| hut.name += " neu");
        let ran = discover_at(&renamed, database, &HRS);
        assert_eq!(outcome(&ran, "hrs", "updated"), 23, "all but the one that is set: {ran:?}");
        let mut db = database.open();
        let watzmann = "SELECT slug || ' ' || name || ' ' || elevation AS line FROM hut WHERE name LIKE 'Watz%'";
        assert_eq!(lines(&mut db, watzmann), ["watzmann Watzmann 1928"]);
        let berliner = "SELECT name AS line FROM hut WHERE NOT is_active";
        assert_eq!(lines(&mut db, berliner), ["Berliner Hütte neu"]);
        // And is the site's again when it is left to it.
        huts(database, &["unset", "watzmann", "name", "elevation"]);
        assert_eq!(outcome(&discover_at(&renamed, database, &HRS), "hrs", "updated"), 1);
        let watzmann = "SELECT name || ' ' || elevation AS line FROM hut WHERE slug = 'watzmann'";
        assert_eq!(lines(&mut db, watzmann), ["Watzmannhaus neu 1930"]);
    }

    fn a_dry_run_says_what_would_be_and_writes_nothing(database) {
        let site = demo_site();
        let would = discover_at(&site, database, &["--dry-run"]);
        assert_eq!((would.status, outcome(&would, "hrs", "added")), (0, 24), "{would:?}");
        let mut db = database.open();
        for table in ["hut", "hut_source", "discovery", "hut_field_set_by_hand"] {
            assert_eq!(number(&mut db, &format!("SELECT count(*) AS number FROM {table}")), 0, "{table}");
        }
        // What it says is what comes of it.
        let done = discover_at(&site, database, &[]);
        assert_eq!((&would.json()["huts"], &would.json()["twins"]), (&done.json()["huts"], &done.json()["twins"]));
        let before = register(database);
        let gone = simulated(|hut| if hut.id == "5" { hut.id.clear() });
        let would = discover_at(&gone, database, &["--dry-run"]);
        assert_eq!((outcome(&would, "hrs", "deactivated"), outcome(&would, "huetten-holiday", "deactivated")), (1, 1));
        assert_eq!(register(database), before);
    }

    /// Killed at any moment, again and again, a discovery comes to where it would have come.
    fn an_interrupted_discovery_that_goes_on_equals_one_that_was_not(database) {
        let site = TestSite::with_huts(40);
        let whole = if database.is_sqlite() { TestDatabase::sqlite() } else { TestDatabase::postgres() };
        assert_eq!(discover_at(&site, &whole, &[]).status, 0);
        let expected = register(&whole);
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(3) });
        let strategy = (proptest::collection::vec((0..200_u64, any::<bool>()), 1..4),);
        runner.run(&strategy, |(stops,)| {
            clear(database);
            let before = site.stand_in.requests();
            for (milliseconds, is_killed) in &stops {
                let mut command = discover(&site.stand_in.url(), database);
                command.args(["--max-id", "40", "--request-interval", "0.02"]);
                let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                stop(child, Duration::from_millis(*milliseconds), *is_killed);
            }
            let last = discover_at(&site, database, &[]);
            prop_assert_eq!(last.status, 0);
            prop_assert_eq!(&register(database), &expected);
            // Each walk goes on, and does not start over: what was in flight is asked again.
            let asked = site.stand_in.requests() - before;
            prop_assert!(asked <= 40 + 3 + stops.len() * 10, "{} requests", asked);
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

    fn a_dead_site_is_left_and_harms_no_other(database) {
        let dead = TestSite::with_huts(40);
        dead.stand_in.set_faults(Faults::always(Fault::ServerError));
        let alive = demo_site();
        let mut command = discover(&alive.stand_in.url(), database);
        command.args(["--source-url", &format!("hrs={}", dead.stand_in.url()), "--output", "json"]);
        let ran = run(command.args(["--request-interval", "0", "--retries", "0"]));
        assert_eq!((ran.status, outcome(&ran, "huetten-holiday", "added")), (1, 24), "{ran:?}");
        assert!(dead.stand_in.requests() <= 5 + 4, "{} requests", dead.stand_in.requests());
        let both = discover_at(&dead, database, &[]);
        assert_eq!(both.status, 2, "nothing was found: {both:?}");
        assert!(both.stderr.contains("hrs: ID 1 failed: http_status: HTTP 500"), "{}", both.stderr);
        let finished = "SELECT count(*) AS number FROM hut WHERE NOT is_active";
        assert_eq!(number(&mut database.open(), finished), 0, "who was not listed is not gone");
    }

    /// Each way to fail, now and then: what failed is told, and the next discovery makes up for it.
    fn a_walk_goes_on_past_steps_that_fail(database) {
        let site = TestSite::with_huts(40);
        let kinds = vec![Fault::Html, Fault::Truncated, Fault::WrongType, Fault::TooLarge, Fault::Empty];
        site.stand_in.set_faults(Faults { error_rate: 0.3, kinds, ..Faults::none() });
        let some = discover_at(&site, database, &HRS);
        let failures = some.json()["sites"][0]["failures"].as_array().unwrap().len() as u64;
        assert_eq!((some.status, outcome(&some, "hrs", "added")), (1, 40 - failures), "{some:?}");
        assert!((4..=24).contains(&failures), "{failures}");
        site.stand_in.set_faults(Faults::none());
        let rest = discover_at(&site, database, &HRS);
        assert_eq!((rest.status, outcome(&rest, "hrs", "added")), (0, failures));
    }

    fn twins_are_proposed_and_one_only_when_somebody_says_so(database) {
        let site = demo_site();
        discover_at(&site, database, &[]);
        site.update(database, "2026-07-01T10:00:00Z", &["--days", "7"]);
        let mut db = database.open();
        let (count, entries) = (number(&mut db, "SELECT count(*) AS number FROM hut"), history(&mut db).len());
        assert_eq!(count, 48, "nothing is merged by itself");
        let twins = discover_at(&site, database, &[]).json()["twins"].clone();
        let twin = twins.as_array().unwrap().iter().find(|twin| twin["hut"] == "watzmannhaus").unwrap();
        let id = twin["source_hut_id"].as_str().unwrap();
        assert_eq!((&twin["twin"], &twin["organization"], &twin["distance_m"]), (&"watzmannhaus-2".into(), &"huetten-holiday".into(), &0.0.into()));

        let linked = huts(database, &["link", "watzmannhaus", "huetten-holiday", id]);
        assert_eq!(linked.status, 0, "{linked:?}");
        assert!(linked.stdout.contains("watzmannhaus-2: had it before, keeps its history"), "{linked:?}");
        assert_eq!((number(&mut db, "SELECT count(*) AS number FROM hut"), history(&mut db).len()), (48, entries));
        let again = discover_at(&site, database, &[]);
        assert_eq!((outcome(&again, "huetten-holiday", "unchanged"), again.json()["twins"].as_array().unwrap().len()), (24, 23));

        // Its bookings are followed where it is said, by one request.
        assert_eq!(huts(database, &["set", "watzmannhaus", "booking_ref=huetten-holiday"]).status, 0);
        let ran = site.update(database, "2026-07-02T10:00:00Z", &["--all", "--days", "7"]);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &47.into()), "{ran:?}");
        let followed = "SELECT DISTINCT source_organization || ' ' || source_hut_id AS line FROM hut_availability
            JOIN hut ON id = hut_id WHERE slug = 'watzmannhaus' AND availability_date >= '2026-07-02'";
        assert_eq!(lines(&mut db, followed), [format!("huetten-holiday {id}")]);
        assert_invariants(&mut db);
        // And it can be taken back.
        assert_eq!(huts(database, &["link", "watzmannhaus-2", "huetten-holiday", id]).status, 0);
        assert_eq!(huts(database, &["set", "watzmannhaus-2", "booking_ref=huetten-holiday", "is_active=true"]).status, 0);
        let ran = site.update(database, "2026-07-03T10:00:00Z", &["--all", "--days", "7"]);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &47.into()), "{ran:?}");
    }

    fn huts_are_stored_with_what_is_sound(database) {
        let site = odd_site();
        let args = ["--max-id", "6", "--request-interval", "0", "--output", "json"];
        let ran = run(discover(&site.url, database).args(args));
        assert_eq!(ran.status, 1, "who is gone is not known: {ran:?}");
        assert_eq!((outcome(&ran, "hrs", "added"), outcome(&ran, "huetten-holiday", "added")), (4, 3), "{ran:?}");
        assert_eq!(ran.json()["sites"][0]["test_entries"], 1);
        let unknown = &ran.json()["sites"][1]["gone_unknown"];
        assert_eq!(unknown, "a page, or an entry of one, could not be read");
        let mut db = database.open();
        let rows = lines(&mut db, "SELECT slug || '|' || name || '|' || coalesce(elevation, -1) || '|' || (latitude IS NULL)
            || '|' || coalesce(capacity_open, -1) AS line FROM hut ORDER BY id");
        let rows: Vec<String> = rows.iter().map(|row| row.replace("|1|", "|true|").replace("|0|", "|false|")).collect();
        assert_eq!(rows, [
            "hrs-1|hrs 1|-1|true|-1",
            "obere-huette-alp|Obere Hütte & Alp|-1|true|-1",
            "huette|Hütte|1726|false|70",
            "hrs-4|hrs 4|-1|true|-1",
            "huette-2|Hütte|-1|false|-1",
            "x|x|-1|true|-1",
            "huetten-holiday-3|huetten-holiday 3|-1|true|-1",
        ]);
        assert!(!ran.stdout.contains(['\u{1b}', '\u{0}']) && !ran.stderr.contains(['\u{1b}', '\u{0}']));
        let unreadable = &ran.json()["sites"][0]["unreadable"];
        assert_eq!(unreadable["coordinates"], 3, "{unreadable}");
    }

    /// An interface that has changed may know no hut any more, and say so of each.
    fn a_site_that_knows_nothing_takes_no_hut_away(database) {
        let site = demo_site();
        discover_at(&site, database, &HRS);
        site.stand_in.set_faults(Faults::always(Fault::UnknownHut));
        let ran = discover_at(&site, database, &HRS);
        assert_eq!((ran.status, outcome(&ran, "hrs", "deactivated")), (2, 0), "{ran:?}");
        let why = &ran.json()["sites"][0]["gone_unknown"];
        assert_eq!(why, "the site would have lost 24 huts and have 0 left");
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM hut WHERE is_active"), 24);
        // As soon as it knows one, it is believed of those before.
        let late = simulated(|hut| if hut.id.len() == 1 { hut.id.clear() });
        let ran = discover_at(&late, database, &HRS);
        assert_eq!((ran.status, outcome(&ran, "hrs", "deactivated")), (0, 9), "{ran:?}");
    }

    /// A list from which an entry is taken while it is read moves up: one slips from page to page.
    fn a_hut_that_slips_between_pages_is_not_gone(database) {
        let site = odd_site();
        let cabins = ["--organization", "huetten-holiday", "--request-interval", "0", "--output", "json"];
        let run = |kind: &str| run(discover(&site.url.join(kind).unwrap(), database).args(cabins));
        let inactive = || number(&mut database.open(), "SELECT count(*) AS number FROM hut WHERE NOT is_active");
        let whole = run("whole/");
        assert_eq!((whole.status, outcome(&whole, "huetten-holiday", "added")), (0, 6), "{whole:?}");
        // Once without hut 3, and then with it.
        assert_eq!((run("slips/").status, inactive()), (0, 0));
        // Pages that come and go, all alike, of which one is empty, that are fewer than huts lost.
        for kind in ["grows/", "shrinks/", "same/", "hole/", "few/"] {
            let ran = run(kind);
            assert!(ran.json()["sites"][0]["gone_unknown"].is_string() || ran.status != 0, "{kind} {ran:?}");
            assert_eq!(inactive(), 0, "{kind}");
        }
        let fewer = run("fewer/");
        assert_eq!((fewer.status, outcome(&fewer, "huetten-holiday", "deactivated")), (0, 1), "{fewer:?}");
        assert!(fewer.stdout.contains("\"source_hut_id\":\"6\",\"outcome\":\"deactivated\""), "{fewer:?}");
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

    fn a_dry_run_migrates_nothing(database) {
        if !database.is_sqlite() {
            return;
        }
        let mut db = database.open();
        SimpleConnection::batch_execute(&mut db, "DELETE FROM __diesel_schema_migrations WHERE version = '20261122000004'").unwrap();
        let ran = discover_at(&demo_site(), database, &["--dry-run"]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains("lacks 1 of the migrations"), "{ran:?}");
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

    /// An answer that helps nobody is no reason to ask hundreds more.
    fn a_site_that_fails_at_everything_is_left(database) {
        for fault in [Fault::Html, Fault::RateLimit, Fault::Forbidden, Fault::Truncated] {
            let site = TestSite::with_huts(40);
            site.stand_in.set_faults(Faults { retry_after: Duration::ZERO, ..Faults::always(fault) });
            let ran = discover_at(&site, database, &["--organization", "hrs", "--fresh"]);
            assert_eq!(ran.status, 2, "{ran:?}");
            assert!(site.stand_in.requests() <= 5 + 4, "{fault:?}: {} requests", site.stand_in.requests());
            let left = &ran.json()["sites"][0]["left"]["message"];
            assert!(left.as_str().unwrap().contains("5 in a row failed"), "{left}");
        }
    }

    fn a_known_id_beyond_the_limit_is_looked_up_too(database) {
        drop(database.with_huts(39));
        let site = demo_site();
        let ran = discover_at(&site, database, &["--organization", "hrs", "--max-id", "10"]);
        assert_eq!((outcome(&ran, "hrs", "updated"), outcome(&ran, "hrs", "deactivated")), (24, 15), "{ran:?}");
        assert_eq!(site.stand_in.requests(), 39);
    }

    /// A list that breaks off, or lists nothing, is not the news that huts are gone.
    fn a_list_with_a_page_missing_takes_no_hut_away(database) {
        let site = demo_site();
        let cabins = ["--organization", "huetten-holiday"];
        discover_at(&site, database, &cabins);
        site.stand_in.set_faults(Faults { after: site.stand_in.requests() + 1, ..Faults::always(Fault::Html) });
        let broken = discover_at(&site, database, &cabins);
        assert_eq!((broken.status, outcome(&broken, "huetten-holiday", "deactivated")), (1, 0), "{broken:?}");
        assert_eq!(broken.json()["sites"][0]["failures"][0]["step"], 2);
        site.stand_in.set_faults(Faults::always(Fault::Empty));
        let empty = discover_at(&site, database, &cabins);
        assert_eq!((empty.status, outcome(&empty, "huetten-holiday", "deactivated")), (2, 0), "{empty:?}");
        assert_eq!(number(&mut database.open(), "SELECT count(*) AS number FROM hut WHERE is_active"), 24);
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

/// Lets a program run for a while, and then stops it, politely or not.
fn stop(mut child: Child, after: Duration, is_killed: bool) {
    std::thread::sleep(after);
    if is_killed {
        child.kill().unwrap();
    } else {
        let process = child.id().to_string();
        let _ = std::process::Command::new("kill").args(["-INT", &process]).status();
    }
    child.wait().unwrap();
}

/// A site whose every field is odd somewhere.
struct OddSite {
    url: reqwest::Url,
    _runtime: tokio::runtime::Runtime,
}

fn odd_site() -> OddSite {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let router = Router::new()
        .route("/api/v1/reservation/hutInfo/{id}", get(|id: Path<u32>| async move { odd_hut(*id) }))
        .route("/get-cabins", get(|query: Query<Value>| async move { odd_page(&query) }))
        .route(
            "/{kind}/get-cabins",
            get(async move |kind: Path<String>, query: Query<Value>| list(&kind, &query, &asked)),
        );
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
    OddSite { url, _runtime: runtime }
}

fn odd_hut(id: u32) -> (axum::http::StatusCode, String) {
    let answer = match id {
        1 => json!({}),
        2 => json!({
            "hutId": 2, "hutName": "<b>Obere</b> H&uuml;tte\u{0}\u{1b} &amp; Alp", "hutUnlocked": "yes",
            "tenantCountry": {"code": 3}, "coordinates": [46.5, 7.5], "altitude": "-1 m",
            "hutBedCategories": "many",
        }),
        3 => json!({
            "hutId": 3, "hutName": "Hu\u{308}tte", "hutUnlocked": true, "tenantCountry": "CH",
            "coordinates": "668.000 / 176.940", "altitude": 1726,
            "hutBedCategories": [{"totalSleepingPlaces": 70, "reservationMode": "ROOM"}],
        }),
        4 => {
            json!({"hutId": 4, "hutName": "x".repeat(10_000), "coordinates": "460.0, 7.5", "altitude": "9999 m"})
        }
        5 => json!({"hutId": 5, "hutName": "ZZZ TEST"}),
        _ => return (axum::http::StatusCode::BAD_REQUEST, "Hut Id not found".into()),
    };
    (axum::http::StatusCode::OK, answer.to_string())
}

fn odd_page(query: &Value) -> String {
    let data = if query["page"] == "1" {
        json!([
            {"id": "1", "name": "Hütte", "slug": "huette", "latitude": 46.5, "longitude": "7,5", "altitude": true},
            {"id": 2, "name": "x", "slug": "\u{1b}", "latitude": 460, "longitude": 7.5, "country": "AT"},
            {"id": 9, "name": "Deleted", "is_delete": 1},
            "cabin", null, {"id": null},
        ])
    } else {
        // A hut may be on two pages, as one is added while they are turned.
        json!([{"id": 2, "name": "x"}, {"id": 3}])
    };
    json!({"data": data, "last_page": 2, "next_page_url": null}).to_string()
}

/// A page of six huts in twos, or of a list that is odd in some way. `asked` is how often page 2 was.
fn list(kind: &str, query: &Value, asked: &AtomicUsize) -> String {
    let page: u64 = query["page"].as_str().unwrap().parse().unwrap();
    let hut = |id: u64| json!({"id": id, "name": format!("Hut {id}")});
    let two = |page: u64| vec![hut(2 * page - 1), hut(2 * page)];
    let (current, last, data) = match (kind, page) {
        ("slips", 2) if asked.fetch_add(1, Ordering::Relaxed) == 0 => (2, 3, vec![hut(4)]),
        ("grows", page) => (page, if page == 1 { 1 } else { 2 }, two(page)),
        ("shrinks", page) => (page, 4 - page.min(2), two(page)),
        ("same", _) => (1, 3, two(1)),
        ("hole", 2) => (2, 1, Vec::new()),
        ("few", _) => (1, 1, vec![hut(1)]),
        ("fewer", 3) => (3, 3, vec![hut(5)]),
        (_, page) => (page, 3, two(page)),
    };
    json!({"data": data, "current_page": current, "last_page": last}).to_string()
}
