//! `hut_check.changes`: how often it may have changed on which dates a hut has room.

use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Integer;

use crate::query::night::MAX_EMPTY_ANSWERS;

/// Whether a check may have changed on which dates its hut has room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomChanged {
    Yes,
    No,
    /// The dates are the same, and have room again if the answers before were empty.
    IfWasEmpty,
}

impl From<bool> for RoomChanged {
    fn from(has_changed: bool) -> Self {
        if has_changed { Self::Yes } else { Self::No }
    }
}

impl RoomChanged {
    /// The new value of `hut_check.changes`, by which watches see that the hut is to be matched again.
    fn sql(self) -> &'static str {
        match self {
            Self::Yes => "changes + 1",
            Self::No => "changes",
            // As MAX_EMPTY_ANSWERS, from which on a hut has no room.
            Self::IfWasEmpty => "changes + CASE WHEN empty_answers >= 2 THEN 1 ELSE 0 END",
        }
    }
}

// The text of the SQL has the number.
const _: () = assert!(MAX_EMPTY_ANSWERS == 2);

/// An expression of its own, because Diesel does not cache statements with a literal of SQL.
impl<DB: Backend> QueryFragment<DB> for RoomChanged {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.sql());
        Ok(())
    }
}

impl Expression for RoomChanged {
    type SqlType = Integer;
}
impl<T> AppearsOnTable<T> for RoomChanged {}
impl<T> SelectableExpression<T> for RoomChanged {}
impl ValidGrouping<()> for RoomChanged {
    type IsAggregate = is_aggregate::Never;
}
impl QueryId for RoomChanged {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
