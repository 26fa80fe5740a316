//! UPDATE statements that are prepared once per connection.
//!
//! Diesel does not cache its own UPDATE statements, because the set of columns may differ from call to call.
//! On PostgreSQL each one then costs one more round trip. The statements here always set the same columns.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression};
use diesel::prelude::*;
use diesel::query_builder::{AsChangeset, AstPass, QueryFragment, QueryId};
use diesel::query_source::QuerySource;
use diesel::sql_types::BoolOrNullableBool;

/// An UPDATE that is cached by its SQL text. Its columns and its condition must be the same each time, and it
/// must set at least one column.
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

/// Without a static ID, Diesel caches the statement by its text.
impl<From, Set, Filter> QueryId for Update<From, Set, Filter> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<From, Set, Filter, Conn> RunQueryDsl<Conn> for Update<From, Set, Filter> {}
