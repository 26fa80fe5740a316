//! The history of each followed hut over some days, for replays.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::connection::Db;
use super::schema::{availability_change, hut};
use super::timestamp::Timestamp;
use crate::domain::hut::HutType;
use crate::domain::state::{ReservationStatus, State};

/// The states of the nights of a hut, each with the instant of the check that first saw it, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct HutHistory {
    pub slug: String,
    pub entries: Entries,
}

/// States and their instants, by night.
pub type Entries = BTreeMap<NaiveDate, Vec<(DateTime<Utc>, State)>>;

/// Calls `use_history` with the history of each followed hut: of the nights from `first_night` on, up to an instant.
/// One statement a hut, so that the memory holds one hut.
pub fn for_each(
    db: &mut Db,
    first_night: NaiveDate,
    until: DateTime<Utc>,
    mut use_history: impl FnMut(HutHistory),
) -> QueryResult<()> {
    let followed = hut::table.filter(hut::is_active.and(hut::booking_ref.is_not_null()));
    let huts: Vec<(i32, String)> = followed.order(hut::id).select((hut::id, hut::slug)).load(db)?;
    for (id, slug) in huts {
        use_history(HutHistory { slug, entries: entries(db, id, first_night, until)? });
    }
    Ok(())
}

type Row = (NaiveDate, Timestamp, Option<i16>, Option<i16>, HutType, ReservationStatus);

fn entries(
    db: &mut Db,
    hut_id: i32,
    first_night: NaiveDate,
    until: DateTime<Utc>,
) -> QueryResult<Entries> {
    use availability_change as change;
    let rows: Vec<Row> = change::table
        .filter(change::hut_id.eq(hut_id))
        .filter(change::availability_date.ge(first_night))
        .filter(change::first_checked.le(Timestamp::from(until)))
        .order((change::availability_date, change::first_checked))
        .select((
            change::availability_date,
            change::first_checked,
            change::free,
            change::total,
            change::hut_type,
            change::reservation_status,
        ))
        .load(db)?;
    let mut entries = Entries::new();
    for (date, at, free, total, hut_type, reservation_status) in rows {
        let state = State { free, total, hut_type, reservation_status };
        entries.entry(date).or_default().push((at.into(), state));
    }
    Ok(entries)
}
