//! The log of runs.

use diesel::prelude::*;

use super::{PAGE, Row, insert};
use crate::db::connection::Db;
use crate::db::instant::Instant;
use crate::db::schema::update_run;

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = update_run, treat_none_as_default_value = false)]
pub struct RunRow {
    id: i32,
    started_at: Instant,
    finished_at: Option<Instant>,
    mode: String,
    host: String,
    huts_selected: i32,
    huts_updated: i32,
    huts_failed: i32,
    huts_skipped: i32,
    dates_created: i32,
    dates_changed: i32,
    dates_unchanged: i32,
    dates_dropped_out: i32,
    history_entries: i32,
    exit_status: Option<i16>,
    interrupted: bool,
}

impl Row for RunRow {
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

    /// A run may have ended since.
    fn may_become(&self, now: &Self) -> bool {
        (self.started_at, &self.mode, &self.host) == (now.started_at, &now.mode, &now.host)
    }

    fn may_go(key: &i32, first: Option<&i32>) -> bool {
        first.is_none_or(|first| key < first)
    }
}

/// Takes away the log.
pub fn delete_runs(db: &mut Db) -> QueryResult<usize> {
    diesel::delete(update_run::table).execute(db)
}
