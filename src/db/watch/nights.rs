//! The history of nights, for how long they had been full.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate};
use diesel::prelude::*;

use crate::db::connection::Db;
use crate::db::schema::availability_change;
use crate::db::timestamp::Timestamp;
use crate::domain::full_since::{Nights, Span};
use crate::domain::state::ReservationStatus;

type Row = (i32, NaiveDate, Timestamp, Option<Timestamp>, Option<i16>, ReservationStatus);

/// When these huts had room for `places` on these dates. One statement.
pub fn history(
    db: &mut Db,
    huts: &[i32],
    dates: &RangeInclusive<NaiveDate>,
    places: u16,
) -> QueryResult<Nights> {
    let places = i16::try_from(places).unwrap_or(i16::MAX);
    let rows: Vec<Row> = availability_change::table
        .filter(availability_change::hut_id.eq_any(huts))
        .filter(availability_change::availability_date.between(*dates.start(), *dates.end()))
        .select((
            availability_change::hut_id,
            availability_change::availability_date,
            availability_change::first_checked,
            availability_change::last_checked,
            availability_change::free,
            availability_change::reservation_status,
        ))
        .load(db)?;
    let mut nights = Nights::new();
    for (hut_id, date, from, until, free, status) in rows {
        let has_room =
            status == ReservationStatus::Possible && free.is_some_and(|free| free >= places);
        let span = Span { from: from.into(), until: until.map(DateTime::from), has_room };
        nights.entry((hut_id, date)).or_default().push(span);
    }
    Ok(nights)
}
