//! `watch_arrival`: the arrivals that have opened at some time.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

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

#[derive(AsChangeset, Insertable)]
#[diesel(table_name = watch_arrival, treat_none_as_null = true, treat_none_as_default_value = false)]
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

/// Stores the arrivals that opened.
pub fn open(
    db: &mut Db,
    watch_id: i32,
    opened: &[Opened],
    known: &BTreeMap<Arrival, Known>,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let mut new = Vec::new();
    for Opened { arrival, opening, send } in opened {
        let (date, hut_id) = key(*arrival);
        let was_notified = known.get(arrival).and_then(|known| known.notified_at);
        let notified_at = if *send == SendTime::Now { Some(now) } else { was_notified };
        let row = OpenRow {
            watch_id,
            arrival: date,
            hut_id,
            is_open: true,
            opening: *opening,
            opened_at: now.into(),
            closed_at: None,
            notified_at: notified_at.map(Timestamp::from),
        };
        if known.contains_key(arrival) {
            diesel::update(watch_arrival::table.find((watch_id, date, hut_id)))
                .set(row)
                .execute(db)?;
        } else {
            new.push(row);
        }
    }
    for rows in new.chunks(BATCH) {
        match db {
            Db::Postgres(connection) => {
                diesel::insert_into(watch_arrival::table).values(rows).execute(connection)?
            }
            Db::Sqlite(connection) => {
                diesel::insert_into(watch_arrival::table).values(rows).execute(connection)?
            }
        };
    }
    Ok(())
}

/// Rows of one INSERT, because the number of its parameters is limited.
const BATCH: usize = 1000;

/// Stores the arrivals that closed.
pub fn close(db: &mut Db, watch_id: i32, closed: &[Closed], now: DateTime<Utc>) -> QueryResult<()> {
    for closed in closed {
        let (date, hut_id) = key(closed.arrival);
        let row = watch_arrival::table.find((watch_id, date, hut_id));
        let is_closed = (
            watch_arrival::is_open.eq(false),
            watch_arrival::closed_at.eq(Some(Timestamp::from(now))),
        );
        diesel::update(row).set(is_closed).execute(db)?;
    }
    Ok(())
}

/// Stores that openings that waited are now in a message.
pub fn notified(
    db: &mut Db,
    watch_id: i32,
    released: &[(Arrival, i32)],
    now: DateTime<Utc>,
) -> QueryResult<()> {
    for (arrival, _) in released {
        let (date, hut_id) = key(*arrival);
        let row = watch_arrival::table.find((watch_id, date, hut_id));
        let now = Some(Timestamp::from(now));
        diesel::update(row).set(watch_arrival::notified_at.eq(now)).execute(db)?;
    }
    Ok(())
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
