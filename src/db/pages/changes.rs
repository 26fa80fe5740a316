//! The history of all huts and dates, the newest change first, a page at a time.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::count::{CountOf, MAX_COUNTED};
use super::keyset::{Beyond, Bound, Column, Goes, at_most, order_by};
use super::occupancy::has_status;
use crate::db::connection::Db;
use crate::db::reading::rows::{EntryRow, HutHeadRow};
use crate::db::schema::{availability_change, hut, hut_check};
use crate::db::timestamp::Timestamp;
use crate::domain::availability::OccupancyStatus;
use crate::domain::hut::HutType;
use crate::query::paging::{Cursor, Page};
use crate::query::views::{Entry, HutHead};

/// Changes of one night that are shown at most. A night that is asked for every half hour of a month,
/// and has changed each time, has 1,500.
pub const MAX_CHANGES_OF_NIGHT: usize = 2_000;

/// Which changes are asked for; none of a part: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    pub date: Option<NaiveDate>,
    pub occupancy: Option<OccupancyStatus>,
    pub hut_type: Option<HutType>,
    /// IDs of huts. With a date as well, the primary key serves.
    pub huts: Option<Vec<i32>>,
}

/// Where a change stands in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeKey {
    pub first_checked: DateTime<Utc>,
    pub hut_id: i32,
    pub date: NaiveDate,
}

/// A state that a hut's date has, or had.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub hut: HutHead,
    pub date: NaiveDate,
    pub entry: Entry,
    /// The hut's last successful check found it so.
    pub is_still_so: bool,
}

impl Change {
    /// Where the change stands in the list.
    #[must_use]
    pub fn key(&self) -> ChangeKey {
        let first_checked = self.entry.first_checked;
        ChangeKey { first_checked, hut_id: self.hut.id, date: self.date }
    }
}

/// The changes that a filter lets through, in any order.
macro_rules! filtered {
    ($select:expr, $filter:expr) => {{
        let filter: &ChangeFilter = $filter;
        let mut query = availability_change::table
            .inner_join(hut::table.on(hut::id.eq(availability_change::hut_id)))
            .inner_join(hut_check::table.on(hut_check::hut_id.eq(availability_change::hut_id)))
            .select($select)
            .into_boxed();
        if let Some(date) = filter.date {
            query = query.filter(availability_change::availability_date.eq(date));
        }
        if let Some(status) = filter.occupancy {
            query = query.filter(has_status(status, "availability_change"));
        }
        if let Some(hut_type) = filter.hut_type {
            query = query.filter(availability_change::hut_type.eq(hut_type));
        }
        if let Some(huts) = &filter.huts {
            query = query.filter(availability_change::hut_id.eq_any(huts));
        }
        query
    }};
}

/// A page of changes, one row more than fits if there are any.
pub fn page(
    db: &mut Db,
    filter: &ChangeFilter,
    cursor: &Cursor<ChangeKey>,
    rows: usize,
) -> QueryResult<Vec<Change>> {
    let columns = (
        HutHeadRow::as_select(),
        availability_change::availability_date,
        EntryRow::as_select(),
        availability_change::last_checked.is_null(),
        hut_check::last_success,
    );
    let mut query = filtered!(columns, filter);
    let order = columns_of_list(filter, cursor.is_backwards());
    if let Cursor::After(key) | Cursor::Before(key) = cursor {
        query = query.filter(Beyond::new(&order, key.bounds()));
    }
    let rows: Vec<(HutHeadRow, NaiveDate, EntryRow, bool, Option<Timestamp>)> =
        query.order(order_by(&order)).limit(at_most(rows + 1)).load(db)?;
    let change =
        |(hut, date, entry, is_still_so, last_success): (HutHeadRow, _, EntryRow, _, _)| Change {
            hut: hut.into(),
            date,
            entry: entry.into_entry(last_success),
            is_still_so,
        };
    Ok(rows.into_iter().map(change).collect())
}

/// The newest changes of one night of a hut, the newest first.
pub fn of_night(db: &mut Db, hut_id: i32, date: NaiveDate) -> QueryResult<Page<Change>> {
    let of_night =
        ChangeFilter { date: Some(date), huts: Some(vec![hut_id]), ..ChangeFilter::default() };
    let rows = page(db, &of_night, &Cursor::Start, MAX_CHANGES_OF_NIGHT)?;
    Ok(Page::new(rows, &Cursor::<ChangeKey>::Start, MAX_CHANGES_OF_NIGHT))
}

/// How many changes a filter lets through; one more than [`MAX_COUNTED`] where there are more.
pub fn count(db: &mut Db, filter: &ChangeFilter) -> QueryResult<i64> {
    let changes = filtered!(availability_change::hut_id, filter);
    CountOf(changes.limit(MAX_COUNTED + 1)).get_result(db)
}

/// The newest first, and of one check by date.
///
/// The index of `first_checked` gives the list as it is. The few changes of one night are found by
/// the primary key instead; so that no planner looks for them among all changes of all years, they
/// are sorted by an expression that the index does not know.
fn columns_of_list(filter: &ChangeFilter, is_backwards: bool) -> Vec<Column> {
    let first_checked = match filter.date {
        None => "availability_change.first_checked",
        Some(_) => "coalesce(availability_change.first_checked, availability_change.first_checked)",
    };
    let columns = [
        (first_checked, Goes::Down),
        ("availability_change.hut_id", Goes::Up),
        ("availability_change.availability_date", Goes::Up),
    ];
    let turned = |goes: Goes| if is_backwards { goes.turned() } else { goes };
    columns.map(|(sql, goes)| Column { sql: sql.into(), goes: turned(goes) }).into()
}

impl ChangeKey {
    fn bounds(&self) -> Vec<Bound> {
        vec![
            Bound::Timestamp(self.first_checked.into()),
            Bound::Integer(self.hut_id),
            Bound::Date(self.date),
        ]
    }
}
