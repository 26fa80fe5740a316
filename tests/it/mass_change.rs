//! Most of the known data of a site change at once. The program stores the data, since they may be true,
//! and reports a mass change.

use std::fmt::Write;

use chrono::{Days, NaiveDate};
use hut_availability::simulate::site::Site;
use hut_availability::simulate::snapshots::Snapshots;
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::checks::july;
use crate::support::database::{TestDatabase, number};
use crate::support::model::assert_invariants;
use crate::support::program::{RunOutput, run, update_availability};
use crate::support::site::TestSite;

/// The nights of the season. The site lists 200 nights.
const SEASON: u64 = 110;

/// A site with three huts. `open` says for each day from 1 July on which huts are open in the season.
fn site(open: &[&[u32]]) -> TestSite {
    let mut csv = "fetched_on,hut_id,date,free_beds,total_sleeping_places,hut_status\n".to_owned();
    for (day, open) in (1..).zip(open) {
        for hut in 1..=3 {
            for night in 0..200 {
                let date: NaiveDate = july(4) + Days::new(night);
                // A few bookings a day.
                let free = if night % 20 == u64::from(day) { 7 } else { 9 };
                let is_open = open.contains(&hut) && night < SEASON;
                let state =
                    if is_open { format!("{free},40,SERVICED") } else { ",0,CLOSED".into() };
                writeln!(csv, "{},{hut},{date},{state}", july(day)).unwrap();
            }
        }
    }
    let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    std::fs::write(&file, csv).unwrap();
    TestSite::start(Site::Snapshots(Snapshots::load(file.path()).unwrap()))
}

fn update(site: &TestSite, database: &TestDatabase, day: u32, args: &[&str]) -> RunOutput {
    let as_of = format!("{}T10:00:00Z", july(day));
    site.update(database, &as_of, &[&["--all", "--no-progress"], args].concat())
}

fn mass_change(ran: &RunOutput) -> Value {
    assert_eq!(ran.status, 0, "a mass change is not a failure: {ran:?}");
    ran.json()["sites"][0]["mass_change"].clone()
}

on_both_databases! {
    fn huts_that_all_close_or_open_are_stored_and_reported(database) {
        const ALL: &[u32] = &[1, 2, 3];
        drop(database.with_huts(3));
        let site = site(&[ALL, ALL, &[1, 2], &[], ALL]);
        let mut db = database.open();
        assert_eq!(mass_change(&update(&site, database, 1, &[])), Value::Null, "no data were known before");
        assert_eq!(mass_change(&update(&site, database, 2, &[])), Value::Null, "only bookings");
        assert_eq!(mass_change(&update(&site, database, 3, &[])), Value::Null, "only one hut of three closed");

        let closing = update(&site, database, 4, &["--dry-run"]);
        assert_eq!(mass_change(&closing), json!({"huts": 2, "share": 1.0}));
        let mut command = update_availability();
        command.args(["--database-url", &database.url, "--as-of", "2026-07-04T10:00:00Z", "--all"]);
        command.args(["--source-url", &format!("hrs={}", site.fake_site.url()), "--dry-run"]);
        let text = run(&mut command).stdout;
        let line = "\nhrs: mass change: 100 % of the nights changed at once, at 2 huts; check whether the site's answers are right\n";
        assert!(text.contains(line), "{text}");
        let closing = update(&site, database, 4, &[]);
        assert_eq!(mass_change(&closing), json!({"huts": 2, "share": 1.0}));
        assert!(closing.stderr.contains("WARN") && closing.stderr.contains("mass change"), "{closing:?}");
        let bookable = "SELECT count(*) AS number FROM hut_availability WHERE reservation_status = 'possible'";
        assert_eq!(number(&mut db, bookable), 0, "the closed nights are stored");

        let opening = update(&site, database, 5, &[]);
        assert_eq!(mass_change(&opening), json!({"huts": 3, "share": 1.0}));
        assert_eq!(number(&mut db, bookable), 3 * (SEASON as i64 - 1), "the first night has passed");
        assert_invariants(&mut db);
    }
}
