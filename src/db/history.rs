//! `availability_change`: the history, one row per hut, date and state, append-only.
//!
//! An entry is closed once, when the next one begins, and never touched again. The open entry of a
//! date is its latest; its `last_checked` is NULL while the hut's checks list the date.

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
use crate::domain::availability::{Check, ReservationStatus};
use crate::domain::diff::Day;
use crate::domain::hut::HutType;

#[derive(Insertable)]
#[diesel(table_name = availability_change, treat_none_as_default_value = false)]
struct NewChange {
    hut_id: i32,
    availability_date: NaiveDate,
    first_checked: Timestamp,
    free: i16,
    total: i16,
    hut_type: HutType,
    reservation_status: ReservationStatus,
}

/// Adds the entry of each new state.
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
        // COPY, as for the rows of the dates.
        Db::Postgres(connection) => diesel::copy_from(availability_change::table)
            .from_insertable(entries)
            .execute(connection),
        // Each by a statement that is prepared once. One for all of them would have to be parsed each time,
        // and SQLite would keep a copy of each page that it touches, to take it back if a row is refused.
        Db::Sqlite(connection) => entries.iter().try_fold(0, |count, entry| {
            let insert = diesel::insert_into(availability_change::table).values(entry);
            Ok(count + insert.execute(connection)?)
        }),
    }
}

/// How many entries a hut has.
pub fn count(db: &mut Db, hut_id: i32) -> QueryResult<i64> {
    let rows = availability_change::table.filter(availability_change::hut_id.eq(hut_id));
    rows.count().get_result(db)
}

/// Sets until when the open entries of `dates` are known to hold: `None` for as long as the hut's
/// checks list the dates. Of the few that change at a time, each is found by a probe of the primary key,
/// however many entries are before it.
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
        // One way to the server and back for all of them.
        Db::Postgres(connection) => SetAtOnce { hut_id, dates, last_checked }.execute(connection),
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

/// The open entries of many dates in one UPDATE, whose text is the same however many there are.
struct SetAtOnce<'a> {
    hut_id: i32,
    dates: &'a [NaiveDate],
    last_checked: Option<Timestamp>,
}

impl QueryId for SetAtOnce<'_> {
    type QueryId = SetAtOnce<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for SetAtOnce<'_> {
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

impl RunQueryDsl<PgConnection> for SetAtOnce<'_> {}
