//! `update_run`: the log of runs, one row per run.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::connection::{Db, write_transaction};
use super::lease;
use super::schema::{lease as leases, update_run};
use super::timestamp::{self, Timestamp};
use crate::domain::diff::DiffCounts;
use crate::domain::exit_status::ExitStatus;
use crate::domain::lease::ClaimToken;
use crate::domain::run::{HutOutcome, Mode, RunResult};
use crate::query::run_log::{Run, RunDates, RunHuts};

#[derive(Insertable)]
#[diesel(table_name = update_run)]
struct NewRun<'a> {
    started_at: Timestamp,
    mode: &'a str,
    host: &'a str,
    huts_selected: i32,
}

/// The columns that are set when a run ends.
#[derive(AsChangeset, Clone, Debug, PartialEq, Eq)]
#[diesel(table_name = update_run)]
pub struct Ended {
    finished_at: Option<Timestamp>,
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
        let DiffCounts { created, changed, unchanged, dropped_out, history_entries, .. } =
            run.diff();
        Self {
            finished_at: Some(run.finished_at.into()),
            huts_updated: huts(HutOutcome::Updated),
            huts_failed: huts(HutOutcome::Failed),
            huts_skipped: huts(HutOutcome::Skipped),
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

/// A stored run.
#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = update_run, treat_none_as_default_value = false)]
pub struct RunRow {
    pub id: i32,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub mode: String,
    pub host: String,
    pub huts_selected: i32,
    pub huts_updated: i32,
    pub huts_failed: i32,
    pub huts_skipped: i32,
    pub dates_created: i32,
    pub dates_changed: i32,
    pub dates_unchanged: i32,
    pub dates_dropped_out: i32,
    pub history_entries: i32,
    pub exit_status: Option<i16>,
    pub interrupted: bool,
}

/// The newest runs, at most `limit`, the newest first.
pub fn newest(db: &mut Db, limit: i64) -> QueryResult<Vec<Run>> {
    let now = timestamp::now(db)?;
    let rows: Vec<(RunRow, Option<Timestamp>)> = update_run::table
        .left_join(leases::table)
        // Not by their start times, because --as-of may have set those.
        .order(update_run::id.desc())
        .limit(limit)
        .select((RunRow::as_select(), leases::expires_at.nullable()))
        .load(db)?;
    let run = |(row, lease): (RunRow, Option<Timestamp>)| Run {
        started_at: row.started_at.into(),
        finished_at: row.finished_at.map(DateTime::from),
        mode: row.mode,
        host: row.host,
        huts: RunHuts {
            selected: row.huts_selected,
            updated: row.huts_updated,
            failed: row.huts_failed,
            skipped: row.huts_skipped,
        },
        dates: RunDates {
            created: row.dates_created,
            changed: row.dates_changed,
            unchanged: row.dates_unchanged,
            dropped_out: row.dates_dropped_out,
        },
        history_entries: row.history_entries,
        exit_status: row.exit_status,
        interrupted: row.interrupted,
        is_running: row.finished_at.is_none() && lease.is_some_and(|expires_at| expires_at > now),
    };
    Ok(rows.into_iter().map(run).collect())
}

/// Stores that a run has begun, and returns its ID with the generation of its lease. The run gets a lease without
/// huts, which shows that it is alive. Expired leases are deleted.
pub fn begin(
    db: &mut Db,
    started_at: DateTime<Utc>,
    mode: Mode,
    host: &str,
    huts_selected: usize,
    lease: TimeDelta,
) -> QueryResult<ClaimToken> {
    write_transaction(db, |db| {
        wait_for_disk(db)?;
        let now = timestamp::now(db)?;
        diesel::delete(leases::table.filter(leases::expires_at.le(now))).execute(db)?;
        let new = NewRun {
            started_at: started_at.into(),
            mode: mode.into(),
            host,
            huts_selected: count(huts_selected),
        };
        let run_id = diesel::insert_into(update_run::table)
            .values(new)
            .returning(update_run::id)
            .get_result(db)?;
        let token = ClaimToken { run_id, generation: 1 };
        lease::save(db, token, &[], now, lease)?;
        Ok(token)
    })
}

/// Makes this transaction wait for the disk, on a connection whose commits otherwise do not. A crash must lose
/// neither the run's ID, which identifies its lease, nor its end.
pub fn wait_for_disk(db: &mut Db) -> QueryResult<()> {
    match db {
        Db::Postgres(connection) => connection.batch_execute("SET LOCAL synchronous_commit = on"),
        Db::Sqlite(_) => Ok(()),
    }
}

/// Stores that a run has ended, and deletes its lease.
pub fn end(db: &mut Db, run_id: i32, ended: &Ended) -> QueryResult<()> {
    write_transaction(db, |db| {
        wait_for_disk(db)?;
        lease::release(db, run_id)?;
        diesel::update(update_run::table.find(run_id)).set(ended).execute(db)?;
        Ok(())
    })
}
