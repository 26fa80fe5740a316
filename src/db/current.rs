//! `availability`: the current state, one row per hut and date.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::define_sql_function;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Date, Integer, Nullable, SmallInt, Text};

use super::check::HutCheck;
use super::connection::Db;
use super::prepared;
use super::schema::availability;
use super::state::StateRow;
use super::timestamp::{Timestamp, Timestamptz as SqlInstant};
use crate::domain::availability::Check;
use crate::domain::diff::{Day, StoredDay};
use crate::domain::hut::HutType;
use crate::domain::state::ReservationStatus;

#[derive(Queryable, Selectable)]
#[diesel(table_name = availability)]
struct AvailabilityRow {
    availability_date: NaiveDate,
    #[diesel(embed)]
    state: StateRow,
    source_organization: String,
    source_hut_id: String,
    last_checked: Option<Timestamp>,
    withdrawn: bool,
}

impl AvailabilityRow {
    fn into_day(self) -> (NaiveDate, StoredDay) {
        let day = StoredDay {
            state: self.state.into(),
            organization: self.source_organization,
            source_hut_id: self.source_hut_id,
            is_listed: self.last_checked.is_none(),
            withdrawn: self.withdrawn,
        };
        (self.availability_date, day)
    }
}

#[derive(Insertable)]
#[diesel(table_name = availability, treat_none_as_default_value = false)]
struct NewAvailabilityRow<'a> {
    hut_id: i32,
    availability_date: NaiveDate,
    source_organization: &'a str,
    source_hut_id: &'a str,
    free: Option<i16>,
    total: Option<i16>,
    hut_type: HutType,
    reservation_status: ReservationStatus,
    first_checked: Timestamp,
    last_checked: Option<Timestamp>,
    withdrawn: bool,
}

impl<'a> NewAvailabilityRow<'a> {
    fn new(check: &'a Check, &(date, state): &Day) -> Self {
        Self {
            hut_id: check.hut_id,
            availability_date: date,
            source_organization: &check.organization,
            source_hut_id: &check.source_hut_id,
            free: state.free,
            total: state.total,
            hut_type: state.hut_type,
            reservation_status: state.reservation_status,
            first_checked: check.at.into(),
            last_checked: None,
            withdrawn: false,
        }
    }
}

/// Loads the stored dates that a check is compared with: the dates that the last successful check listed,
/// and the dates in the range of this check.
///
/// A check lists only dates of its range. So one range of the primary key covers all these dates, and past years
/// of the hut are not read.
pub fn load(
    db: &mut Db,
    check: &Check,
    previous: &HutCheck,
) -> QueryResult<BTreeMap<NaiveDate, StoredDay>> {
    // Checks of versions that stored no range listed dates from the day of the check on, in any time zone.
    let day_before = |at| DateTime::<Utc>::from(at).date_naive() - Days::new(1);
    let first_listed = previous.listed.range_from.or(previous.last_success.map(day_before));
    let from = first_listed.map_or(*check.range.start(), |first| first.min(*check.range.start()));
    let rows = availability::table
        .filter(availability::hut_id.eq(check.hut_id))
        .filter(availability::availability_date.ge(from))
        .select(AvailabilityRow::as_select())
        .load_iter(db)?;
    rows.map(|row| row.map(AvailabilityRow::into_day)).collect()
}

/// The dates of a hut that its last successful check listed.
pub fn load_listed(db: &mut Db, hut_id: i32) -> QueryResult<BTreeMap<NaiveDate, StoredDay>> {
    let rows = availability::table
        .filter(availability::hut_id.eq(hut_id))
        .filter(availability::last_checked.is_null())
        .select(AvailabilityRow::as_select())
        .load_iter(db)?;
    rows.map(|row| row.map(AvailabilityRow::into_day)).collect()
}

/// The stored dates of a hut in a range.
pub fn load_range(
    db: &mut Db,
    hut_id: i32,
    dates: &RangeInclusive<NaiveDate>,
) -> QueryResult<BTreeMap<NaiveDate, StoredDay>> {
    let rows = availability::table
        .filter(availability::hut_id.eq(hut_id))
        .filter(availability::availability_date.between(*dates.start(), *dates.end()))
        .select(AvailabilityRow::as_select())
        .load_iter(db)?;
    rows.map(|row| row.map(AvailabilityRow::into_day)).collect()
}

/// Inserts the rows of new dates.
pub fn insert(db: &mut Db, check: &Check, days: &[Day]) -> QueryResult<usize> {
    if days.is_empty() {
        return Ok(0);
    }
    let rows: Vec<_> = days.iter().map(|day| NewAvailabilityRow::new(check, day)).collect();
    match db {
        // COPY, because an INSERT of a year of dates has thousands of parameters, and PostgreSQL needs more
        // time for these than for the rows.
        Db::Postgres(connection) => {
            diesel::copy_from(availability::table).from_insertable(rows).execute(connection)
        }
        // One INSERT for all rows. Single inserts, as in the history, were not faster for a whole year, and
        // later checks add few rows.
        Db::Sqlite(connection) => {
            diesel::insert_into(availability::table).values(&rows).execute(connection)
        }
    }
}

/// Updates existing rows to the state and source of a check, and marks them as listed.
pub fn update(db: &mut Db, check: &Check, days: impl Iterator<Item = Day>) -> QueryResult<usize> {
    let days: Vec<Day> = days.collect();
    if days.is_empty() {
        return Ok(0);
    }
    match db {
        // One round trip to the server for all dates.
        Db::Postgres(connection) => BatchUpdate::new(check, &days).execute(connection),
        Db::Sqlite(connection) => days.iter().try_fold(0, |count, (date, state)| {
            let columns = (
                availability::source_organization.eq(&check.organization),
                availability::source_hut_id.eq(&check.source_hut_id),
                availability::free.eq(state.free),
                availability::total.eq(state.total),
                availability::hut_type.eq(state.hut_type),
                availability::reservation_status.eq(state.reservation_status),
                availability::last_checked.eq(None::<Timestamp>),
                availability::withdrawn.eq(false),
            );
            let key =
                availability::hut_id.eq(check.hut_id).and(availability::availability_date.eq(date));
            Ok(count + prepared::update(availability::table, columns, key).execute(connection)?)
        }),
    }
}

/// One UPDATE of many dates. Its parameters are arrays, so that its text is the same for any number of dates
/// and is prepared once.
struct BatchUpdate<'a> {
    organization: &'a str,
    source_hut_id: &'a str,
    dates: Vec<NaiveDate>,
    free: Vec<Option<i16>>,
    total: Vec<Option<i16>>,
    hut_types: Vec<HutType>,
    statuses: Vec<ReservationStatus>,
    hut_id: i32,
}

impl<'a> BatchUpdate<'a> {
    fn new(check: &'a Check, days: &[Day]) -> Self {
        Self {
            organization: &check.organization,
            source_hut_id: &check.source_hut_id,
            dates: days.iter().map(|(date, _)| *date).collect(),
            free: days.iter().map(|(_, state)| state.free).collect(),
            total: days.iter().map(|(_, state)| state.total).collect(),
            hut_types: days.iter().map(|(_, state)| state.hut_type).collect(),
            statuses: days.iter().map(|(_, state)| state.reservation_status).collect(),
            hut_id: check.hut_id,
        }
    }
}

impl QueryId for BatchUpdate<'_> {
    type QueryId = BatchUpdate<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for BatchUpdate<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE availability SET source_organization = ");
        out.push_bind_param::<Text, _>(self.organization)?;
        out.push_sql(", source_hut_id = ");
        out.push_bind_param::<Text, _>(self.source_hut_id)?;
        out.push_sql(
            ", free = day.free, total = day.total, hut_type = day.hut_type, \
             reservation_status = day.reservation_status, last_checked = NULL, \
             withdrawn = false FROM unnest(",
        );
        out.push_bind_param::<Array<Date>, _>(&self.dates)?;
        out.push_sql("::date[], ");
        out.push_bind_param::<Array<Nullable<SmallInt>>, _>(&self.free)?;
        out.push_sql("::smallint[], ");
        out.push_bind_param::<Array<Nullable<SmallInt>>, _>(&self.total)?;
        out.push_sql("::smallint[], ");
        out.push_bind_param::<Array<Text>, _>(&self.hut_types)?;
        out.push_sql("::text[], ");
        out.push_bind_param::<Array<Text>, _>(&self.statuses)?;
        out.push_sql(
            "::text[]) AS day (date, free, total, hut_type, reservation_status) \
             WHERE availability_date = day.date AND hut_id = ",
        );
        out.push_bind_param::<Integer, _>(&self.hut_id)
    }
}

impl RunQueryDsl<PgConnection> for BatchUpdate<'_> {}

/// The number of stored dates of a hut.
pub fn count(db: &mut Db, hut_id: i32) -> QueryResult<i64> {
    availability::table.filter(availability::hut_id.eq(hut_id)).count().get_result(db)
}

/// The number of dates that the hut's last successful check listed.
pub fn count_listed(db: &mut Db, hut_id: i32) -> QueryResult<i64> {
    let rows = availability::table.filter(availability::hut_id.eq(hut_id));
    rows.filter(availability::last_checked.is_null()).count().get_result(db)
}

/// Why a check no longer lists a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// The date is past, or the check did not ask for it.
    OutOfRange,
    Withdrawn,
}

/// Marks dates as no longer listed. Dates that are still marked as listed get `last_listed`, the time of the last
/// check that listed them.
pub fn freeze(
    db: &mut Db,
    hut_id: i32,
    dates: &[NaiveDate],
    last_listed: Timestamp,
    dropped: Dropped,
) -> QueryResult<usize> {
    if dates.is_empty() {
        return Ok(0);
    }
    let hut = availability::hut_id.eq(hut_id);
    let frozen = (
        availability::last_checked.eq(first_of(availability::last_checked, last_listed)),
        availability::withdrawn.eq(dropped == Dropped::Withdrawn),
    );
    match db {
        Db::Postgres(connection) => {
            let rows = hut.and(availability::availability_date.eq_any(dates));
            prepared::update(availability::table, frozen, rows).execute(connection)
        }
        Db::Sqlite(connection) => dates.iter().try_fold(0, |count, date| {
            let row = hut.and(availability::availability_date.eq(date));
            let update = prepared::update(availability::table, frozen, row);
            Ok(count + update.execute(connection)?)
        }),
    }
}

define_sql_function! {
    /// The first argument that is not null.
    #[sql_name = "coalesce"]
    fn first_of(at: Nullable<SqlInstant>, default: SqlInstant) -> Nullable<SqlInstant>;
}
