//! The log of runs.

use diesel::prelude::*;

use super::row::{CopyRow, PAGE, insert};
use crate::db::connection::Db;
use crate::db::schema::update_run;
use crate::db::update_run::RunRow;

impl CopyRow for RunRow {
    const TABLE: &'static str = "update_run";
    type Part = ();
    type Key = i32;

    fn key(&self) -> i32 {
        self.id
    }

    fn page(db: &mut Db, (): (), after: Option<&i32>) -> QueryResult<Vec<Self>> {
        let rows = update_run::table.filter(update_run::id.gt(after.copied().unwrap_or(i32::MIN)));
        rows.order(update_run::id).limit(PAGE as i64).select(Self::as_select()).load(db)
    }

    fn insert(db: &mut Db, rows: &[Self]) -> QueryResult<()> {
        insert!(update_run, db, rows)
    }

    /// A run may have ended meanwhile.
    fn may_become(&self, now: &Self) -> bool {
        (self.started_at, &self.mode, &self.host) == (now.started_at, &now.mode, &now.host)
    }

    fn may_be_deleted(key: &i32, first: Option<&i32>) -> bool {
        first.is_none_or(|first| key < first)
    }
}

/// Deletes the log of runs.
pub fn delete_runs(db: &mut Db) -> QueryResult<usize> {
    diesel::delete(update_run::table).execute(db)
}
