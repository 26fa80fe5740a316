//! Keyset paging: the order of a list by some columns, and the condition for the rows after a given row.

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::expression::is_aggregate::No;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, SqlLiteral, ValidGrouping,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types;

use crate::db::connection::MultiBackend;
use crate::db::timestamp::{Timestamp, Timestamptz};

/// Whether a column's values increase or decrease along a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

impl Order {
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// A column that a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// An SQL expression that is never NULL
    pub sql: String,
    pub order: Order,
}

/// The value of a column in the last row of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    SmallInt(i16),
    Integer(i32),
    Double(f64),
    Text(String),
    Date(NaiveDate),
    Timestamp(Timestamp),
}

/// `ORDER BY` the columns.
pub fn order_by(columns: &[Column]) -> SqlLiteral<sql_types::Untyped> {
    let describe = |column: &Column| match column.order {
        Order::Ascending => format!("{} ASC", column.sql),
        Order::Descending => format!("{} DESC", column.sql),
    };
    sql(&columns.iter().map(describe).collect::<Vec<_>>().join(", "))
}

/// A number of rows as a limit.
#[must_use]
pub fn at_most(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// The condition for the rows after a given row, in the order of the columns.
///
/// It is `a >= x AND (a > x OR b > y)`, not `a > x OR (a = x AND b > y)`, so that an index on `a` can start
/// at the first comparison.
#[derive(Clone, Debug)]
pub struct KeysetFilter(Vec<(Column, Bound)>);

impl KeysetFilter {
    /// The condition for the rows after the row with these values.
    #[must_use]
    pub fn new(columns: &[Column], bounds: Vec<Bound>) -> Self {
        Self(columns.iter().cloned().zip(bounds).collect())
    }
}

impl QueryId for KeysetFilter {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Expression for KeysetFilter {
    type SqlType = sql_types::Bool;
}

impl<G> ValidGrouping<G> for KeysetFilter {
    type IsAggregate = No;
}

impl<T> AppearsOnTable<T> for KeysetFilter {}

impl<T> SelectableExpression<T> for KeysetFilter {}

impl QueryFragment<MultiBackend> for KeysetFilter {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        push_after(&self.0, out)
    }
}

fn push_after<'b>(
    columns: &'b [(Column, Bound)],
    mut out: AstPass<'_, 'b, MultiBackend>,
) -> QueryResult<()> {
    let Some(((column, bound), rest)) = columns.split_first() else {
        out.push_sql("FALSE");
        return Ok(());
    };
    let sign = match column.order {
        Order::Ascending => ">",
        Order::Descending => "<",
    };
    out.push_sql(&format!("({} {sign}= ", column.sql));
    bind(bound, &mut out)?;
    out.push_sql(&format!(" AND ({} {sign} ", column.sql));
    bind(bound, &mut out)?;
    out.push_sql(" OR ");
    push_after(rest, out.reborrow())?;
    out.push_sql("))");
    Ok(())
}

fn bind<'b>(bound: &'b Bound, out: &mut AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
    match bound {
        Bound::SmallInt(number) => out.push_bind_param::<sql_types::SmallInt, _>(number),
        Bound::Integer(number) => out.push_bind_param::<sql_types::Integer, _>(number),
        Bound::Double(number) => out.push_bind_param::<sql_types::Double, _>(number),
        Bound::Text(text) => out.push_bind_param::<sql_types::Text, _>(text),
        Bound::Date(date) => out.push_bind_param::<sql_types::Date, _>(date),
        Bound::Timestamp(instant) => out.push_bind_param::<Timestamptz, _>(instant),
    }
}
