//! A model of the data that the database must hold, which shares no code with the program; and the
//! contract's invariants, checked on all stored data.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use hut_availability::db::connection::Db;
use hut_availability::domain::availability::Check;
use hut_availability::domain::state::State;

use super::database::{CurrentRow, HistoryRow, current, history, number};

/// A state of a date, and the instants of its first and last check.
pub type Entry = (State, DateTime<Utc>, DateTime<Utc>);

/// The expected history after the successful checks, applied in the order in which they arrived.
#[derive(Default)]
pub struct Model {
    pub entries: BTreeMap<(i32, NaiveDate), Vec<Entry>>,
    last_success: BTreeMap<i32, DateTime<Utc>>,
    /// The dates that the sites have withdrawn.
    withdrawn: BTreeSet<(i32, NaiveDate)>,
}

impl Model {
    /// Applies a check. A check that is older than the hut's last one is dropped.
    pub fn apply(&mut self, check: &Check) {
        if self.last_success.get(&check.hut_id).is_some_and(|last| check.at <= *last) {
            return;
        }
        self.last_success.insert(check.hut_id, check.at);
        for (hut_id, date) in self.entries.keys() {
            if *hut_id == check.hut_id && check.range.contains(date) {
                self.withdrawn.insert((*hut_id, *date));
            }
        }
        for (&date, &state) in &check.days {
            self.withdrawn.remove(&(check.hut_id, date));
            let entries = self.entries.entry((check.hut_id, date)).or_default();
            if let Some((last, _, until)) = entries.last_mut() {
                *until = check.at;
                if *last == state {
                    continue;
                }
            }
            entries.push((state, check.at, check.at));
        }
    }

    /// Compares the views with the model.
    pub fn assert_stored(&self, db: &mut Db) {
        let mut stored = BTreeMap::<_, Vec<Entry>>::new();
        for row in history(db) {
            let entry = (row.state(), row.first_checked(), row.last_checked());
            stored.entry((row.hut_id, row.date)).or_default().push(entry);
        }
        assert_eq!(stored, self.entries, "the history");
        for row in current(db) {
            let entries = &self.entries[&(row.hut_id, row.date)];
            let (state, _, until) = entries[entries.len() - 1];
            assert_eq!((row.state(), row.last_checked()), (state, until), "{row:?}");
            assert_eq!(row.first_checked(), entries[0].1, "{row:?}");
            let is_withdrawn = self.withdrawn.contains(&(row.hut_id, row.date));
            assert_eq!(row.withdrawn, is_withdrawn, "{row:?}");
        }
    }
}

macro_rules! state {
    ($($row:ty),+) => {$(
        impl $row {
            pub fn state(&self) -> State {
                State {
                    free: self.free,
                    total: self.total,
                    hut_type: self.hut_type.parse().unwrap(),
                    reservation_status: self.reservation_status.parse().unwrap(),
                }
            }
        }
    )+};
}

state!(CurrentRow, HistoryRow);

/// The rows of both views at one moment. PostgreSQL may still commit what a killed run has sent.
fn at_one_moment(db: &mut Db) -> (Vec<CurrentRow>, Vec<HistoryRow>) {
    db.transaction(|db| {
        if let Db::Postgres(db) = db {
            db.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
        }
        QueryResult::Ok((current(db), history(db)))
    })
    .unwrap()
}

/// Asserts the invariants of the contract.
pub fn assert_invariants(db: &mut Db) {
    let (rows, history) = at_one_moment(db);
    let mut entries = BTreeMap::<_, Vec<HistoryRow>>::new();
    for entry in history {
        entries.entry((entry.hut_id, entry.date)).or_default().push(entry);
    }
    assert_eq!(rows.len(), entries.len(), "a history for each row, and a row for each history");
    for row in &rows {
        let entries = &entries[&(row.hut_id, row.date)];
        let open = &entries[entries.len() - 1];
        assert_eq!(row.state(), open.state(), "the open entry equals its row: {row:?}");
        assert_eq!(row.last_checked(), open.last_checked(), "{row:?} {open:?}");
        assert_eq!(row.first_checked(), entries[0].first_checked(), "{row:?}");
        for pair in entries.windows(2) {
            assert_eq!(pair[1].first_checked(), pair[0].last_checked(), "no gap: {pair:?}");
            assert_ne!(pair[1].state(), pair[0].state(), "neighbours differ: {pair:?}");
        }
        let state = row.state();
        let percents = row.occupancy_percent.zip(state.occupancy_percent());
        assert!(
            percents.is_none_or(|(found, expected)| (found - expected).abs() < 1e-9),
            "{row:?}"
        );
        assert_eq!(row.occupancy_percent.is_some(), state.occupancy_percent().is_some(), "{row:?}");
        assert_eq!(row.occupancy_steps, state.occupancy_steps(), "{row:?}");
        assert_eq!(row.occupancy_status, state.occupancy_status().to_string(), "{row:?}");
        for entry in entries {
            let duration = entry.last_checked() - entry.first_checked();
            let duration = duration.num_microseconds().unwrap() as f64 / 1e6;
            assert!((entry.duration_seconds - duration).abs() < 1e-5, "{entry:?}");
        }
    }
    let unequal = "SELECT count(*) AS number FROM availability AS a WHERE
        (SELECT count(*) FROM availability_change AS c WHERE c.hut_id = a.hut_id
            AND c.availability_date = a.availability_date AND c.last_checked IS NULL)
        <> CASE WHEN a.last_checked IS NULL THEN 1 ELSE 0 END";
    assert_eq!(number(db, unequal), 0, "both tables agree which dates are listed");
}
