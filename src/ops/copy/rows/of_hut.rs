//! The rows of one hut: its last check, its dates, and their history.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::row::{CopyRow, PAGE, insert};
use crate::db::connection::Db;
use crate::db::schema::{availability, availability_change, hut, hut_check};
use crate::db::timestamp::Timestamp;

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = hut_check, treat_none_as_default_value = false)]
pub struct CheckRow {
    hut_id: i32,
    pub last_checked: Option<Timestamp>,
    last_checked_run: Option<Timestamp>,
    last_success: Option<Timestamp>,
    last_success_run: Option<Timestamp>,
    has_data: bool,
    consecutive_failures: i32,
    last_error: Option<String>,
    failing_since: Option<Timestamp>,
    listed_at: Option<Timestamp>,
    content_digest: Option<String>,
    dates_listed: Option<i32>,
    dates_bookable: Option<i32>,
    tier: Option<String>,
    tier_from: Option<NaiveDate>,
    tier_until: Option<NaiveDate>,
    tier_next_days: Option<i32>,
    etag: Option<String>,
    last_modified: Option<String>,
    asked_digest: Option<String>,
    range_from: Option<NaiveDate>,
    range_until: Option<NaiveDate>,
    empty_answers: i32,
    changes: i32,
    rate_interest: f64,
    rate_nights: f64,
    rate_hours: f64,
}

impl CopyRow for CheckRow {
    const TABLE: &'static str = "hut_check";
    type Part = i32;
    type Key = i32;

    fn key(&self) -> i32 {
        self.hut_id
    }

    fn page(db: &mut Db, hut_id: i32, after: Option<&i32>) -> QueryResult<Vec<Self>> {
        if after.is_some() {
            return Ok(Vec::new());
        }
        hut_check::table.find(hut_id).select(Self::as_select()).load(db)
    }

    fn insert(db: &mut Db, rows: &[Self]) -> QueryResult<()> {
        insert!(hut_check, db, rows)
    }

    fn may_become(&self, now: &Self) -> bool {
        self.last_checked <= now.last_checked && self.last_success <= now.last_success
    }
}

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = availability, treat_none_as_default_value = false)]
pub struct AvailabilityRow {
    pub hut_id: i32,
    pub availability_date: NaiveDate,
    pub source_organization: String,
    pub source_hut_id: String,
    pub free: Option<i16>,
    pub total: Option<i16>,
    pub hut_type: String,
    pub reservation_status: String,
    pub first_checked: Timestamp,
    pub last_checked: Option<Timestamp>,
    pub withdrawn: bool,
}

impl CopyRow for AvailabilityRow {
    const TABLE: &'static str = "availability";
    type Part = i32;
    type Key = NaiveDate;

    fn key(&self) -> NaiveDate {
        self.availability_date
    }

    fn page(db: &mut Db, hut_id: i32, after: Option<&NaiveDate>) -> QueryResult<Vec<Self>> {
        let rows = availability::table.filter(availability::hut_id.eq(hut_id));
        let rows =
            rows.filter(availability::availability_date.gt(after.copied().unwrap_or(MIN_DATE)));
        let rows = rows.order(availability::availability_date).limit(PAGE as i64);
        rows.select(Self::as_select()).load(db)
    }

    fn insert(db: &mut Db, rows: &[Self]) -> QueryResult<()> {
        insert!(availability, db, rows)
    }

    fn may_become(&self, now: &Self) -> bool {
        self.first_checked == now.first_checked
    }

    fn may_be_deleted(key: &NaiveDate, first: Option<&NaiveDate>) -> bool {
        first.is_none_or(|first| key < first)
    }
}

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = availability_change, treat_none_as_default_value = false)]
pub struct ChangeRow {
    pub hut_id: i32,
    pub availability_date: NaiveDate,
    pub first_checked: Timestamp,
    pub last_checked: Option<Timestamp>,
    pub free: Option<i16>,
    pub total: Option<i16>,
    pub hut_type: String,
    pub reservation_status: String,
}

impl CopyRow for ChangeRow {
    const TABLE: &'static str = "availability_change";
    type Part = i32;
    type Key = (NaiveDate, Timestamp);

    fn key(&self) -> Self::Key {
        (self.availability_date, self.first_checked)
    }

    fn page(db: &mut Db, hut_id: i32, after: Option<&Self::Key>) -> QueryResult<Vec<Self>> {
        use availability_change::{availability_date, first_checked};
        let (date, at) =
            after.copied().unwrap_or((MIN_DATE, Timestamp::from(chrono::DateTime::UNIX_EPOCH)));
        availability_change::table
            .filter(availability_change::hut_id.eq(hut_id))
            // With this condition alone, both databases find the start in the primary key.
            .filter(availability_date.ge(date))
            .filter(availability_date.gt(date).or(first_checked.gt(at)))
            .order((availability_date, first_checked))
            .limit(PAGE as i64)
            .select(Self::as_select())
            .load(db)
    }

    fn insert(db: &mut Db, rows: &[Self]) -> QueryResult<()> {
        insert!(availability_change, db, rows)
    }

    /// An entry may be closed or reopened. Its state never changes.
    fn may_become(&self, now: &Self) -> bool {
        let state = |row: &Self| {
            (row.free, row.total, row.hut_type.clone(), row.reservation_status.clone())
        };
        state(self) == state(now)
    }

    fn may_be_deleted((date, _): &Self::Key, first: Option<&Self::Key>) -> bool {
        first.is_none_or(|(first, _)| date < first)
    }
}

/// Earlier than all stored dates.
const MIN_DATE: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).expect("a date");

/// Locks a hut until the transaction ends, so that no run writes to it. SQLite has only one writer at a time
/// anyway.
pub fn lock_hut(db: &mut Db, hut_id: i32) -> QueryResult<()> {
    if let Db::Postgres(connection) = db {
        hut::table.find(hut_id).select(hut::id).for_update().first::<i32>(connection)?;
    }
    Ok(())
}

/// Deletes a hut's check, dates and history.
pub fn delete_hut(db: &mut Db, hut_id: i32) -> QueryResult<()> {
    let changes = availability_change::table.filter(availability_change::hut_id.eq(hut_id));
    diesel::delete(changes).execute(db)?;
    diesel::delete(availability::table.filter(availability::hut_id.eq(hut_id))).execute(db)?;
    diesel::delete(hut_check::table.find(hut_id)).execute(db)?;
    Ok(())
}
