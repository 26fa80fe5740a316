//! The captured days, once written in the way of the Wodore backend and taken over, and once replayed. Without
//! `HUT_FAULTS=full`, the first 26 of 52.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate, Utc};
use hut_availability::domain::availability::{Adjustments, SiteDay, SiteStatus};
use hut_availability::domain::hut::{HutType, HutTypes};
use hut_availability::simulate::site::Site;
use hut_availability::simulate::snapshots::{Snapshot, Snapshots, read};

use super::take_over;
use crate::on_both_databases;
use crate::support::captured_data;
use crate::support::database::{CurrentRow, HistoryRow, TestDatabase, current, history};
use crate::support::model::assert_invariants;
use crate::support::program::{hut_availability, run};
use crate::support::random::{count, is_skipped_as_long};
use crate::support::site::TestSite;
use crate::support::wodore::{HRS, Version, Wodore};

const HUTS: &str = "\
slug,name,organization,source_hut_id,country,latitude,longitude,elevation,hut_type_open,hut_type_closed,capacity_open,capacity_closed
franz-senn-huette,Franz Senn Hütte,hrs,675,,,,,hut,selfhut,131,20
regensburger-huette,Neue Regensburger Hütte,hrs,275,,,,,hut,,104,0
";

fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(12, 0, 0).unwrap().and_utc()
}

fn days(path: &Path) -> BTreeSet<NaiveDate> {
    Snapshots::load(path).unwrap().days().take(count(26, 52) as usize).collect()
}

/// Rows without their links, and the history.
type Stored = (Vec<CurrentRow>, Vec<HistoryRow>);

fn stored(database: &TestDatabase) -> Stored {
    let mut db = database.open();
    let mut rows = current(&mut db);
    rows.iter_mut().for_each(|row| row.link = None);
    (rows, history(&mut db))
}

/// What this program stores on the same days. They are replayed once for all tests.
fn replayed(path: &Path) -> &'static Stored {
    static REPLAYED: OnceLock<Stored> = OnceLock::new();
    REPLAYED.get_or_init(|| stored(&replay(path)))
}

/// Replays the days with this program.
fn replay(path: &Path) -> TestDatabase {
    let database = TestDatabase::sqlite();
    let site = TestSite::start(Site::Snapshots(Snapshots::load(path).unwrap()));
    let csv = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&csv, HUTS).unwrap();
    let file = csv.path().to_str().unwrap();
    let imported =
        run(hut_availability().args(["huts", "import", file, "--database-url", &database.url]));
    assert_eq!(imported.status, 0, "{imported:?}");
    for day in days(path) {
        site.update(&database, &noon(day).to_rfc3339(), &["--all"]);
    }
    database
}

/// Their database after the same days.
fn written(path: &Path, version: Version) -> Wodore {
    let mut wodore = Wodore::new(version);
    wodore.hut(1, "franz-senn-huette", HRS, "675", (131, 20));
    wodore.hut(2, "regensburger-huette", HRS, "275", (104, 0));
    let ids: BTreeMap<i32, String> = [(1, "675".into()), (2, "275".into())].into();
    let types = |id| HutTypes {
        open: Some(HutType::Hut),
        closed: (id == 1).then_some(HutType::Selfhut),
        capacity_open: Some(if id == 1 { 131 } else { 104 }),
        capacity_closed: Some(if id == 1 { 20 } else { 0 }),
    };
    let state = |id, snapshot: &Snapshot| {
        let day = SiteDay {
            date: snapshot.date,
            free: snapshot.free_beds.map(i64::from),
            total: Some(snapshot.total_sleeping_places.into()),
            status: if snapshot.hut_status == "CLOSED" {
                SiteStatus::Closed
            } else {
                SiteStatus::Unsaid
            },
            unattended: false,
        };
        day.state(&types(id), &mut Adjustments::default())
    };
    let mut checks = BTreeMap::<_, Vec<_>>::new();
    let days = days(path);
    for snapshot in read(path).unwrap().into_iter().filter(|it| days.contains(&it.fetched_on)) {
        let ahead = (snapshot.date - snapshot.fetched_on).num_days();
        let id = if snapshot.hut_id == "675" { 1 } else { 2 };
        if (0..365).contains(&ahead) {
            let day = (snapshot.date, state(id, &snapshot));
            checks.entry((snapshot.fetched_on, id)).or_default().push(day);
        }
    }
    for ((day, id), days) in checks {
        wodore.check(id, noon(day), days);
    }
    wodore.store(&ids);
    wodore
}

fn the_history_equals_the_replayed_one(database: &TestDatabase, version: Version) {
    let Some(data) = captured_data() else { return };
    let path = data.join("hut-reservation-snapshots.csv.gz");
    let wodore = written(&path, version);
    let ran = take_over(&wodore, database, &[]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let report = ran.json();
    assert_invariants(&mut database.open());
    let ((taken, history), (expected, expected_history)) = (stored(database), replayed(&path));
    assert_eq!(report["entries"]["read"], report["entries"]["taken"], "{report}");
    assert_eq!(report["entries"]["taken"], expected_history.len(), "{report}");
    assert!(
        report["repaired"]["gaps_closed"].as_u64().unwrap() > count(500, 1000).into(),
        "{report}"
    );
    assert!(history == *expected_history, "the histories differ, or their instants");
    for (taken, expected) in taken.iter().zip(expected) {
        assert_eq!(taken, expected);
    }
    assert_eq!(taken.len(), expected.len());
}

on_both_databases! {
    fn the_captured_days_of_april_equal_the_replay(database) {
        if !database.is_sqlite() && is_skipped_as_long("the takeover of April, on PostgreSQL") {
            return;
        }
        the_history_equals_the_replayed_one(database, Version::April);
    }

    fn the_captured_days_of_october_equal_the_replay(database) {
        the_history_equals_the_replayed_one(database, Version::October);
    }
}
