//! `lease`: the huts that each run has in hand.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::result::Error as DieselError;

use super::connection::{Db, write_transaction};
use super::prepared;
use super::schema::{hut, hut_check, lease};
use super::timestamp::{self, Timestamp};
use crate::domain::lease::{Claim, LastTry, Lease, Wanted, claim};

/// Claims huts for a run, in one transaction, and renews its lease for `duration` from now: on those that
/// it takes and those that it has `in_hand`. With none wanted, the lease is renewed alone.
///
/// Two runs that claim the same hut at the same time: the second one either finds its row locked and
/// leaves it to the first, or finds the first one's lease.
pub fn claim_huts(
    db: &mut Db,
    run_id: i32,
    wanted: &[Wanted],
    in_hand: &[i32],
    duration: TimeDelta,
) -> QueryResult<Vec<Claim>> {
    write_transaction(db, |db| {
        let ids: Vec<i32> = wanted.iter().map(|wanted| wanted.hut_id).collect();
        let free = lock(db, &ids)?;
        // After the locks: whoever held one of them before has written its lease.
        let now = timestamp::now(db)?;
        let others = others(db, run_id, &ids)?;
        let claims = claim(wanted, &free, &others, &last_tries(db, &ids)?, now.into());
        let taken = ids.iter().zip(&claims).filter(|(_, claim)| **claim == Claim::Taken);
        let hut_ids: Vec<i32> = in_hand.iter().copied().chain(taken.map(|(id, _)| *id)).collect();
        save(db, run_id, &hut_ids, now, duration)?;
        Ok(claims)
    })
}

/// Takes a run's lease away: other runs may have its huts.
pub fn release(db: &mut Db, run_id: i32) -> QueryResult<usize> {
    diesel::delete(lease::table.find(run_id)).execute(db)
}

/// Locks those of the huts that nobody else has locked, until the transaction ends. The row of the hut,
/// since one that was never checked has no other; not against those who write what belongs to it.
fn lock(db: &mut Db, ids: &[i32]) -> QueryResult<HashSet<i32>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let huts = hut::table.filter(hut::id.eq_any(ids)).select(hut::id);
    let free: Vec<i32> = match db {
        Db::Postgres(connection) => huts.for_no_key_update().skip_locked().load(connection)?,
        // The transaction holds the one write lock.
        Db::Sqlite(connection) => huts.load(connection)?,
    };
    Ok(free.into_iter().collect())
}

fn others(db: &mut Db, run_id: i32, wanted: &[i32]) -> QueryResult<Vec<Lease>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, Timestamp, Timestamp)> = lease::table
        .filter(lease::run_id.ne(run_id))
        .select((lease::hut_ids, lease::renewed_at, lease::expires_at))
        .load(db)?;
    let lease = |(hut_ids, renewed_at, expires_at): (String, Timestamp, Timestamp)| {
        let ids = hut_ids.split(',').filter(|id| !id.is_empty()).map(str::parse);
        Ok(Lease {
            hut_ids: ids
                .collect::<Result<_, _>>()
                .map_err(|error| DieselError::DeserializationError(Box::new(error)))?,
            renewed_at: renewed_at.into(),
            expires_at: expires_at.into(),
        })
    };
    rows.into_iter().map(lease).collect()
}

fn last_tries(db: &mut Db, ids: &[i32]) -> QueryResult<HashMap<i32, LastTry>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i32, Option<Timestamp>, i32)> = hut_check::table
        .filter(hut_check::hut_id.eq_any(ids))
        .select((hut_check::hut_id, hut_check::last_checked, hut_check::consecutive_failures))
        .load(db)?;
    let last_try = |(hut_id, last_checked, consecutive_failures): (i32, Option<Timestamp>, i32)| {
        (hut_id, LastTry { last_checked: last_checked.map(DateTime::from), consecutive_failures })
    };
    Ok(rows.into_iter().map(last_try).collect())
}

/// Writes a run's lease: `duration` from now on.
pub(super) fn save(
    db: &mut Db,
    run_id: i32,
    hut_ids: &[i32],
    now: Timestamp,
    duration: TimeDelta,
) -> QueryResult<()> {
    let hut_ids = hut_ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let until = Timestamp::from(DateTime::<Utc>::from(now) + duration);
    let row = (lease::hut_ids.eq(hut_ids), lease::renewed_at.eq(now), lease::expires_at.eq(until));
    let renewed = prepared::update(lease::table, row.clone(), lease::run_id.eq(run_id));
    if renewed.execute(db)? == 0 {
        // The first claim of the run, or another one has taken the lease away because it had expired.
        diesel::insert_into(lease::table).values((lease::run_id.eq(run_id), row)).execute(db)?;
    }
    Ok(())
}
