//! The second site: one check consists of several months, and all huts share one token.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use hut_availability::db::connection::Db;
use hut_availability::domain::fault::Fault;
use hut_availability::simulate::faults::Faults;

use crate::huts::import;
use crate::on_both_databases;
use crate::support::database::{CurrentRow, TestDatabase, current, history, lines};
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, hut_availability, run, update_availability};
use crate::support::site::TestSite;

const MID_JULY: &str = "2026-07-15T10:00:00Z";

/// The number of months in a year that begins in the middle of a month.
const MONTHS: usize = 13;

const CABIN: &str = "cabin-1,Cabin,huetten-holiday,1,AT,,,,hut,selfhut,80,12\n";

/// Adds huts with the slugs `cabin-1`, `cabin-2`, …, whose IDs at the site are the same numbers.
fn with_cabins(database: &TestDatabase, count: usize) -> Db {
    database.with_huts_of("huetten-holiday", "cabin", count)
}

/// Runs the job without retries, so that each fault affects one request.
fn update(site: &TestSite, database: &TestDatabase, as_of: &str) -> RunOutput {
    let args = ["--all", "--retries=0", "--request-timeout", "30", "--max-in-flight", "4"];
    site.update(database, as_of, &args)
}

/// The kind and message of the first result's error.
fn error(ran: &RunOutput) -> (String, String) {
    let report = ran.json();
    let error = &report["results"][0]["error"];
    let text = |field: &str| error[field].as_str().unwrap_or_else(|| panic!("{ran:?}")).to_owned();
    (text("kind"), text("message"))
}

/// Faults with which only the request with this number fails, of the first hundred requests.
fn expired_at(number: usize) -> Faults {
    let seeds =
        (0..).map(|seed| Faults { error_rate: 0.05, seed, ..Faults::always(Fault::ExpiredToken) });
    let fails_there_only = |faults: &Faults| {
        (0..100).all(|other| faults.of_request(other).is_some() == (other == number))
    };
    seeds.into_iter().find(fails_there_only).unwrap()
}

on_both_databases! {
    fn the_months_of_a_year_make_one_check(database) {
        assert_eq!(import(database, CABIN).stdout, "1 hut: 1 added, 0 updated, 0 unchanged\n");
        let site = TestSite::with_huts(1);
        let first = update(&site, database, MID_JULY);
        assert_eq!((first.status, &first.json()["dates"]["created"]), (0, &365.into()), "{first:?}");
        assert_eq!(site.fake_site.requests(), 1 + MONTHS, "one request for the token, one for each month");
        let mut db = database.open();
        assert_invariants(&mut db);
        let before = (current(&mut db), history(&mut db));
        assert_eq!((before.0[0].date.to_string(), before.0[0].link.clone()), ("2026-07-15".into(), None));

        let second = update(&site, database, "2026-07-15T10:01:00Z").json();
        assert_eq!((&second["dates"]["unchanged"], &second["history_entries"]), (&365.into(), &0.into()));
        assert_eq!(site.fake_site.requests(), 2 * (1 + MONTHS));
        let states = |rows: &[CurrentRow]| rows.iter().map(|row| (row.date, row.free, row.total)).collect::<Vec<_>>();
        assert_eq!(states(&current(&mut db)), states(&before.0));
    }

    /// The fake site publishes the same bookings in the formats of both sites.
    fn both_formats_give_the_same_states(database) {
        drop(database.with_huts(3));
        let mut db = with_cabins(database, 3);
        let site = TestSite::with_huts(3);
        assert_eq!(update(&site, database, MID_JULY).status, 0);
        let states = |rows: &[CurrentRow], organization: &str| {
            let rows = rows.iter().filter(|row| row.source_organization == organization);
            let state = |row: &CurrentRow| (row.date, row.source_hut_id.clone(), row.free, row.total, row.hut_type.clone(), row.reservation_status.clone());
            rows.map(state).collect::<Vec<_>>()
        };
        let rows = current(&mut db);
        let (cabins, mut others) = (states(&rows, "huetten-holiday"), states(&rows, "hrs"));
        // Hut 3 has no winter places: huetten-holiday lists no dates for months without a season.
        let listed = cabins.iter().filter(|state| state.1 == "3").count();
        assert!(listed > 50 && listed < 300, "{listed}");
        others.retain(|other| other.1 != "3" || cabins.iter().any(|state| (state.0, &state.1) == (other.0, &other.1)));
        assert_eq!(cabins.len(), 2 * 365 + listed);
        assert_eq!(cabins, others);
    }

    fn a_check_is_empty_only_if_all_its_months_are_empty(database) {
        let mut db = with_cabins(database, 1);
        let site = TestSite::with_huts(1);
        site.fake_site.set_faults(Faults { after: 1, ..Faults::always(Fault::Empty) });
        let ran = update(&site, database, MID_JULY);
        assert_eq!(error(&ran), ("empty".into(), "the site lists 0 dates, none from 2026-07-15 to 2027-07-14".into()));
        site.fake_site.set_faults(Faults { after: site.fake_site.requests() + MONTHS, ..Faults::always(Fault::Empty) });
        let ran = update(&site, database, "2026-07-15T11:00:00Z");
        assert_eq!((ran.status, &ran.json()["dates"]["created"]), (0, &(365 - 14).into()), "{ran:?}");
        assert_invariants(&mut db);
    }

    fn a_token_that_expires_during_a_check_is_renewed(database) {
        let mut db = with_cabins(database, 1);
        let site = TestSite::with_huts(1);
        site.fake_site.set_faults(expired_at(6));
        let ran = update(&site, database, MID_JULY);
        assert_eq!((ran.status, &ran.json()["dates"]["created"]), (0, &365.into()), "{ran:?}");
        assert_eq!(site.fake_site.sessions(), 2);
        assert_eq!(site.fake_site.requests(), 1 + MONTHS + 2, "the refused request, and the one for the new token");
        assert_invariants(&mut db);
    }

    fn a_check_fails_if_its_new_token_is_refused(database) {
        let mut db = with_cabins(database, 1);
        let site = TestSite::with_huts(1);
        site.fake_site.set_faults(Faults { after: 5, ..Faults::always(Fault::ExpiredToken) });
        let ran = update(&site, database, MID_JULY);
        let message = "HTTP 419: the site rejected the token that it has just issued";
        assert_eq!((ran.status, error(&ran)), (2, ("http_status".into(), message.into())));
        assert_eq!(site.fake_site.requests(), 5 + 3, "a refusal, a new token, a refusal");
        assert!(current(&mut db).is_empty() && history(&mut db).is_empty());
        let stored = lines(&mut db, "SELECT last_error AS line FROM hut_check");
        assert_eq!(stored, [format!("http_status: {message}")]);
    }
}

#[test]
fn huts_in_flight_share_one_token() {
    let database = TestDatabase::sqlite();
    drop(with_cabins(&database, 6));
    let site = TestSite::with_huts(6);
    let faults = Faults { latency: Duration::from_millis(10), ..Faults::none() };
    site.fake_site.set_faults(faults);
    let ran = update(&site, &database, MID_JULY);
    assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &6.into()), "{ran:?}");
    assert_eq!((site.fake_site.sessions(), site.fake_site.requests()), (1, 1 + 6 * MONTHS));
    assert!(site.fake_site.most_in_flight() > 1);
}

#[test]
fn huts_in_flight_share_one_renewed_token() {
    let database = TestDatabase::sqlite();
    drop(with_cabins(&database, 6));
    let site = TestSite::with_huts(6);
    let faults = Faults { latency: Duration::from_millis(10), ..expired_at(9) };
    site.fake_site.set_faults(faults);
    let ran = update(&site, &database, MID_JULY);
    assert_eq!((ran.status, &ran.json()["huts"]["updated"]), (0, &6.into()), "{ran:?}");
    assert_eq!(site.fake_site.sessions(), 2);
    // Four huts are in flight, and each may have sent one request with the old token.
    let refused = site.fake_site.requests() - 2 - 6 * MONTHS;
    assert!((1..=4).contains(&refused), "{refused}");
}

/// If the site is down, the huts do not wait for the token one after the other.
#[test]
fn huts_in_flight_share_one_failed_request_for_a_token() {
    let database = TestDatabase::sqlite();
    drop(with_cabins(&database, 4));
    let site = TestSite::with_huts(4);
    let faults = Faults { latency: Duration::from_secs(3), ..Faults::always(Fault::ServerError) };
    site.fake_site.set_faults(faults);
    let ran = update(&site, &database, MID_JULY);
    assert_eq!((ran.status, &ran.json()["huts"]["failed"]), (2, &4.into()), "{ran:?}");
    assert_eq!(site.fake_site.requests(), 1);
}

#[test]
fn a_site_that_gives_no_token_gets_no_more_requests() {
    let database = TestDatabase::sqlite();
    drop(with_cabins(&database, 1));
    let site = TestSite::with_huts(1);
    site.fake_site.set_faults(Faults::always(Fault::Html));
    let message =
        "at the cookies of /huts: XSRF-TOKEN is missing; the site answers no request without it";
    let ran = update(&site, &database, MID_JULY);
    assert_eq!(error(&ran), ("malformed".into(), message.into()));
    assert_eq!(site.fake_site.requests(), 1);
}

/// Data stored before the failure stay stored.
#[test]
fn a_site_that_fails_during_a_run_fails_only_the_remaining_huts() {
    let database = TestDatabase::sqlite();
    let mut db = with_cabins(&database, 2);
    let site = TestSite::with_huts(2);
    site.fake_site
        .set_faults(Faults { after: 1 + MONTHS + 5, ..Faults::always(Fault::ServerError) });
    let args = ["--all", "--retries=0", "--max-in-flight=1"];
    let report = site.update(&database, MID_JULY, &args).json();
    assert_eq!((&report["huts"]["updated"], &report["huts"]["failed"]), (&1.into(), &1.into()));
    let rows = current(&mut db);
    assert_eq!((rows.len(), &*rows[0].source_hut_id), (365, "1"));
}

#[test]
fn an_id_that_the_site_does_not_know_is_reported() {
    let database = TestDatabase::sqlite();
    import(&database, "cabin-9,Cabin,huetten-holiday,9,,,,,,,,\n");
    let site = TestSite::with_huts(1);
    let ran = update(&site, &database, MID_JULY);
    assert_eq!(error(&ran), ("http_status".into(), "HTTP 404: Not Found".into()));

    // An import refuses such an ID. If another program has stored it, the site gets no request for it.
    let refused = import(&database, "cabin-x,Cabin,huetten-holiday,x9,,,,,,,,\n");
    assert!(
        refused.stderr.contains("\"x9\" is not a valid hut ID of huetten-holiday"),
        "{refused:?}"
    );
    let set_id = "UPDATE hut_source SET source_hut_id = 'x9'";
    SimpleConnection::batch_execute(&mut database.open(), set_id).unwrap();
    let ran = update(&site, &database, MID_JULY);
    assert_eq!(error(&ran), ("unknown_hut".into(), "the site does not know the hut \"x9\"".into()));
    assert_eq!(
        site.fake_site.requests(),
        2,
        "the requests of the first hut: its token and a month"
    );
}

#[test]
fn the_fake_site_serves_both_formats_and_fails_after_a_number_of_requests() {
    let mut child = hut_availability()
        .args(["simulate", "--huts", "2", "--day", "2026-07-15"])
        .args(["--faults", "server-error", "--faults-after", "16"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut url, mut hint) = (String::new(), String::new());
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
    BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut hint).unwrap();
    let url = url.trim();
    let source_urls = format!(
        "--source-url hrs={url} --source-url huetten-holiday={url} --source-url ffcam={url}"
    );
    assert!(hint.trim().ends_with(&source_urls), "{hint}");

    let database = TestDatabase::sqlite();
    drop(database.with_huts(1));
    drop(with_cabins(&database, 2));
    let update = |slug| {
        let mut command = update_availability();
        command.args(source_urls.split(' ')).args(["--hut-slug", slug]);
        command.args(["--as-of", "2026-07-15T12:00:00Z", "--retries=0", "--request-interval=0"]);
        run(command.args(["--database-url", &database.url]))
    };
    assert_eq!(update("hut-1").status, 0, "a check of hrs is one request");
    assert_eq!(update("cabin-1").status, 0, "a check of huetten-holiday is fourteen requests");
    let ran = update("cabin-2");
    assert!(ran.status == 2 && ran.stdout.contains("HTTP 500"), "{ran:?}");
    std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "a signal is the normal way to end it");
}
