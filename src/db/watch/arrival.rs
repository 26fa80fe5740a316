//! `watch_arrival`: the arrivals that have opened at some time.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::key::{key, of_key};
use super::outbox::OutboxState;
use crate::db::connection::Db;
use crate::db::schema::{outbox, watch_arrival};
use crate::db::timestamp::Timestamp;
use crate::domain::opening::{Arrival, Closed, Known, Opened, SendTime};

type KnownRow =
    ((NaiveDate, i32), (bool, i32), (Option<Timestamp>, Option<Timestamp>), Option<Timestamp>);

/// The arrivals of a watch that have opened at some time.
pub fn known(db: &mut Db, watch_id: i32) -> QueryResult<BTreeMap<Arrival, Known>> {
    let waiting = outbox::watch_id
        .eq(watch_arrival::watch_id)
        .and(outbox::arrival.eq(watch_arrival::arrival))
        .and(outbox::hut_id.eq(watch_arrival::hut_id))
        .and(outbox::opening.eq(watch_arrival::opening))
        .and(outbox::state.eq(OutboxState::Waiting));
    let rows: Vec<KnownRow> = watch_arrival::table
        .left_join(outbox::table.on(waiting))
        .filter(watch_arrival::watch_id.eq(watch_id))
        .select((
            (watch_arrival::arrival, watch_arrival::hut_id),
            (watch_arrival::is_open, watch_arrival::opening),
            (watch_arrival::notified_at, watch_arrival::closed_at),
            outbox::due_at.nullable(),
        ))
        .load(db)?;
    let known = |(arrival, (is_open, opening), (notified_at, closed_at), waits_until): KnownRow| {
        let (date, hut_id) = arrival;
        let known = Known {
            is_open,
            opening,
            notified_at: notified_at.map(DateTime::from),
            closed_at: closed_at.map(DateTime::from),
            waits_until: waits_until.map(DateTime::from),
        };
        (of_key(date, hut_id), known)
    };
    Ok(rows.into_iter().map(known).collect())
}

#[derive(Insertable)]
#[diesel(table_name = watch_arrival, treat_none_as_default_value = false)]
struct OpenRow {
    watch_id: i32,
    arrival: NaiveDate,
    hut_id: i32,
    is_open: bool,
    opening: i32,
    opened_at: Timestamp,
    closed_at: Option<Timestamp>,
    notified_at: Option<Timestamp>,
}

/// Stores the arrivals that opened. One statement for each thousand.
pub fn open(
    db: &mut Db,
    watch_id: i32,
    opened: &[Opened],
    known: &BTreeMap<Arrival, Known>,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let row = |Opened { arrival, opening, send }: &Opened| {
        let (date, hut_id) = key(*arrival);
        let was_notified = known.get(arrival).and_then(|known| known.notified_at);
        let notified_at = if *send == SendTime::Now { Some(now) } else { was_notified };
        OpenRow {
            watch_id,
            arrival: date,
            hut_id,
            is_open: true,
            opening: *opening,
            opened_at: now.into(),
            closed_at: None,
            notified_at: notified_at.map(Timestamp::from),
        }
    };
    for opened in opened.chunks(BATCH) {
        let rows: Vec<OpenRow> = opened.iter().map(row).collect();
        // An arrival that has opened before has a row already.
        macro_rules! upsert {
            ($connection:expr) => {
                diesel::insert_into(watch_arrival::table)
                    .values(&rows)
                    .on_conflict((
                        watch_arrival::watch_id,
                        watch_arrival::arrival,
                        watch_arrival::hut_id,
                    ))
                    .do_update()
                    .set((
                        watch_arrival::is_open.eq(excluded(watch_arrival::is_open)),
                        watch_arrival::opening.eq(excluded(watch_arrival::opening)),
                        watch_arrival::opened_at.eq(excluded(watch_arrival::opened_at)),
                        watch_arrival::closed_at.eq(excluded(watch_arrival::closed_at)),
                        watch_arrival::notified_at.eq(excluded(watch_arrival::notified_at)),
                    ))
                    .execute($connection)?
            };
        }
        match db {
            Db::Postgres(connection) => upsert!(connection),
            Db::Sqlite(connection) => upsert!(connection),
        };
    }
    Ok(())
}

/// Rows of one INSERT, because the number of its parameters is limited.
const BATCH: usize = 1000;

/// Stores the arrivals that closed. One statement for each hut.
pub fn close(db: &mut Db, watch_id: i32, closed: &[Closed], now: DateTime<Utc>) -> QueryResult<()> {
    for (hut_id, dates) in dates_by_hut(closed.iter().map(|closed| closed.arrival)) {
        let is_closed = (
            watch_arrival::is_open.eq(false),
            watch_arrival::closed_at.eq(Some(Timestamp::from(now))),
        );
        let rows = watch_arrival::table
            .filter(watch_arrival::watch_id.eq(watch_id))
            .filter(watch_arrival::hut_id.eq(hut_id))
            .filter(watch_arrival::arrival.eq_any(dates));
        diesel::update(rows).set(is_closed).execute(db)?;
    }
    Ok(())
}

/// Stores that openings that waited are now in a message. One statement for each hut.
pub fn notified(
    db: &mut Db,
    watch_id: i32,
    released: &[(Arrival, i32)],
    now: DateTime<Utc>,
) -> QueryResult<()> {
    for (hut_id, dates) in dates_by_hut(released.iter().map(|(arrival, _)| *arrival)) {
        let rows = watch_arrival::table
            .filter(watch_arrival::watch_id.eq(watch_id))
            .filter(watch_arrival::hut_id.eq(hut_id))
            .filter(watch_arrival::arrival.eq_any(dates));
        let now = Some(Timestamp::from(now));
        diesel::update(rows).set(watch_arrival::notified_at.eq(now)).execute(db)?;
    }
    Ok(())
}

/// The dates of arrivals, by the column of their hut.
fn dates_by_hut(arrivals: impl Iterator<Item = Arrival>) -> BTreeMap<i32, Vec<NaiveDate>> {
    let mut by_hut: BTreeMap<i32, Vec<NaiveDate>> = BTreeMap::new();
    for (date, hut_id) in arrivals.map(key) {
        by_hut.entry(hut_id).or_default().push(date);
    }
    by_hut
}

/// The arrivals that are open from a date on, in order, by the ID of the watch.
pub fn open_from(
    db: &mut Db,
    watches: &[i32],
    today: NaiveDate,
) -> QueryResult<HashMap<i32, Vec<Arrival>>> {
    let rows: Vec<(i32, NaiveDate, i32)> = watch_arrival::table
        .filter(watch_arrival::watch_id.eq_any(watches))
        .filter(watch_arrival::is_open)
        .filter(watch_arrival::arrival.ge(today))
        .order((watch_arrival::watch_id, watch_arrival::arrival, watch_arrival::hut_id))
        .select((watch_arrival::watch_id, watch_arrival::arrival, watch_arrival::hut_id))
        .load(db)?;
    let mut open: HashMap<i32, Vec<Arrival>> = HashMap::new();
    for (watch_id, date, hut_id) in rows {
        open.entry(watch_id).or_default().push(of_key(date, hut_id));
    }
    Ok(open)
}
