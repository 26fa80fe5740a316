//! `update_run`: the log of the runs, one row a run.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;

use super::connection::{Db, write_transaction};
use super::instant::{self, Instant};
use super::schema::{lease, update_run};
use crate::event::{DiffCounts, Mode, Outcome, RunResult};
use crate::exit::ExitStatus;

#[derive(Insertable)]
#[diesel(table_name = update_run)]
struct NewRun<'a> {
    started_at: Instant,
    mode: &'a str,
    host: &'a str,
    huts_selected: i32,
}

/// How a run ended.
#[derive(AsChangeset, Clone, Debug, PartialEq, Eq)]
#[diesel(table_name = update_run)]
pub struct Ended {
    finished_at: Option<Instant>,
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

impl From<&RunResult> for Ended {
    fn from(run: &RunResult) -> Self {
        let huts = |outcome| count(run.count(outcome));
        let DiffCounts { created, changed, unchanged, dropped_out, history_entries } = run.diff();
        Self {
            finished_at: Some(run.finished_at.into()),
            huts_updated: huts(Outcome::Updated),
            huts_failed: huts(Outcome::Failed),
            huts_skipped: huts(Outcome::Skipped),
            dates_created: count(created),
            dates_changed: count(changed),
            dates_unchanged: count(unchanged),
            dates_dropped_out: count(dropped_out),
            history_entries: count(history_entries),
            exit_status: Some(ExitStatus::of(run).code().into()),
            interrupted: run.stopped_by.is_some(),
        }
    }
}

fn count(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Notes that a run has begun, and returns its ID. Leases that have expired are taken away.
pub fn begin(
    db: &mut Db,
    started_at: DateTime<Utc>,
    mode: Mode,
    host: &str,
    huts_selected: usize,
) -> QueryResult<i32> {
    write_transaction(db, |db| {
        let now = instant::now(db)?;
        if diesel::select(exists(lease::table.filter(lease::expires_at.le(now)))).get_result(db)? {
            diesel::delete(lease::table.filter(lease::expires_at.le(now))).execute(db)?;
        }
        diesel::insert_into(update_run::table)
            .values(NewRun {
                started_at: started_at.into(),
                mode: mode.into(),
                host,
                huts_selected: count(huts_selected),
            })
            .returning(update_run::id)
            .get_result(db)
    })
}

/// Notes that a run has ended, and takes its lease away.
pub fn end(db: &mut Db, run_id: i32, ended: &Ended) -> QueryResult<()> {
    write_transaction(db, |db| {
        super::lease::release(db, run_id)?;
        diesel::update(update_run::table.find(run_id)).set(ended).execute(db)?;
        Ok(())
    })
}
