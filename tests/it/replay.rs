//! Replays the captured days with the program, the fake site and the database, and compares the result with a history
//! that is computed directly from the file. Without `HUT_FAULTS=full`, the first 26 of 52.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};
use hut_availability::simulate::site::Site;
use hut_availability::simulate::snapshots::{Snapshot, Snapshots, read};

use crate::on_both_databases;
use crate::support::captured_data;
use crate::support::database::{TestDatabase, current, history, number};
use crate::support::model::{Entry, assert_invariants};
use crate::support::program::{hut_availability, run};
use crate::support::random;
use crate::support::site::TestSite;

const HUTS: &str = "\
slug,name,organization,source_hut_id,country,latitude,longitude,elevation,hut_type_open,hut_type_closed,capacity_open,capacity_closed
franz-senn-huette,Franz Senn Hütte,hrs,675,,,,,hut,selfhut,131,20
regensburger-huette,Neue Regensburger Hütte,hrs,275,,,,,hut,,104,0
";

fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(12, 0, 0).unwrap().and_utc()
}

/// The state of a captured date, by the rules of the contract and the data of the two huts.
fn state(snapshot: &Snapshot) -> State {
    let total = snapshot.total_sleeping_places;
    let free = snapshot.free_beds.unwrap_or(0);
    let has_places = snapshot.hut_status != "CLOSED" && free > 0;
    State {
        free: Some(free),
        total: Some(total),
        hut_type: if snapshot.hut_id == "675" && total <= 20 {
            HutType::Selfhut
        } else {
            HutType::Hut
        },
        reservation_status: if has_places {
            ReservationStatus::Possible
        } else {
            ReservationStatus::NotPossible
        },
    }
}

/// The history, computed directly from the file: for each hut and date, in the order of the days.
fn expected(path: &Path, days: &Days) -> BTreeMap<(String, NaiveDate), Vec<Entry>> {
    let mut listings = BTreeMap::<_, Vec<_>>::new();
    for snapshot in read(path).unwrap() {
        // A run asks for 365 dates, beginning with its own day.
        let ahead = (snapshot.date - snapshot.fetched_on).num_days();
        if days.contains_key(&snapshot.fetched_on) && (0..365).contains(&ahead) {
            let listing = (snapshot.fetched_on, state(&snapshot));
            listings.entry((snapshot.hut_id, snapshot.date)).or_default().push(listing);
        }
    }
    listings
        .into_iter()
        .map(|(key, mut listed)| {
            listed.sort_by_key(|(day, _)| *day);
            let mut entries: Vec<Entry> = Vec::new();
            for (day, state) in listed {
                match entries.last_mut() {
                    Some((last, _, until)) if *last == state => *until = noon(day),
                    Some((_, _, until)) => {
                        *until = noon(day);
                        entries.push((state, noon(day), noon(day)));
                    }
                    None => entries.push((state, noon(day), noon(day))),
                }
            }
            (key, entries)
        })
        .collect()
}

fn stored(database: &TestDatabase) -> BTreeMap<(String, NaiveDate), Vec<Entry>> {
    let mut db = database.open();
    let source_ids: BTreeMap<_, _> =
        current(&mut db).into_iter().map(|row| (row.hut_id, row.source_hut_id)).collect();
    let mut entries = BTreeMap::<_, Vec<Entry>>::new();
    for row in history(&mut db) {
        let key = (source_ids[&row.hut_id].clone(), row.date);
        entries.entry(key).or_default().push((
            row.state(),
            row.first_checked(),
            row.last_checked(),
        ));
    }
    entries
}

/// Runs the job on each day. Returns the number of new history entries and of updated huts.
fn replay(database: &TestDatabase, site: &TestSite, days: &Days, args: &[&str]) -> (u64, u64) {
    let (mut history_entries, mut updated) = (0, 0);
    for (day, huts) in days {
        let ran = site.update(database, &noon(*day).to_rfc3339(), args);
        // The site does not know a hut on a day on which it was not captured.
        let status = if huts.len() == 2 || args.is_empty() { 0 } else { 1 };
        assert_eq!(ran.status, status, "{day}: {ran:?}");
        let report = ran.json();
        history_entries += report["history_entries"].as_u64().unwrap();
        updated += report["huts"]["updated"].as_u64().unwrap();
        for site in report["sites"].as_array().unwrap() {
            assert!(site["mass_change"].is_null(), "{day}: {site}");
        }
    }
    (history_entries, updated)
}

/// The captured days, and the huts of each.
type Days = BTreeMap<NaiveDate, BTreeSet<String>>;

on_both_databases! {
    fn the_replayed_history_equals_the_captured_file(database) {
        let Some(data) = captured_data() else { return };
        let path = data.join("hut-reservation-snapshots.csv.gz");
        let site = TestSite::start(Site::Snapshots(Snapshots::load(&path).unwrap()));
        let mut days = Days::new();
        for snapshot in read(&path).unwrap() {
            days.entry(snapshot.fetched_on).or_default().insert(snapshot.hut_id);
        }
        assert_eq!(days.len(), 52);
        let days: Days = days.into_iter().take(random::count(26, 52) as usize).collect();

        let csv = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&csv, HUTS).unwrap();
        let file = csv.path().to_str().unwrap();
        let imported = run(hut_availability().args(["huts", "import", file, "--database-url", &database.url]));
        assert_eq!(imported.status, 0, "{imported:?}");

        let (entries, updated) = replay(database, &site, &days, &["--all"]);
        assert_eq!(updated, days.values().map(|huts| huts.len() as u64).sum::<u64>());
        let expected = expected(&path, &days);
        let count: usize = expected.values().map(Vec::len).sum();
        assert_eq!(stored(database), expected);
        assert_eq!(entries, count as u64, "the reports count the same entries as the history");
        let mut db = database.open();
        assert_invariants(&mut db);

        // The last days again, or all of them, with `--all` and with due huts: nothing changes.
        let repeated = days.into_iter().rev().take(random::count(3, 52) as usize).collect();
        let (again, updated) = replay(database, &site, &repeated, &["--all"]);
        assert_eq!((again, updated), (0, 0));
        let (due, updated) = replay(database, &site, &repeated, &[]);
        assert_eq!((due, updated), (0, 0));
        assert_eq!(stored(database), expected);
        assert_eq!(number(&mut db, "SELECT count(*) AS number FROM hut_check"), 2);
    }
}
