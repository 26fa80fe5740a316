//! Removes old data, one hut at a time and in small steps, between which other programs can write.

use chrono::{Days, NaiveDate};
use diesel::connection::SimpleConnection;
use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::check;
use crate::db::connection::{Db, write_transaction};
use crate::db::guard::Guard;
use crate::db::schema::{
    availability, availability_change, delivery, hut, lease, outbox, update_run, watch,
    watch_arrival,
};
use crate::db::timestamp::{self, Timestamp};
use crate::ops::prune::{LongPast, ROWS_IN_A_STEP, Rows, end_of_step};

/// The maximum number of dates that are read for a step. Dates with many entries fill a step sooner.
const DATES_IN_A_STEP: i64 = 500;

/// All huts, in the order in which they are pruned.
pub fn huts(db: &mut Db) -> QueryResult<Vec<i32>> {
    hut::table.select(hut::id).order(hut::id).load(db)
}

/// The number of old rows of a hut.
pub fn count_hut(db: &mut Db, hut_id: i32, past: LongPast) -> QueryResult<Rows> {
    let dates = availability::table
        .filter(availability::hut_id.eq(hut_id))
        .filter(availability::availability_date.lt(past.before));
    let entries = availability_change::table
        .filter(availability_change::hut_id.eq(hut_id))
        .filter(availability_change::availability_date.lt(past.before));
    let (dates, entries): (i64, i64) =
        (dates.count().get_result(db)?, entries.count().get_result(db)?);
    Ok(Rows { dates: dates.unsigned_abs(), entries: entries.unsigned_abs(), ..Rows::default() })
}

/// The number of old runs.
pub fn count_runs(db: &mut Db, past: LongPast) -> QueryResult<Rows> {
    let leased = leased(db)?;
    let runs: i64 = update_run::table
        .filter(update_run::started_at.lt(Timestamp::from(past.runs_before)))
        .filter(update_run::id.ne_all(leased))
        .count()
        .get_result(db)?;
    Ok(Rows { runs: runs.unsigned_abs(), ..Rows::default() })
}

/// Removes a hut's oldest old dates with their history, as many as one step may. Returns zeros if the hut has
/// none.
pub fn step_of_hut(db: &mut Db, hut_id: i32, past: LongPast) -> QueryResult<Rows> {
    // Most huts have no old dates and need not be locked.
    if dates(db, hut_id, past, 1)?.is_empty() {
        return Ok(Rows::default());
    }
    write_transaction(db, |db| {
        // The lock keeps a check of the same hut from running in between.
        check::lock(db, hut_id, &Guard::default())?;
        let Some(last) = end_of_step(&dates(db, hut_id, past, DATES_IN_A_STEP)?) else {
            return Ok(Rows::default());
        };
        let entries = availability_change::table
            .filter(availability_change::hut_id.eq(hut_id))
            .filter(availability_change::availability_date.le(last));
        let rows = availability::table
            .filter(availability::hut_id.eq(hut_id))
            .filter(availability::availability_date.le(last));
        // The entries first, because they refer to the rows.
        let entries = diesel::delete(entries).execute(db)? as u64;
        let dates = diesel::delete(rows).execute(db)? as u64;
        // A date that is still listed is at most one day before the day of the last success.
        check::clear_listed(db, hut_id, last + Days::new(2))?;
        Ok(Rows { dates, entries, ..Rows::default() })
    })
}

/// A hut's oldest old dates, at most `limit`, each with the number of its entries.
fn dates(
    db: &mut Db,
    hut_id: i32,
    past: LongPast,
    limit: i64,
) -> QueryResult<Vec<(NaiveDate, u64)>> {
    let entries = availability_change::table
        .filter(availability_change::hut_id.eq(availability::hut_id))
        .filter(availability_change::availability_date.eq(availability::availability_date));
    let dates: Vec<(NaiveDate, Option<i64>)> = availability::table
        .filter(availability::hut_id.eq(hut_id))
        .filter(availability::availability_date.lt(past.before))
        .order(availability::availability_date)
        .limit(limit)
        .select((availability::availability_date, entries.count().single_value()))
        .load(db)?;
    let unsigned = |(date, entries): (_, Option<i64>)| (date, entries.unwrap_or(0).unsigned_abs());
    Ok(dates.into_iter().map(unsigned).collect())
}

/// The number of watches whose last arrival is old.
pub fn count_watches(db: &mut Db, past: LongPast) -> QueryResult<Rows> {
    let watches: i64 =
        watch::table.filter(watch::last_arrival.lt(past.before)).count().get_result(db)?;
    Ok(Rows { watches: watches.unsigned_abs(), ..Rows::default() })
}

/// Removes the watches whose last arrival is old, with their messages, and the old arrivals and openings of the others.
pub fn remove_watches(db: &mut Db, past: LongPast) -> QueryResult<Rows> {
    write_transaction(db, |db| {
        let ended = watch::table.filter(watch::last_arrival.lt(past.before));
        let watches = diesel::delete(ended).execute(db)? as u64;
        diesel::delete(outbox::table.filter(outbox::arrival.lt(past.before))).execute(db)?;
        let is_said = outbox::table.filter(outbox::message_id.eq(delivery::message_id.nullable()));
        diesel::delete(delivery::table.filter(not(exists(is_said)))).execute(db)?;
        let arrivals = watch_arrival::table.filter(watch_arrival::arrival.lt(past.before));
        diesel::delete(arrivals).execute(db)?;
        Ok(Rows { watches, ..Rows::default() })
    })
}

/// Removes the oldest old runs, except those with a live lease.
pub fn step_of_runs(db: &mut Db, past: LongPast) -> QueryResult<Rows> {
    write_transaction(db, |db| {
        let leased = leased(db)?;
        let ids: Vec<i32> = update_run::table
            .filter(update_run::started_at.lt(Timestamp::from(past.runs_before)))
            .filter(update_run::id.ne_all(leased))
            .order(update_run::started_at)
            .limit(ROWS_IN_A_STEP.cast_signed())
            .select(update_run::id)
            .load(db)?;
        let runs = update_run::table.filter(update_run::id.eq_any(ids));
        Ok(Rows { runs: diesel::delete(runs).execute(db)? as u64, ..Rows::default() })
    })
}

/// The runs with live leases, by the database's clock. There are no more of them than running programs.
fn leased(db: &mut Db) -> QueryResult<Vec<i32>> {
    let is_live = lease::expires_at.gt(timestamp::now(db)?);
    lease::table.filter(is_live).select(lease::run_id).load(db)
}

/// Free bytes within the SQLite file, which later rows will use. PostgreSQL does not report them.
pub fn reusable_bytes(db: &mut Db) -> QueryResult<Option<i64>> {
    match db {
        Db::Postgres(_) => Ok(None),
        Db::Sqlite(connection) => {
            let free = sql::<BigInt>(
                "(SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size)",
            );
            diesel::select(free).get_result(connection).map(Some)
        }
    }
}

/// Frees the space of removed rows. SQLite rewrites its file, which gets smaller, and holds its write lock
/// meanwhile. PostgreSQL marks the space as free and blocks nobody.
pub fn vacuum(db: &mut Db) -> QueryResult<()> {
    match db {
        Db::Postgres(connection) => {
            connection.batch_execute("VACUUM availability, availability_change, update_run")
        }
        // In WAL mode the file itself gets smaller only at the next checkpoint.
        Db::Sqlite(connection) => {
            connection.batch_execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }
}
