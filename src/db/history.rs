//! `availability_change`: the history, one row per hut, date and state, append-only.
//!
//! An entry is closed once, when the next one begins, and never changes again. The open entry of a date is
//! its latest one. Its `last_checked` is NULL as long as the hut's checks list the date.

use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Date, Integer, Nullable};

use super::connection::Db;
use super::prepared;
use super::schema::availability_change;
use super::timestamp::{Timestamp, Timestamptz};
use crate::domain::availability::Check;
use crate::domain::diff::Day;
use crate::domain::hut::HutType;
use crate::domain::state::ReservationStatus;

#[derive(Insertable)]
#[diesel(table_name = availability_change, treat_none_as_default_value = false)]
struct NewChange {
    hut_id: i32,
    availability_date: NaiveDate,
    first_checked: Timestamp,
    free: Option<i16>,
    total: Option<i16>,
    hut_type: HutType,
    reservation_status: ReservationStatus,
}

/// Inserts an entry for each new state.
pub fn record_change(
    db: &mut Db,
    check: &Check,
    days: impl Iterator<Item = Day>,
) -> QueryResult<usize> {
    let entries: Vec<_> = days
        .map(|(date, state)| NewChange {
            hut_id: check.hut_id,
            availability_date: date,
            first_checked: check.at.into(),
            free: state.free,
            total: state.total,
            hut_type: state.hut_type,
            reservation_status: state.reservation_status,
        })
        .collect();
    if entries.is_empty() {
        return Ok(0);
    }
    match db {
        // COPY, for the same reason as in `current::insert`.
        Db::Postgres(connection) => diesel::copy_from(availability_change::table)
            .from_insertable(entries)
            .execute(connection),
        // One prepared statement per entry. A single INSERT for all entries would be parsed anew each time,
        // and SQLite would copy each page that it changes, to undo the statement if it rejects a row.
        Db::Sqlite(connection) => entries.iter().try_fold(0, |count, entry| {
            let insert = diesel::insert_into(availability_change::table).values(entry);
            Ok(count + insert.execute(connection)?)
        }),
    }
}

/// The number of entries of a hut.
pub fn count(db: &mut Db, hut_id: i32) -> QueryResult<i64> {
    let rows = availability_change::table.filter(availability_change::hut_id.eq(hut_id));
    rows.count().get_result(db)
}

/// Sets `last_checked` of the open entries of `dates`. `None` means that the hut's checks list the dates.
/// Only few dates change at a time. Each open entry is found by one lookup in the primary key, however many
/// entries precede it.
pub fn set_open_until(
    db: &mut Db,
    hut_id: i32,
    dates: &[NaiveDate],
    last_checked: Option<Timestamp>,
) -> QueryResult<usize> {
    if dates.is_empty() {
        return Ok(0);
    }
    match db {
        // One round trip to the server for all dates.
        Db::Postgres(connection) => {
            BatchSetLastChecked { hut_id, dates, last_checked }.execute(connection)
        }
        Db::Sqlite(connection) => dates.iter().try_fold(0, |count, date| {
            let other = diesel::alias!(availability_change as other);
            let latest = other
                .filter(other.field(availability_change::hut_id).eq(hut_id))
                .filter(other.field(availability_change::availability_date).eq(date))
                .select(max(other.field(availability_change::first_checked)))
                .single_value();
            let open = availability_change::hut_id
                .eq(hut_id)
                .and(availability_change::availability_date.eq(date))
                .and(availability_change::first_checked.nullable().eq(latest));
            let set = availability_change::last_checked.eq(last_checked);
            let update = prepared::update(availability_change::table, set, open);
            Ok(count + update.execute(connection)?)
        }),
    }
}

/// One UPDATE of the open entries of many dates. Its text is the same for any number of dates.
struct BatchSetLastChecked<'a> {
    hut_id: i32,
    dates: &'a [NaiveDate],
    last_checked: Option<Timestamp>,
}

impl QueryId for BatchSetLastChecked<'_> {
    type QueryId = BatchSetLastChecked<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for BatchSetLastChecked<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE availability_change SET last_checked = ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.last_checked)?;
        out.push_sql(
            " FROM (SELECT day.date, (SELECT max(first_checked) FROM availability_change \
             WHERE availability_date = day.date AND hut_id = ",
        );
        out.push_bind_param::<Integer, _>(&self.hut_id)?;
        out.push_sql(") AS first_checked FROM unnest(");
        out.push_bind_param::<Array<Date>, _>(self.dates)?;
        out.push_sql(
            "::date[]) AS day (date)) AS latest \
             WHERE availability_change.availability_date = latest.date \
             AND availability_change.first_checked = latest.first_checked \
             AND availability_change.hut_id = ",
        );
        out.push_bind_param::<Integer, _>(&self.hut_id)
    }
}

impl RunQueryDsl<PgConnection> for BatchSetLastChecked<'_> {}
