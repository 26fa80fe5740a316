//! The budget of the adaptive schedule: what the runs of the log have spent.

use chrono::DateTime;
use diesel::prelude::*;

use super::connection::Db;
use super::schema::{hut_check, lease, update_run};
use super::timestamp::{self, Timestamp};
use crate::domain::day::Now;
use crate::domain::schedule::budget::{Allowance, Daily, Leftover, allowance as allow};
use crate::runtime::clock::MAX_DIFFERENCE;

/// The number of the PostgreSQL advisory lock of a run that takes its share of the budget. Any number will do.
const LOCK: i64 = 7_241_902_118_340_562;

/// A run that had a budget.
#[derive(Clone, Debug, Queryable)]
struct BudgetRun {
    id: i32,
    started_at: Timestamp,
    accrued: Option<f64>,
    planned: Option<i32>,
    spent: Option<i32>,
    /// When its lease ends. Null: it has ended, or another run has deleted its lease.
    expires_at: Option<Timestamp>,
}

/// The runs with a budget. A macro, because the type of the query has no short name.
macro_rules! with_budget {
    () => {
        update_run::table
            .left_join(lease::table)
            .filter(update_run::budget_planned.is_not_null())
            .select((
                update_run::id,
                update_run::started_at,
                update_run::budget_accrued,
                update_run::budget_planned,
                update_run::budget_spent,
                lease::expires_at.nullable(),
            ))
    };
}

/// What a run that starts now may spend. Reads the log of runs.
pub fn allowance(db: &mut Db, daily: Daily, now: &Now) -> QueryResult<Allowance> {
    // The clock of another pod may be ahead.
    let until = Timestamp::from(now.at + MAX_DIFFERENCE);
    let db_now = timestamp::now(db)?;
    let last = with_budget!().filter(update_run::started_at.le(until));
    let last: Option<BudgetRun> = last.order(update_run::id.desc()).first(db).optional()?;
    let last = match last {
        // Runs that found nothing to poll, such as before the first discovery, leave the first share to a later one.
        Some(last) if last.planned == Some(0) && !has_planned(db)? => None,
        last => last,
    };
    let Some(last) = last else { return Ok(allow(daily, None, 0, now.at)) };
    let since = Timestamp::from(now.midnight);
    let today = with_budget!().filter(update_run::started_at.between(since, until));
    let today: Vec<BudgetRun> = today.load(db)?;
    let mut spent_today = 0;
    for run in &today {
        spent_today += spent(db, run, db_now)?;
    }
    let left = last.accrued.unwrap_or_default() - f64::from(spent(db, &last, db_now)?);
    let last = Leftover { at: DateTime::from(last.started_at).min(now.at), checks: left };
    Ok(allow(daily, Some(last), spent_today, now.at))
}

/// Whether any run has taken checks from the budget.
fn has_planned(db: &mut Db) -> QueryResult<bool> {
    let planned = update_run::table.filter(update_run::budget_planned.gt(0));
    let first: Option<i32> = planned.select(update_run::id).first(db).optional()?;
    Ok(first.is_some())
}

/// The checks of a run: those that it made, or plans if it is alive. Those of a killed run are counted.
fn spent(db: &mut Db, run: &BudgetRun, now: Timestamp) -> QueryResult<u32> {
    let planned = run.planned.unwrap_or_default();
    let checks = match run.spent {
        Some(spent) => spent,
        None if run.expires_at.is_some_and(|expires_at| expires_at > now) => planned,
        None => {
            let of_run = hut_check::table.filter(hut_check::last_checked_run.eq(run.started_at));
            let stored: i64 = of_run.count().get_result(db)?;
            i32::try_from(stored).unwrap_or(i32::MAX).min(planned)
        }
    };
    Ok(checks.unsigned_abs())
}

/// Stores what killed runs have spent, because later checks of the same huts hide it.
pub(super) fn settle(db: &mut Db) -> QueryResult<()> {
    let now = timestamp::now(db)?;
    let unsettled = with_budget!().filter(update_run::budget_spent.is_null());
    let unsettled: Vec<BudgetRun> = unsettled.load(db)?;
    for run in unsettled {
        if run.expires_at.is_none_or(|expires_at| expires_at <= now) {
            let checks = i32::try_from(spent(db, &run, now)?).unwrap_or(i32::MAX);
            diesel::update(update_run::table.find(run.id))
                .set(update_run::budget_spent.eq(checks))
                .execute(db)?;
        }
    }
    Ok(())
}

/// Makes other runs that take their share wait until this transaction ends. On SQLite the transaction already holds
/// the only write lock.
pub(super) fn lock(db: &mut Db) -> QueryResult<()> {
    match db {
        Db::Postgres(connection) => {
            let lock = diesel::sql_query("SELECT pg_advisory_xact_lock($1)");
            lock.bind::<diesel::sql_types::BigInt, _>(LOCK).execute(connection)?;
        }
        Db::Sqlite(_) => {}
    }
    Ok(())
}
