//! Reads what can be mended, hut by hut, and writes it. One transaction a hut.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::{Plan, Repaired, Row};
use crate::db::check::{self, HutCheck};
use crate::db::connection::{Db, write_transaction};
use crate::db::current;
use crate::db::guard::Guard;
use crate::db::history;
use crate::db::room_changed::RoomChanged;
use crate::db::schema::{
    availability, availability_change, hut_check, lease, site_pace, update_run,
};
use crate::db::timestamp::{self, Timestamp};
use crate::runtime::clock::MAX_DIFFERENCE;

/// A reserved request time that is further ahead than this was reserved by a wrong clock.
const MAX_RESERVED: TimeDelta = TimeDelta::hours(1);
/// The longest pause that is believed of a site.
const MAX_PAUSE: TimeDelta = TimeDelta::days(7);

/// The huts that have ever been checked.
pub fn huts(db: &mut Db) -> QueryResult<Vec<i32>> {
    hut_check::table.select(hut_check::hut_id).order(hut_check::hut_id).load(db)
}

/// What is to mend in a hut. Writes nothing.
pub fn plan_hut(db: &mut Db, hut_id: i32, now: DateTime<Utc>) -> QueryResult<Plan> {
    let check = check::load(db, hut_id)?;
    plan(db, hut_id, &check, now)
}

/// Mends a hut.
pub fn mend_hut(db: &mut Db, hut_id: i32, now: DateTime<Utc>) -> QueryResult<Repaired> {
    write_transaction(db, |db| {
        let (check, _) = check::lock(db, hut_id, &Guard::default())?;
        let plan = plan(db, hut_id, &check, now)?;
        // First all begins and then all ends, because no row may end before it begins.
        for (from, to) in &plan.instants {
            let rows = availability::hut_id.eq(hut_id).and(availability::first_checked.eq(from));
            let to_first = availability::first_checked.eq(to);
            diesel::update(availability::table.filter(rows)).set(to_first).execute(db)?;
            let entries = availability_change::hut_id
                .eq(hut_id)
                .and(availability_change::first_checked.eq(from));
            let to_first = availability_change::first_checked.eq(to);
            diesel::update(availability_change::table.filter(entries)).set(to_first).execute(db)?;
        }
        for (from, to) in &plan.instants {
            let rows = availability::hut_id.eq(hut_id).and(availability::last_checked.eq(from));
            let to_last = availability::last_checked.eq(to);
            diesel::update(availability::table.filter(rows)).set(to_last).execute(db)?;
            let entries = availability_change::hut_id
                .eq(hut_id)
                .and(availability_change::last_checked.eq(from));
            let to_last = availability_change::last_checked.eq(to);
            diesel::update(availability_change::table.filter(entries)).set(to_last).execute(db)?;
        }
        for (date, until) in &plan.unlist {
            let row = availability::table.find((hut_id, date));
            diesel::update(row).set(availability::last_checked.eq(until)).execute(db)?;
            history::set_open_until(db, hut_id, &[*date], Some(*until))?;
        }
        for (date, is_withdrawn) in &plan.withdrawn {
            let row = availability::table.find((hut_id, date));
            diesel::update(row).set(availability::withdrawn.eq(is_withdrawn)).execute(db)?;
        }
        if let Some(check) = &plan.check {
            check::save(db, hut_id, check, RoomChanged::Yes)?;
        }
        Ok(plan.repaired)
    })
}

fn plan(db: &mut Db, hut_id: i32, check: &HutCheck, now: DateTime<Utc>) -> QueryResult<Plan> {
    let limit = Timestamp::from(now + MAX_DIFFERENCE);
    let mut future = Vec::new();
    let mut latest = None;
    macro_rules! instants {
        ($table:ident) => {{
            let of_hut = $table::table.filter($table::hut_id.eq(hut_id));
            let firsts = of_hut.filter($table::first_checked.gt(limit));
            future.extend(firsts.select($table::first_checked).distinct().load::<Timestamp>(db)?);
            let lasts = of_hut.filter($table::last_checked.gt(limit));
            let lasts: Vec<Option<Timestamp>> =
                lasts.select($table::last_checked).distinct().load(db)?;
            future.extend(lasts.into_iter().flatten());
            let first: Option<Timestamp> = of_hut
                .filter($table::first_checked.le(limit))
                .select(max($table::first_checked))
                .first(db)?;
            let last: Option<Timestamp> = of_hut
                .filter($table::last_checked.le(limit))
                .select(max($table::last_checked))
                .first(db)?;
            latest = latest.max(first).max(last);
        }};
    }
    instants!(availability);
    instants!(availability_change);
    let of_check =
        [check.last_checked, check.last_success, check.failing_since, check.listed.listed_at];
    let (ahead, past): (Vec<_>, Vec<_>) =
        of_check.into_iter().flatten().partition(|at| *at > limit);
    future.extend(ahead);
    latest = past.into_iter().fold(latest, |latest, at| latest.max(Some(at)));
    let rows = rows(db, hut_id, check)?;
    Ok(Plan::new(check, &rows, &future, latest, now))
}

/// The dates whose marks may be wrong: those that are listed, and those in the range of the last check.
fn rows(db: &mut Db, hut_id: i32, check: &HutCheck) -> QueryResult<BTreeMap<NaiveDate, Row>> {
    let mut days = current::load_listed(db, hut_id)?;
    if let Some((from, until)) = check.listed.range_from.zip(check.listed.range_until) {
        days.extend(current::load_range(db, hut_id, &(from..=until))?);
    }
    let begins: Vec<(NaiveDate, Option<Timestamp>)> = availability_change::table
        .filter(availability_change::hut_id.eq(hut_id))
        .group_by(availability_change::availability_date)
        .select((availability_change::availability_date, max(availability_change::first_checked)))
        .load(db)?;
    let begins: BTreeMap<_, _> = begins.into_iter().collect();
    // A date without any entry is left to `verify`.
    let row = |(date, day)| Some((date, Row { day, entry_from: begins.get(&date).copied()?? }));
    Ok(days.into_iter().filter_map(row).collect())
}

/// Mends the times of runs, leases and reserved requests that lie in the future. Returns their number; with `dry_run`
/// only that.
pub fn mend_runs(db: &mut Db, now: DateTime<Utc>, dry_run: bool) -> QueryResult<u64> {
    let (limit, now_at) = (Timestamp::from(now + MAX_DIFFERENCE), Timestamp::from(now));
    let reserved = Timestamp::from(now + MAX_RESERVED);
    let paused = Timestamp::from(now + MAX_PAUSE);
    let started = update_run::table.filter(update_run::started_at.gt(limit));
    let finished = update_run::table.filter(update_run::finished_at.gt(limit));
    let leases = lease::table.filter(lease::renewed_at.gt(limit));
    let requests = site_pace::table.filter(site_pace::next_request.gt(reserved));
    let pauses = site_pace::table.filter(site_pace::paused_until.gt(paused));
    if dry_run {
        let counts: [i64; 5] = [
            started.count().get_result(db)?,
            finished.count().get_result(db)?,
            leases.count().get_result(db)?,
            requests.count().get_result(db)?,
            pauses.count().get_result(db)?,
        ];
        return Ok(counts.iter().sum::<i64>().unsigned_abs());
    }
    write_transaction(db, |db| {
        let none = None::<Timestamp>;
        let mended = [
            // A run ends after its start.
            diesel::update(started.filter(update_run::finished_at.le(limit)))
                .set(update_run::started_at.eq(update_run::finished_at.assume_not_null()))
                .execute(db)?,
            diesel::update(started).set(update_run::started_at.eq(now_at)).execute(db)?,
            diesel::update(finished).set(update_run::finished_at.eq(now_at)).execute(db)?,
            diesel::delete(leases).execute(db)?,
            diesel::update(requests).set(site_pace::next_request.eq(now_at)).execute(db)?,
            diesel::update(pauses).set(site_pace::paused_until.eq(none)).execute(db)?,
        ];
        Ok(mended.iter().sum::<usize>() as u64)
    })
}

/// The current time of the database.
pub fn now(db: &mut Db) -> QueryResult<DateTime<Utc>> {
    timestamp::now(db).map(DateTime::from)
}
