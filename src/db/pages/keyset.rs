//! Lists that go on where a row ended: the order of some columns, and what lies beyond a row in it.

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

/// Whether a column's values rise or fall along a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    Up,
    Down,
}

impl Goes {
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

/// A column that a list goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// An expression that is never NULL
    pub sql: String,
    pub goes: Goes,
}

/// The value of a column in the row where a page ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    SmallInt(i16),
    Integer(i32),
    Double(f64),
    Text(String),
    Date(NaiveDate),
    Timestamp(Timestamp),
}

/// `ORDER BY` some columns.
pub fn order_by(columns: &[Column]) -> SqlLiteral<sql_types::Untyped> {
    let describe = |column: &Column| match column.goes {
        Goes::Up => format!("{} ASC", column.sql),
        Goes::Down => format!("{} DESC", column.sql),
    };
    sql(&columns.iter().map(describe).collect::<Vec<_>>().join(", "))
}

/// A number of rows as a limit.
#[must_use]
pub fn at_most(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// The rows beyond one, by all the columns that a list goes by.
///
/// `a >= x AND (a > x OR b > y)` rather than `a > x OR (a = x AND b > y)`: an index on `a` can begin
/// at the first comparison.
#[derive(Clone, Debug)]
pub struct Beyond(Vec<(Column, Bound)>);

impl Beyond {
    /// Beyond the row with these values of the columns.
    #[must_use]
    pub fn new(columns: &[Column], bounds: Vec<Bound>) -> Self {
        Self(columns.iter().cloned().zip(bounds).collect())
    }
}

impl QueryId for Beyond {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Expression for Beyond {
    type SqlType = sql_types::Bool;
}

impl<G> ValidGrouping<G> for Beyond {
    type IsAggregate = No;
}

impl<T> AppearsOnTable<T> for Beyond {}

impl<T> SelectableExpression<T> for Beyond {}

impl QueryFragment<MultiBackend> for Beyond {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        beyond(&self.0, out)
    }
}

fn beyond<'b>(
    columns: &'b [(Column, Bound)],
    mut out: AstPass<'_, 'b, MultiBackend>,
) -> QueryResult<()> {
    let Some(((column, bound), rest)) = columns.split_first() else {
        out.push_sql("FALSE");
        return Ok(());
    };
    let sign = match column.goes {
        Goes::Up => ">",
        Goes::Down => "<",
    };
    out.push_sql(&format!("({} {sign}= ", column.sql));
    bind(bound, &mut out)?;
    out.push_sql(&format!(" AND ({} {sign} ", column.sql));
    bind(bound, &mut out)?;
    out.push_sql(" OR ");
    beyond(rest, out.reborrow())?;
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
