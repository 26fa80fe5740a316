//! `update_run`: the log of runs, one row per run.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::dsl::max;
use diesel::prelude::*;

use super::connection::{Db, write_transaction};
use super::schema::{lease as leases, update_run};
use super::timestamp::{self, Timestamp};
use super::{budget, lease};
use crate::domain::day::Now;
use crate::domain::diff::DiffCounts;
use crate::domain::exit_status::ExitStatus;
use crate::domain::lease::ClaimToken;
use crate::domain::run::{HutOutcome, Mode, RunResult};
use crate::domain::schedule::budget::Daily;
use crate::query::run_log::{Run, RunDates, RunHuts};

#[derive(Insertable)]
#[diesel(table_name = update_run)]
struct NewRun<'a> {
    started_at: Timestamp,
    mode: &'a str,
    host: &'a str,
    huts_selected: i32,
    budget_accrued: Option<f64>,
    budget_planned: Option<i32>,
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
    /// None, which leaves the column null, if the run has no budget.
    budget_spent: Option<i32>,
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
            budget_spent: run.budget.map(|_| count(run.budget_spent())),
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
    pub budget_accrued: Option<f64>,
    pub budget_planned: Option<i32>,
    pub budget_spent: Option<i32>,
}

/// The start of a run, and its end if it has one.
pub type Span = (DateTime<Utc>, Option<DateTime<Utc>>);

/// The most runs that [`between`] returns: some days of them.
const MAX_RUNS_BETWEEN: i64 = 500;

/// The starts of the runs that may have stored something between two instants, each with its end if it has one, the
/// oldest first.
pub fn between(db: &mut Db, from: DateTime<Utc>, to: DateTime<Utc>) -> QueryResult<Vec<Span>> {
    let has_ended_before = update_run::finished_at.lt(Timestamp::from(from));
    let rows: Vec<(Timestamp, Option<Timestamp>)> = update_run::table
        .filter(update_run::started_at.le(Timestamp::from(to)))
        .filter(update_run::finished_at.is_null().or(diesel::dsl::not(has_ended_before)))
        .order(update_run::started_at.desc())
        .limit(MAX_RUNS_BETWEEN)
        .select((update_run::started_at, update_run::finished_at))
        .load(db)?;
    let run = |(started_at, finished_at): (Timestamp, Option<Timestamp>)| -> Span {
        (started_at.into(), finished_at.map(DateTime::from))
    };
    Ok(rows.into_iter().rev().map(run).collect())
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

/// The ID of the newest run; 0 before the first one.
pub fn last_id(db: &mut Db) -> QueryResult<u32> {
    let last: Option<i32> = update_run::table.select(max(update_run::id)).first(db)?;
    Ok(last.map_or(0, i32::unsigned_abs))
}

/// A run that begins.
#[derive(Clone, Copy, Debug)]
pub struct BeginningRun<'a> {
    pub started_at: DateTime<Utc>,
    pub mode: Mode,
    pub host: &'a str,
    pub huts_selected: usize,
    /// How long its lease lasts.
    pub lease: TimeDelta,
}

/// The checks that a run wants to spend.
#[derive(Clone, Copy, Debug)]
pub struct WantedChecks {
    pub checks: u32,
    pub daily: Daily,
    pub now: Now,
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
    let run = BeginningRun { started_at, mode, host, huts_selected, lease };
    write_transaction(db, |db| insert(db, &run, None))
}

/// The same for a run that takes its share of the budget. Also returns how many checks it gets: fewer than wanted
/// if another run has taken its own share meanwhile.
pub fn begin_with_budget(
    db: &mut Db,
    run: &BeginningRun<'_>,
    wanted: &WantedChecks,
) -> QueryResult<(ClaimToken, u32)> {
    write_transaction(db, |db| {
        budget::lock(db)?;
        budget::settle(db)?;
        let allowance = budget::allowance(db, wanted.daily, &wanted.now)?;
        let granted = wanted.checks.min(allowance.checks);
        let huts_selected = run.huts_selected - (wanted.checks - granted) as usize;
        let run = BeginningRun { huts_selected, ..*run };
        let token = insert(db, &run, Some((allowance.accrued, granted)))?;
        Ok((token, granted))
    })
}

/// Inserts the run, with what had accrued of the budget and what it plans to spend.
fn insert(
    db: &mut Db,
    run: &BeginningRun<'_>,
    budget: Option<(f64, u32)>,
) -> QueryResult<ClaimToken> {
    wait_for_disk(db)?;
    let now = timestamp::now(db)?;
    diesel::delete(leases::table.filter(leases::expires_at.le(now))).execute(db)?;
    let new = NewRun {
        started_at: run.started_at.into(),
        mode: run.mode.into(),
        host: run.host,
        huts_selected: count(run.huts_selected),
        budget_accrued: budget.map(|(accrued, _)| accrued),
        budget_planned: budget.map(|(_, planned)| count(planned as usize)),
    };
    let run_id = diesel::insert_into(update_run::table)
        .values(new)
        .returning(update_run::id)
        .get_result(db)?;
    let token = ClaimToken { run_id, generation: 1 };
    lease::save(db, token, &[], now, run.lease)?;
    Ok(token)
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
