//! Replays captured days with the program, the fake site and the database, and compares the result with a history that
//! is computed directly from the file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};
use hut_availability::simulate::ffcam::snapshots::{FfcamSnapshot, read};
use hut_availability::simulate::site::Site;

use crate::on_both_databases;
use crate::support::captured_data;
use crate::support::database::{TestDatabase, current, history};
use crate::support::model::{Entry, assert_invariants};
use crate::support::program::{discover, huts, run};
use crate::support::site::TestSite;

/// From 12 August to 25 September 2025. On the first three of them 42 structures were captured, later 41.
const DAYS: usize = 45;

/// The captured days, and the structures of each.
type Days = BTreeMap<NaiveDate, BTreeSet<String>>;

/// The places of each structure, which stand in for the totals that were not published.
type Places = BTreeMap<String, i16>;

fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(12, 0, 0).unwrap().and_utc()
}

fn day(snapshot: &FfcamSnapshot) -> NaiveDate {
    snapshot.fetched_at.with_timezone(&chrono_tz::Europe::Zurich).date_naive()
}

/// The places in the captured list of huts.
fn places(data: &Path) -> Places {
    let mut reader = csv::Reader::from_path(data.join("ffcam-huts.csv")).unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| (row[0].to_owned(), row[5].parse().unwrap())).collect()
}

/// The state of a captured night, by the rules of the contract. Overbooked nights have a negative number.
fn state(snapshot: &FfcamSnapshot, places: &Places) -> State {
    let free = i16::try_from(snapshot.free.max(0)).unwrap();
    let possible =
        if free > 0 { ReservationStatus::Possible } else { ReservationStatus::NotPossible };
    State {
        free: Some(free),
        total: Some(places[&snapshot.structure].max(free)),
        hut_type: HutType::Hut,
        reservation_status: possible,
    }
}

/// The history, computed directly from the file: for each structure and night, in the order of the days.
fn expected(
    snapshots: &[FfcamSnapshot],
    places: &Places,
) -> BTreeMap<(String, NaiveDate), Vec<Entry>> {
    let mut listings = BTreeMap::<_, BTreeMap<_, _>>::new();
    for snapshot in snapshots {
        let key = (snapshot.structure.clone(), snapshot.date);
        listings.entry(key).or_default().insert(day(snapshot), state(snapshot, places));
    }
    let entries = |listed: BTreeMap<NaiveDate, State>| {
        let mut entries: Vec<Entry> = Vec::new();
        for (day, state) in listed {
            if let Some((last, _, until)) = entries.last_mut() {
                *until = noon(day);
                if *last == state {
                    continue;
                }
            }
            entries.push((state, noon(day), noon(day)));
        }
        entries
    };
    listings.into_iter().map(|(key, listed)| (key, entries(listed))).collect()
}

fn stored(database: &TestDatabase) -> BTreeMap<(String, NaiveDate), Vec<Entry>> {
    let mut db = database.open();
    let ids: BTreeMap<_, _> =
        current(&mut db).into_iter().map(|row| (row.hut_id, row.source_hut_id)).collect();
    let mut entries = BTreeMap::<_, Vec<Entry>>::new();
    for row in history(&mut db) {
        let entry = (row.state(), row.first_checked(), row.last_checked());
        entries.entry((ids[&row.hut_id].clone(), row.date)).or_default().push(entry);
    }
    entries
}

/// Runs the job on each day. Returns the number of new history entries and of updated huts.
fn replay(database: &TestDatabase, site: &TestSite, days: &Days) -> (u64, u64) {
    let (mut entries, mut updated) = (0, 0);
    for (day, structures) in days {
        let ran = site.update(database, &noon(*day).to_rfc3339(), &["--all"]);
        let report = ran.json();
        let of_day = report["huts"]["updated"].as_u64().unwrap();
        assert!(of_day == 0 || of_day == structures.len() as u64, "{day}: {ran:?}");
        entries += report["history_entries"].as_u64().unwrap();
        updated += of_day;
    }
    (entries, updated)
}

on_both_databases! {
    fn the_replayed_history_equals_the_captured_file(database) {
        let Some(data) = captured_data() else { return };
        let path = data.join("ffcam-snapshots.csv.gz");
        let mut snapshots = read(&path).unwrap();
        let days: BTreeSet<NaiveDate> = snapshots.iter().map(day).collect();
        let days: BTreeSet<NaiveDate> = days.into_iter().take(DAYS).collect();
        snapshots.retain(|snapshot| days.contains(&day(snapshot)));
        let mut structures = Days::new();
        for snapshot in &snapshots {
            structures.entry(day(snapshot)).or_default().insert(snapshot.structure.clone());
        }

        // The way of a newcomer: find the huts, add the places that the site does not publish, run the job.
        let site = TestSite::start(Site::load_snapshots(&path).unwrap());
        site.set_now(noon(*days.first().unwrap()));
        let mut command = discover(&site.fake_site.url(), database);
        let found = run(command.args(["--organization", "ffcam", "--request-interval", "0"]));
        assert_eq!(found.status, 0, "{found:?}");
        let list = data.join("ffcam-huts.csv");
        let added = huts(database, &["import", list.to_str().unwrap(), "--organization", "ffcam"]);
        assert_eq!(added.stdout, "42 huts: 42 updated, 0 unchanged\n", "{added:?}");

        let (begin, requests) = (Instant::now(), site.fake_site.requests());
        let (entries, updated) = replay(database, &site, &structures);
        let requests = site.fake_site.requests() - requests;
        println!("{updated} checks, {requests} requests, {entries} entries in {:.0?}", begin.elapsed());
        assert_eq!(updated, structures.values().map(|huts| huts.len() as u64).sum::<u64>());
        // A capture ends after its two months, so that one request is enough. The hut that was no longer captured is
        // asked for, too.
        assert_eq!(requests, 42 * DAYS);
        let expected = expected(&snapshots, &places(&data));
        assert_eq!(stored(database), expected);
        let count: usize = expected.values().map(Vec::len).sum();
        assert_eq!(entries, count as u64, "the reports count the same entries as the history");
        let mut db = database.open();
        assert_invariants(&mut db);

        // The same days again, and the last one once more a minute later: nothing changes.
        assert_eq!(replay(database, &site, &structures), (0, 0));
        assert_eq!(stored(database), expected);
        let (last, of_last) = structures.last_key_value().unwrap();
        let later = noon(*last) + chrono::TimeDelta::minutes(1);
        let again = site.update(database, &later.to_rfc3339(), &["--all"]).json();
        assert_eq!((&again["history_entries"], &again["dates"]["changed"]), (&0.into(), &0.into()));
        assert_eq!(again["huts"]["updated"], of_last.len());
    }
}
