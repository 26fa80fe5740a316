//! Reads the nights of some huts, one after the other: each with its row and its history. Cursors of the server
//! limit the memory, whatever the size of the tables.

use std::collections::VecDeque;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::data_types::{PgDate, PgTimestamp};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamptz};

use super::schema::{AVAILABILITY, HISTORY};
use super::{Theirs, instant};
use crate::domain::calendar::is_date;

/// Records that are fetched at once.
const PAGE: usize = 2_000;

/// PostgreSQL's dates count the days from here.
const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date");

#[derive(Clone, Debug, QueryableByName)]
pub struct RowRecord {
    #[diesel(sql_type = BigInt)]
    hut_id: i64,
    #[diesel(sql_type = Date)]
    date: PgDate,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub organization_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub source_id: Option<String>,
    #[diesel(embed)]
    pub values: Values,
}

#[derive(Clone, Debug, QueryableByName)]
pub struct EntryRecord {
    #[diesel(sql_type = BigInt)]
    hut_id: i64,
    #[diesel(sql_type = Date)]
    date: PgDate,
    #[diesel(embed)]
    pub values: Values,
}

/// What rows and entries have in common.
#[derive(Clone, Debug, QueryableByName)]
pub struct Values {
    #[diesel(sql_type = Nullable<Integer>)]
    pub free: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub total: Option<i32>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub hut_type_id: Option<i64>,
    #[diesel(sql_type = Text)]
    pub occupancy_status: String,
    #[diesel(sql_type = Text)]
    pub reservation_status: String,
    #[diesel(sql_type = Timestamptz)]
    first_checked: PgTimestamp,
    #[diesel(sql_type = Timestamptz)]
    last_checked: PgTimestamp,
}

impl Values {
    /// The first and the last check, not after `limit`, and whether one of them was.
    #[must_use]
    pub fn instants(&self, limit: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>, bool) {
        let (first, last) = (instant(self.first_checked, limit), instant(self.last_checked, limit));
        let far = DateTime::<Utc>::MAX_UTC;
        let is_later = instant(self.first_checked.max(self.last_checked), far) > limit;
        (first, last, is_later)
    }
}

/// A night of a hut, in either table.
trait Record: QueryableByName<diesel::pg::Pg> + 'static {
    const CURSOR: &'static str;

    /// Their hut and date.
    fn key(&self) -> (i64, PgDate);
}

impl Record for RowRecord {
    const CURSOR: &'static str = "takeover_rows";

    fn key(&self) -> (i64, PgDate) {
        (self.hut_id, self.date)
    }
}

impl Record for EntryRecord {
    const CURSOR: &'static str = "takeover_entries";

    fn key(&self) -> (i64, PgDate) {
        (self.hut_id, self.date)
    }
}

/// The records of a cursor, in the order of their keys.
struct Cursor<R> {
    page: VecDeque<R>,
    is_at_end: bool,
}

impl<R: Record> Cursor<R> {
    fn open(connection: &mut PgConnection, select: &str) -> QueryResult<Self> {
        let declare = format!("DECLARE {} NO SCROLL CURSOR FOR {select}", R::CURSOR);
        sql_query(declare).execute(connection)?;
        Ok(Self { page: VecDeque::new(), is_at_end: false })
    }

    /// The key of the next record.
    fn next_key(&mut self, connection: &mut PgConnection) -> QueryResult<Option<(i64, PgDate)>> {
        if self.page.is_empty() && !self.is_at_end {
            let fetch = format!("FETCH FORWARD {PAGE} FROM {}", R::CURSOR);
            self.page = sql_query(fetch).load::<R>(connection)?.into();
            self.is_at_end = self.page.len() < PAGE;
        }
        Ok(self.page.front().map(R::key))
    }

    /// The next record, if it has this key.
    fn take(
        &mut self,
        connection: &mut PgConnection,
        key: (i64, PgDate),
    ) -> QueryResult<Option<R>> {
        let is_next = self.next_key(connection)? == Some(key);
        Ok(if is_next { self.page.pop_front() } else { None })
    }
}

/// A night of a hut with everything that is stored of it.
#[derive(Debug)]
pub struct Night {
    /// None if our databases cannot store the date.
    pub date: Option<NaiveDate>,
    pub row: Option<RowRecord>,
    /// In the order of `(first_checked, id)`.
    pub entries: Vec<EntryRecord>,
}

/// The nights of some huts, by hut and date.
pub struct Nights<'a> {
    connection: &'a mut PgConnection,
    rows: Cursor<RowRecord>,
    entries: Cursor<EntryRecord>,
}

impl Theirs {
    /// The nights of these huts. The server sorts them, so a few huts at a time.
    pub fn nights(&mut self, huts: &[i32]) -> QueryResult<Nights<'_>> {
        let ids = huts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let values = "hut_id::bigint AS hut_id, availability_date AS date, free::integer AS free, \
            total::integer AS total, hut_type_id::bigint AS hut_type_id, \
            coalesce(occupancy_status, '')::text AS occupancy_status, \
            coalesce(reservation_status, '')::text AS reservation_status, first_checked, \
            coalesce(last_checked, first_checked) AS last_checked";
        let connection = &mut self.connection;
        let rows = format!(
            "SELECT {values}, source_organization_id::bigint AS organization_id, source_id::text AS source_id \
             FROM {AVAILABILITY} WHERE hut_id IN ({ids}) ORDER BY hut_id, availability_date"
        );
        let entries = format!(
            "SELECT {values} FROM {HISTORY} WHERE hut_id IN ({ids}) \
             ORDER BY hut_id, availability_date, first_checked, id"
        );
        Ok(Nights {
            rows: Cursor::open(connection, &rows)?,
            entries: Cursor::open(connection, &entries)?,
            connection,
        })
    }
}

impl Nights<'_> {
    /// The next night of a hut. None after its last one. Nights of earlier huts are passed over.
    pub fn next_of(&mut self, hut_id: i32) -> QueryResult<Option<Night>> {
        let hut_id = i64::from(hut_id);
        loop {
            let row = self.rows.next_key(self.connection)?;
            let entry = self.entries.next_key(self.connection)?;
            let Some(key) = row.into_iter().chain(entry).min() else { return Ok(None) };
            if key.0 > hut_id {
                return Ok(None);
            }
            let row = self.rows.take(self.connection, key)?;
            let mut entries = Vec::new();
            while let Some(entry) = self.entries.take(self.connection, key)? {
                entries.push(entry);
            }
            if key.0 == hut_id {
                return Ok(Some(Night { date: date(key.1), row, entries }));
            }
        }
    }

    /// Closes the cursors.
    pub fn close(self) -> QueryResult<()> {
        for cursor in [RowRecord::CURSOR, EntryRecord::CURSOR] {
            sql_query(format!("CLOSE {cursor}")).execute(self.connection)?;
        }
        Ok(())
    }
}

fn date(PgDate(days): PgDate) -> Option<NaiveDate> {
    let date = EPOCH.checked_add_signed(TimeDelta::days(days.into()));
    date.filter(|date| is_date(*date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_dates_are_none() {
        assert_eq!(date(PgDate(0)), Some(EPOCH));
        assert_eq!(date(PgDate(9_678)).unwrap().to_string(), "2026-07-01");
        assert_eq!((date(PgDate(i32::MAX)), date(PgDate(i32::MIN))), (None, None));
    }
}
