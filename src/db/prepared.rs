//! UPDATE, prepared once for a connection.
//!
//! Diesel has each of its own parsed anew, since the columns that it sets may be other ones each time: on
//! PostgreSQL that is one more way there and back. Here they are the same each time.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression};
use diesel::prelude::*;
use diesel::query_builder::{AsChangeset, AstPass, QueryFragment, QueryId};
use diesel::query_source::QuerySource;
use diesel::sql_types::BoolOrNullableBool;

/// An UPDATE that is kept by its text. Its columns and its condition are to be the same ones each time, and
/// there must be a column.
#[must_use = "it is run by `execute`"]
pub struct Update<From, Set, Filter> {
    from: From,
    set: Set,
    filter: Filter,
}

/// Sets columns of the rows for which `filter` holds.
pub fn update<T, S, F>(table: T, set: S, filter: F) -> Update<T::FromClause, S::Changeset, F>
where
    T: QuerySource + Copy,
    S: AsChangeset<Target = T>,
    F: AppearsOnTable<T> + Expression,
    F::SqlType: BoolOrNullableBool,
{
    Update { from: table.from_clause(), set: set.as_changeset(), filter }
}

impl<From, Set, Filter, DB> QueryFragment<DB> for Update<From, Set, Filter>
where
    DB: Backend,
    From: QueryFragment<DB>,
    Set: QueryFragment<DB>,
    Filter: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        self.from.walk_ast(out.reborrow())?;
        out.push_sql(" SET ");
        self.set.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.filter.walk_ast(out.reborrow())
    }
}

/// There is none: the text tells it from others.
impl<From, Set, Filter> QueryId for Update<From, Set, Filter> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<From, Set, Filter, Conn> RunQueryDsl<Conn> for Update<From, Set, Filter> {}
