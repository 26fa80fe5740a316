//! Replays captured days with the program, the fake site and the database, and compares the result with a history that
//! is computed directly from the file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use hut_availability::domain::hut::HutType;
use hut_availability::domain::state::{ReservationStatus, State};
use hut_availability::simulate::ffcam::snapshots::{FfcamSnapshot, read};
use hut_availability::simulate::site::Site;

use crate::on_both_databases;
use crate::support::captured_data;
use crate::support::database::{TestDatabase, current, history, number};
use crate::support::model::{Entry, assert_invariants};
use crate::support::program::{discover, huts, run};
use crate::support::random::count;
use crate::support::site::TestSite;

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

/// What the program needs for a replay: the fake site, the captured days of the file, and the expected history.
struct Captured {
    site: TestSite,
    days: Days,
    expected: BTreeMap<(String, NaiveDate), Vec<Entry>>,
    list: PathBuf,
}

/// The captured days from a date on. Returns none where the data are missing.
fn captured(from: &str, day_count: u32) -> Option<Captured> {
    let data = captured_data()?;
    let path = data.join("ffcam-snapshots.csv.gz");
    let mut snapshots = read(&path).unwrap();
    let from: NaiveDate = from.parse().unwrap();
    let days: BTreeSet<NaiveDate> = snapshots.iter().map(day).filter(|day| *day >= from).collect();
    let days: BTreeSet<NaiveDate> = days.into_iter().take(day_count as usize).collect();
    snapshots.retain(|snapshot| days.contains(&day(snapshot)));
    let mut structures = Days::new();
    for snapshot in &snapshots {
        structures.entry(day(snapshot)).or_default().insert(snapshot.structure.clone());
    }
    Some(Captured {
        site: TestSite::start(Site::load_snapshots(&path).unwrap()),
        days: structures,
        expected: expected(&snapshots, &places(&data)),
        list: data.join("ffcam-huts.csv"),
    })
}

/// The way of a newcomer: find the huts, add the places that the site does not publish, run the job on each day.
/// Returns the number of requests of the runs.
fn assert_replayed(database: &TestDatabase, captured: &Captured) -> usize {
    let Captured { site, days, expected, list } = captured;
    let (first, of_first) = days.first_key_value().unwrap();
    site.set_now(noon(*first));
    let mut command = discover(&site.fake_site.url(), database);
    let found = run(command.args(["--organization", "ffcam", "--request-interval", "0"]));
    assert_eq!(found.status, 0, "{found:?}");
    let added = huts(database, &["import", list.to_str().unwrap(), "--organization", "ffcam"]);
    let huts = of_first.len();
    assert_eq!(added.stdout, format!("{huts} huts: {huts} updated, 0 unchanged\n"), "{added:?}");

    let (begin, requests) = (Instant::now(), site.fake_site.requests());
    let (entries, updated) = replay(database, site, days);
    let requests = site.fake_site.requests() - requests;
    println!("{updated} checks, {requests} requests, {entries} entries in {:.0?}", begin.elapsed());
    assert_eq!(updated, days.values().map(|huts| huts.len() as u64).sum::<u64>());
    assert_eq!(stored(database), *expected);
    let count: usize = expected.values().map(Vec::len).sum();
    assert_eq!(entries, count as u64, "the reports count the same entries as the history");
    assert_invariants(&mut database.open());
    requests
}

on_both_databases! {
    fn the_replayed_history_equals_the_captured_file(database) {
        // With `HUT_FAULTS=full`, the days until 25 September. On the first three days 42 structures were captured, later
        // 41.
        let Some(captured) = captured("2025-08-12", count(5, 45)) else { return };
        // A capture ends after its two months, so that one request is enough. The hut that was no longer captured is
        // asked for, too.
        assert_eq!(assert_replayed(database, &captured), 42 * captured.days.len());

        // The last days again, or all of them, and the last one once more a minute later: nothing changes.
        let Captured { site, days, expected, .. } = &captured;
        let repeated = days.iter().rev().take(count(2, 45) as usize);
        let repeated = repeated.map(|(day, huts)| (*day, huts.clone())).collect();
        assert_eq!(replay(database, site, &repeated), (0, 0));
        assert_eq!(stored(database), *expected);
        let (last, of_last) = days.last_key_value().unwrap();
        let later = noon(*last) + TimeDelta::minutes(1);
        let again = site.update(database, &later.to_rfc3339(), &["--all"]).json();
        assert_eq!((&again["history_entries"], &again["dates"]["changed"]), (&0.into(), &0.into()));
        assert_eq!(again["huts"]["updated"], of_last.len());
    }
}

/// In autumn some structures sell nothing before spring. Their answers begin with the month in which they do, and their
/// nights in between are withdrawn.
#[test]
fn an_answer_may_skip_the_months_in_which_nothing_is_sold() {
    // The first nights are withdrawn on the eighth day. With `HUT_FAULTS=full`, the days until 14 November.
    let Some(captured) = captured("2025-10-01", count(8, 45)) else { return };
    let database = TestDatabase::sqlite();
    assert_eq!(assert_replayed(&database, &captured), 41 * captured.days.len());
    let withdrawn = "SELECT count(*) AS number FROM hut_availability WHERE withdrawn";
    assert!(number(&mut database.open(), withdrawn) > 0);
}
