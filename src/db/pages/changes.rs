//! The history of all public huts and dates, the newest change first, in pages.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, SingleValue, SmallInt, Text};

use super::count::{CountOf, MAX_COUNTED};
use super::keyset::{Bound, Column, KeysetFilter, Order, at_most, order_by};
use super::occupancy::{has_status, of_same_night, was_withdrawn};
use crate::db::connection::Db;
use crate::db::reading::rows::{EntryRow, HutHeadRow, LastChecks};
use crate::db::schema::{availability_change, hut, hut_check};
use crate::db::timestamp::Timestamp;
use crate::domain::hut::HutType;
use crate::domain::state::{ReservationStatus, State};
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
    /// Only changes since this instant after which more places can be booked than before.
    pub freed_since: Option<DateTime<Utc>>,
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
    /// The state before; none for the first one.
    pub before: Option<State>,
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

type Row = (HutHeadRow, NaiveDate, EntryRow, BeforeRow, bool, bool, LastChecks);
type BeforeRow = (Option<i16>, Option<i16>, Option<HutType>, Option<ReservationStatus>);

/// A column of the change before of the same night, which the primary key finds; NULL for the first one.
///
/// As text, because Diesel has no subselect that refers to a joined table twice. It is the same for each query.
fn before<T: SingleValue>(column: &str) -> SqlLiteral<Nullable<T>> {
    sql(&format!(
        "(SELECT before.{column} FROM availability_change AS before WHERE {} AND before.first_checked = \
         (SELECT max(older.first_checked) FROM availability_change AS older WHERE {} \
         AND older.first_checked < availability_change.first_checked))",
        of_same_night("before"),
        of_same_night("older"),
    ))
}

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
        if let Some(since) = filter.freed_since {
            let possible = ReservationStatus::Possible;
            let had_fewer = before::<Text>("reservation_status")
                .ne(possible)
                .or(before::<SmallInt>("free").lt(availability_change::free));
            query = query
                .filter(availability_change::first_checked.ge(Timestamp::from(since)))
                .filter(availability_change::reservation_status.eq(possible))
                .filter(availability_change::free.gt(0))
                .filter(had_fewer);
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
        (
            before::<SmallInt>("free"),
            before::<SmallInt>("total"),
            before::<Text>("hut_type"),
            before::<Text>("reservation_status"),
        ),
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

fn change((hut, date, entry, before, is_open, is_withdrawn, checks): Row) -> Change {
    let (free_before, total_before, type_before, status_before) = before;
    let state = |(hut_type, reservation_status)| State {
        free: free_before,
        total: total_before,
        hut_type,
        reservation_status,
    };
    Change {
        hut: hut.into(),
        date,
        entry: entry.into_entry(checks.last_success),
        before: type_before.zip(status_before).map(state),
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
