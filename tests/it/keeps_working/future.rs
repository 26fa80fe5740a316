//! Checks that are stored at a time in the future: by a run with a wrong `--as-of`, or on a machine with a wrong clock.

use std::collections::BTreeMap;

use hut_availability::domain::fault::Fault;
use hut_availability::runtime::clock::Clock;
use hut_availability::simulate::faults::Faults;

use crate::on_both_databases;
use crate::support::database::{TestDatabase, lines, number};
use crate::support::faketime::WrongClock;
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, hut_availability, run};
use crate::support::site::TestSite;

const FUTURE: &str = "2062-07-01T10:00:00Z";
const HUTS: u32 = 3;

/// All rows of the tables that a run writes, as texts.
fn stored(database: &TestDatabase) -> BTreeMap<&'static str, Vec<String>> {
    let rows = |table: &str| {
        let sql = if database.is_sqlite() {
            let columns = format!("SELECT name AS line FROM pragma_table_info('{table}')");
            let columns = lines(&mut database.open(), &columns).join(", ");
            format!("SELECT json_array({columns}) AS line FROM {table} ORDER BY line")
        } else {
            format!("SELECT t::text AS line FROM {table} AS t ORDER BY line")
        };
        lines(&mut database.open(), &sql)
    };
    let tables =
        ["hut_check", "availability", "availability_change", "update_run", "lease", "site_pace"];
    tables.into_iter().map(|table| (table, rows(table))).collect()
}

/// The same without the log of runs and their request times.
fn stored_of_huts(database: &TestDatabase) -> BTreeMap<&'static str, Vec<String>> {
    let mut stored = stored(database);
    stored.retain(|table, _| !["update_run", "site_pace"].contains(table));
    stored
}

/// Runs the job now.
fn update(site: &TestSite, database: &TestDatabase, args: &[&str]) -> RunOutput {
    site.fake_site.set_clock(Clock::System);
    run(site
        .update_command(&database.url)
        .args(["--request-interval", "0", "--days", "30"])
        .args(args))
}

/// Runs the job by mistake in 2062.
fn update_in_2062(site: &TestSite, database: &TestDatabase) -> RunOutput {
    site.update(database, FUTURE, &["--allow-future", "--all", "--days", "30"])
}

fn command(database: &TestDatabase, args: &[&str]) -> RunOutput {
    run(hut_availability().args(args).args(["--database-url", &database.url]))
}

/// Asserts that every later run reports the huts and leaves them alone, that all commands say so, and that `repair`
/// mends it. Then a run with the arguments `next` asks for all of them.
fn assert_reported_and_mended(site: &TestSite, database: &TestDatabase, next: &[&str]) {
    let (before, asked) = (stored_of_huts(database), site.fake_site.requests());
    for (args, huts) in [(&[][..], HUTS), (&["--all"], HUTS), (&["--hut-slug", "hut-2"], 1)] {
        let ran = update(site, database, args);
        assert_eq!(ran.status, 2, "{args:?}: {ran:?}");
        let report = ran.json();
        assert_eq!(report["huts"]["failed"], huts, "{args:?}: {ran:?}");
        assert_eq!(report["huts"]["selected"], huts, "{args:?}: {ran:?}");
        for result in report["results"].as_array().unwrap() {
            assert_eq!(result["error"]["kind"], "clock", "{result}");
            let message = result["error"]["message"].as_str().unwrap();
            assert!(
                message.contains("2062-07-01T10:00") && message.contains("hut-availability repair"),
                "{result}"
            );
        }
    }
    assert_eq!(site.fake_site.requests(), asked, "no site is asked");
    assert_eq!(stored_of_huts(database), before, "nothing is written for these huts");

    let verified = command(database, &["verify", "--output", "json"]);
    assert_eq!(verified.status, 1, "{verified:?}");
    assert!(verified.stdout.contains(r#""rule":"future""#), "{verified:?}");
    let status = command(database, &["status"]);
    assert!(status.stdout.contains("3 huts were last checked in the future"), "{status:?}");

    let everything = stored(database);
    let planned = command(database, &["repair", "--dry-run", "--output", "json"]);
    assert_eq!(planned.status, 1, "{planned:?}");
    assert_eq!(stored(database), everything, "a dry run writes nothing");
    let planned_text = command(database, &["repair", "--dry-run"]);
    assert!(
        planned_text.stdout.contains("3 huts would be mended; nothing was written"),
        "{planned_text:?}"
    );
    let repaired = command(database, &["repair", "--output", "json"]);
    assert_eq!(repaired.status, 0, "{repaired:?}");
    let (planned, repaired) = (planned.json(), repaired.json());
    for count in
        ["huts", "future_instants", "listed_dates", "withdrawn_dates", "summaries", "run_times"]
    {
        assert_eq!(planned[count], repaired[count], "{count}: {planned} {repaired}");
    }
    assert_eq!((&planned["dry_run"], &repaired["dry_run"]), (&true.into(), &false.into()));
    assert_eq!(
        (&repaired["huts"], &repaired["violations_left"]),
        (&HUTS.into(), &0.into()),
        "{repaired}"
    );
    assert!(repaired["future_instants"].as_u64() > Some(0), "{repaired}");
    assert!(repaired["run_times"].as_u64() > Some(0), "{repaired}");
    assert_eq!(command(database, &["verify"]).status, 0);
    let again = command(database, &["repair"]);
    assert!(again.status == 0 && again.stdout.contains("nothing to mend"), "{again:?}");

    let ran = update(site, database, next);
    assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &HUTS.into()), "{ran:?}");
    assert!(site.fake_site.requests() > asked);
    assert_invariants(&mut database.open());
    let status = command(database, &["status"]);
    assert!(!status.stdout.contains("in the future"), "{status:?}");
}

on_both_databases! {
    fn an_as_of_in_the_future_is_refused_unless_it_is_allowed(database) {
        drop(database.with_huts(1));
        database.allow_violations("a check is stored in the future");
        let site = TestSite::with_huts(1);
        let before = stored(database);
        let ran = site.update(database, FUTURE, &["--all"]);
        assert_eq!((ran.status, site.fake_site.requests()), (2, 0), "{ran:?}");
        let this_year = chrono::Utc::now().format("it is %Y-").to_string();
        for part in [FUTURE, &this_year, "--allow-future"] {
            assert!(ran.stderr.contains(part), "{part}: {ran:?}");
        }
        assert_eq!(stored(database), before);
        let ran = site.update(database, FUTURE, &["--all", "--allow-future"]);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &1.into()), "{ran:?}");

        let ran = update(&site, database, &["--allow-future"]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains("--as-of"), "{ran:?}");
    }

    fn a_run_in_the_future_that_fails_is_reported_and_mended(database) {
        drop(database.with_huts(HUTS as usize));
        let site = TestSite::with_huts(HUTS);
        let ran = update(&site, database, &["--all"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        site.fake_site.set_faults(Faults::always(Fault::UnknownHut));
        let ran = update_in_2062(&site, database);
        assert_eq!((ran.status, &ran.json()["huts"]["failed"]), (2, &HUTS.into()), "{ran:?}");
        site.fake_site.set_faults(Faults::none());
        // The last success is not in the future, so the huts are not due.
        assert_reported_and_mended(&site, database, &["--all"]);
    }

    fn a_run_in_the_future_that_succeeds_is_reported_and_mended(database) {
        drop(database.with_huts(HUTS as usize));
        let site = TestSite::with_huts(HUTS);
        let ran = update(&site, database, &["--all"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        let ran = update_in_2062(&site, database);
        assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &HUTS.into()), "{ran:?}");
        let in_2062 = "SELECT count(*) AS number FROM availability_change WHERE availability_date >= '2062-07-01'";
        let entries = number(&mut database.open(), in_2062);
        assert!(entries > 0);
        assert_reported_and_mended(&site, database, &[]);
        assert_eq!(number(&mut database.open(), in_2062), entries, "the history is kept");
    }

    fn huts_that_only_ever_failed_in_the_future_are_mended(database) {
        drop(database.with_huts(HUTS as usize));
        let site = TestSite::with_huts(HUTS);
        site.fake_site.set_faults(Faults::always(Fault::UnknownHut));
        assert_eq!(update_in_2062(&site, database).status, 2);
        site.fake_site.set_faults(Faults::none());
        assert_reported_and_mended(&site, database, &[]);
    }

    fn huts_that_were_only_ever_checked_in_the_future_are_mended(database) {
        drop(database.with_huts(HUTS as usize));
        let site = TestSite::with_huts(HUTS);
        for _ in 0..2 {
            // The second run repeats the first one at the same instant.
            let ran = update_in_2062(&site, database);
            assert_eq!(ran.status, 0, "{ran:?}");
        }
        assert_reported_and_mended(&site, database, &[]);
    }
}

/// SQLite has only the clock of the machine, so nothing stops the run whose clock is wrong. The next run reports it.
#[test]
fn a_machine_with_a_wrong_clock_writes_sqlite_and_the_next_run_reports_it() {
    let Some(clock) = WrongClock::new("+2d") else { return };
    let database = TestDatabase::sqlite();
    drop(database.with_huts(HUTS as usize));
    let site = TestSite::with_huts(HUTS);
    let ran = run(clock.apply_to(site.update_command(&database.url).args([
        "--all",
        "--request-interval",
        "0",
    ])));
    assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &HUTS.into()), "{ran:?}");
    let ran = update(&site, &database, &[]);
    assert_eq!(
        (ran.status, &ran.json()["results"][0]["error"]["kind"]),
        (2, &"clock".into()),
        "{ran:?}"
    );
    let map = command(&database, &["map", "--days", "5"]);
    assert!(map.stdout.contains("in the future, wrong clock"), "{map:?}");
    assert_eq!(command(&database, &["repair"]).status, 0);
    let ran = update(&site, &database, &[]);
    assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &HUTS.into()), "{ran:?}");
}

/// A clock that is off from the database's by more than five minutes stops the run, in either direction.
#[test]
fn a_clock_that_differs_from_the_clock_of_postgres_stops_the_run() {
    let Some(clock) = WrongClock::new("+0") else { return };
    let database = TestDatabase::postgres();
    drop(database.with_huts(HUTS as usize));
    let site = TestSite::with_huts(HUTS);
    let before = stored(&database);
    for difference in ["+10m", "-10m", "+2d", "-400d"] {
        clock.set(difference);
        let ran = run(clock.apply_to(site.update_command(&database.url).arg("--all")));
        assert_eq!((ran.status, site.fake_site.requests()), (2, 0), "{difference}: {ran:?}");
        let message = ran
            .stderr
            .split("this machine's clock says ")
            .nth(1)
            .unwrap_or_else(|| panic!("{ran:?}"));
        let (here, rest) = message.split_once(", the database's says ").unwrap();
        let there = rest.split_once(": set the clock that is wrong").unwrap().0;
        let [here, there] =
            [here, there].map(|text| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
        assert_eq!(here > there, difference.starts_with('+'), "{ran:?}");
        assert!((here - there).abs() >= chrono::TimeDelta::minutes(5), "{ran:?}");
        assert_eq!(stored(&database), before, "{difference}");
    }
    clock.set("+2m");
    let ran = run(clock.apply_to(site.update_command(&database.url).args([
        "--all",
        "--request-interval",
        "0",
    ])));
    assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &HUTS.into()), "{ran:?}");
}
