//! The history of all public huts and dates, the newest change first, in pages.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::count::{CountOf, MAX_COUNTED};
use super::keyset::{Bound, Column, KeysetFilter, Order, at_most, order_by};
use super::occupancy::{has_status, was_withdrawn};
use crate::db::connection::Db;
use crate::db::reading::rows::{EntryRow, HutHeadRow, LastChecks};
use crate::db::schema::{availability_change, hut, hut_check};
use crate::domain::hut::HutType;
use crate::domain::tier::Tier;
use crate::query::night::NightStatus;
use crate::query::paging::{Cursor, Page};
use crate::query::views::{Entry, HutHead};

/// The maximum number of changes of one night on a page. A night that is checked every half hour of a month
/// and changes each time has 1,500.
pub const MAX_CHANGES_OF_NIGHT: usize = 2_000;

/// Which changes to list. An empty field does not restrict the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    pub date: Option<NaiveDate>,
    pub status: Option<NightStatus>,
    pub hut_type: Option<HutType>,
    /// Hut IDs. Together with a date, the primary key is used.
    pub huts: Option<Vec<i32>>,
}

/// The position of a change in the list.
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
    /// The hut's last successful check found this state.
    pub is_current: bool,
    /// This is the last state of a night that is withdrawn.
    pub is_withdrawn: bool,
    /// The tier of the hut.
    pub tier: Option<Tier>,
}

impl Change {
    /// The position of the change in the list.
    #[must_use]
    pub fn key(&self) -> ChangeKey {
        let first_checked = self.entry.first_checked;
        ChangeKey { first_checked, hut_id: self.hut.id, date: self.date }
    }
}

type Row = (HutHeadRow, NaiveDate, EntryRow, bool, bool, LastChecks);

/// A query of the changes that match a filter, in no order.
macro_rules! filtered {
    ($select:expr, $filter:expr) => {{
        let filter: &ChangeFilter = $filter;
        let mut query = availability_change::table
            .inner_join(hut::table.on(hut::id.eq(availability_change::hut_id)))
            .inner_join(hut_check::table.on(hut_check::hut_id.eq(availability_change::hut_id)))
            .filter(hut::is_public)
            .select($select)
            .into_boxed();
        if let Some(date) = filter.date {
            query = query.filter(availability_change::availability_date.eq(date));
        }
        if let Some(status) = filter.status {
            query = match status {
                NightStatus::Withdrawn => query.filter(was_withdrawn()),
                status => query.filter(has_status(status, "availability_change")),
            };
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

/// A page of changes, with one row more than `rows` if there is a next page.
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
        was_withdrawn(),
        LastChecks::as_select(),
    );
    let mut query = filtered!(columns, filter);
    let order = columns_of_list(filter, cursor.is_backwards());
    if let Cursor::After(key) | Cursor::Before(key) = cursor {
        query = query.filter(KeysetFilter::new(&order, key.bounds()));
    }
    let rows: Vec<Row> = query.order(order_by(&order)).limit(at_most(rows + 1)).load(db)?;
    Ok(rows.into_iter().map(change).collect())
}

fn change((hut, date, entry, is_open, is_withdrawn, checks): Row) -> Change {
    Change {
        hut: hut.into(),
        date,
        entry: entry.into_entry(checks.last_success),
        is_current: is_open && !checks.answers_empty(),
        is_withdrawn,
        tier: checks.tier,
    }
}

/// The newest changes of one night of a hut, the newest first.
pub fn of_night(db: &mut Db, hut_id: i32, date: NaiveDate) -> QueryResult<Page<Change>> {
    let of_night =
        ChangeFilter { date: Some(date), huts: Some(vec![hut_id]), ..ChangeFilter::default() };
    let rows = page(db, &of_night, &Cursor::Start, MAX_CHANGES_OF_NIGHT)?;
    Ok(Page::new(rows, &Cursor::<ChangeKey>::Start, MAX_CHANGES_OF_NIGHT))
}

/// The number of changes that match a filter, at most [`MAX_COUNTED`] + 1.
pub fn count(db: &mut Db, filter: &ChangeFilter) -> QueryResult<i64> {
    let changes = filtered!(availability_change::hut_id, filter);
    CountOf(changes.limit(MAX_COUNTED + 1)).get_result(db)
}

/// The order of the list: the newest changes first, and those of one check by date.
///
/// The index on `first_checked` returns the list in this order. The few changes of one night are found by
/// the primary key instead. They are sorted by an expression that the index does not match, so that no
/// planner searches for them in the index through all changes of all years.
fn columns_of_list(filter: &ChangeFilter, is_backwards: bool) -> Vec<Column> {
    let first_checked = match filter.date {
        None => "availability_change.first_checked",
        Some(_) => "coalesce(availability_change.first_checked, availability_change.first_checked)",
    };
    let columns = [
        (first_checked, Order::Descending),
        ("availability_change.hut_id", Order::Ascending),
        ("availability_change.availability_date", Order::Ascending),
    ];
    let reversed = |order: Order| if is_backwards { order.reversed() } else { order };
    columns.map(|(sql, order)| Column { sql: sql.into(), order: reversed(order) }).into()
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
