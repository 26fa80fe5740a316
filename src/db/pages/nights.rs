//! The current state of public huts and dates, filtered and sorted, in pages.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use strum::{Display, VariantArray};

use super::count::{CountOf, MAX_COUNTED};
use super::keyset::{Bound, Column, KeysetFilter, Order, at_most, order_by};
use super::occupancy::{closed, has_status, percent, withdrawn};
use crate::db::connection::Db;
use crate::db::reading::rows::{DayRow, HutHeadRow, LastChecks};
use crate::db::schema::{availability, hut, hut_check};
use crate::domain::hut::HutType;
use crate::domain::state::ReservationStatus;
use crate::query::night::NightStatus;
use crate::query::paging::Cursor;
use crate::query::views::{DayDetail, HutHead};

/// Which nights to list. An empty field does not restrict the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NightFilter {
    pub dates: Option<RangeInclusive<NaiveDate>>,
    pub status: Option<NightStatus>,
    pub reservation: Option<ReservationStatus>,
    pub hut_type: Option<HutType>,
    /// Slug of the organization
    pub organization: Option<String>,
    /// Hut IDs
    pub huts: Option<Vec<i32>>,
}

/// The column that nights are sorted by. Ties are sorted by date, then by slug.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Display, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum SortBy {
    #[default]
    Date,
    Hut,
    Free,
    Occupancy,
    Checked,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Display, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Direction {
    #[default]
    Asc,
    Desc,
}

/// The order of a list of nights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    pub by: SortBy,
    pub direction: Direction,
}

/// When the night was last checked. NULL means the hut's last successful check.
const LAST_CHECKED: &str = "coalesce(availability.last_checked, hut_check.last_success)";

/// The position of a night in a list. `value` is the sort value, unless the list is sorted by date or hut.
#[derive(Clone, Debug, PartialEq)]
pub struct NightKey {
    pub value: Value,
    pub date: NaiveDate,
    pub slug: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    None,
    Free(i16),
    Percent(f64),
    Checked(DateTime<Utc>),
}

/// A hut on one date.
#[derive(Clone, Debug, PartialEq)]
pub struct HutNight {
    pub hut: HutHead,
    pub day: DayDetail,
}

impl HutNight {
    /// The position of the night in a list.
    #[must_use]
    pub fn key(&self, by: SortBy) -> NightKey {
        let night = &self.day.night;
        // As in the columns that the list is sorted by.
        let state = Some(night.state).filter(|state| !night.is_withdrawn && !state.is_closed());
        let value = match by {
            SortBy::Date | SortBy::Hut => Value::None,
            SortBy::Free => Value::Free(state.and_then(|state| state.free).unwrap_or(-1)),
            SortBy::Occupancy => {
                let percent = state.and_then(|state| state.occupancy_percent());
                Value::Percent(percent.unwrap_or(-1.0))
            }
            SortBy::Checked => Value::Checked(night.last_checked),
        };
        NightKey { value, date: self.day.date, slug: self.hut.slug.clone() }
    }
}

/// A query of the nights that match a filter, in no order.
macro_rules! filtered {
    ($select:expr, $filter:expr) => {{
        let filter: &NightFilter = $filter;
        let mut query = availability::table
            .inner_join(hut::table.on(hut::id.eq(availability::hut_id)))
            .inner_join(hut_check::table.on(hut_check::hut_id.eq(availability::hut_id)))
            .filter(hut::is_public)
            .select($select)
            .into_boxed();
        if let Some(dates) = &filter.dates {
            let date = availability::availability_date;
            query = query.filter(date.between(*dates.start(), *dates.end()));
        }
        if let Some(status) = filter.status {
            query = match status {
                NightStatus::Withdrawn => query.filter(sql::<Bool>(&withdrawn())),
                status => query
                    .filter(has_status(status, "availability"))
                    .filter(sql::<Bool>(&format!("NOT {}", withdrawn()))),
            };
        }
        if let Some(status) = filter.reservation {
            query = query
                .filter(availability::reservation_status.eq(status))
                .filter(sql::<Bool>(&format!("NOT {}", withdrawn())));
        }
        if let Some(hut_type) = filter.hut_type {
            query = query.filter(availability::hut_type.eq(hut_type));
        }
        if let Some(organization) = &filter.organization {
            query = query.filter(availability::source_organization.eq(organization));
        }
        if let Some(huts) = &filter.huts {
            query = query.filter(availability::hut_id.eq_any(huts));
        }
        query
    }};
}

impl SortBy {
    /// Whether the first page of the list reads all stored nights, because no index has this order. (SQLite
    /// has no index by date either, but fewer nights.)
    #[must_use]
    pub fn reads_all(self) -> bool {
        !matches!(self, Self::Date | Self::Hut)
    }
}

/// A page of nights, with one row more than `rows` if there is a next page.
pub fn page(
    db: &mut Db,
    filter: &NightFilter,
    sort: Sort,
    cursor: &Cursor<NightKey>,
    rows: usize,
) -> QueryResult<Vec<HutNight>> {
    let columns = (HutHeadRow::as_select(), DayRow::as_select(), LastChecks::as_select());
    let mut query = filtered!(columns, filter);
    let order = sort.columns(cursor.is_backwards());
    if let Cursor::After(key) | Cursor::Before(key) = cursor {
        query = query.filter(KeysetFilter::new(&order, key.bounds(sort.by)));
    }
    let rows: Vec<(HutHeadRow, DayRow, LastChecks)> =
        query.order(order_by(&order)).limit(at_most(rows + 1)).load(db)?;
    let night = |(hut, day, checks): (HutHeadRow, DayRow, _)| HutNight {
        hut: hut.into(),
        day: day.into_detail(None, checks),
    };
    Ok(rows.into_iter().map(night).collect())
}

/// The number of nights that match a filter, at most [`MAX_COUNTED`] + 1.
pub fn count(db: &mut Db, filter: &NightFilter) -> QueryResult<i64> {
    CountOf(filtered!(availability::hut_id, filter).limit(MAX_COUNTED + 1)).get_result(db)
}

impl Sort {
    /// The columns that the list is sorted by, the first one in the requested direction.
    fn columns(self, is_backwards: bool) -> Vec<Column> {
        let date = ("availability.availability_date", Order::Ascending);
        // In the order of the index of slugs: by bytes in both databases, because the column has the collation
        // C in PostgreSQL.
        let slug = ("hut.slug", Order::Ascending);
        let first = match self.direction {
            Direction::Asc => Order::Ascending,
            Direction::Desc => Order::Descending,
        };
        // A night without a number, and one on which nothing is for sale, come before full ones.
        let (withdrawn, closed) = (withdrawn(), closed("availability"));
        let known = |value: &str| {
            format!("(CASE WHEN {withdrawn} OR {closed} THEN -1 ELSE coalesce({value}, -1) END)")
        };
        let (free, percent) = (known("availability.free"), known(&percent("availability")));
        let columns = match self.by {
            SortBy::Date => vec![(date.0, first), slug],
            SortBy::Hut => vec![(slug.0, first), date],
            SortBy::Free => vec![(free.as_str(), first), date, slug],
            SortBy::Occupancy => vec![(percent.as_str(), first), date, slug],
            SortBy::Checked => vec![(LAST_CHECKED, first), date, slug],
        };
        let reversed = |order: Order| if is_backwards { order.reversed() } else { order };
        columns
            .into_iter()
            .map(|(sql, order)| Column { sql: sql.into(), order: reversed(order) })
            .collect()
    }
}

impl NightKey {
    /// The values of the columns that the list is sorted by.
    fn bounds(&self, by: SortBy) -> Vec<Bound> {
        let (date, slug) = (Bound::Date(self.date), Bound::Text(self.slug.clone()));
        let value = match self.value {
            Value::None if by == SortBy::Hut => return vec![slug, date],
            Value::None => return vec![date, slug],
            Value::Free(free) => Bound::SmallInt(free),
            Value::Percent(percent) => Bound::Double(percent),
            Value::Checked(instant) => Bound::Timestamp(instant.into()),
        };
        vec![value, date, slug]
    }
}
