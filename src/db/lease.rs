//! `lease`: the huts that each run has claimed.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::result::Error as DieselError;

use super::connection::{Db, write_transaction};
use super::prepared;
use super::schema::{hut, hut_check, lease};
use super::timestamp::{self, Timestamp};
use crate::domain::lease::{Claim, ClaimRequest, LastTry, Lease, claim};

/// Claims huts for a run and renews its lease for `duration` from now, in one transaction. The lease then
/// covers the newly claimed huts and those that the run still works on (`in_hand`). Without requests, only the
/// lease is renewed.
///
/// If two runs claim the same hut at the same time, the second one either finds the hut's row locked and
/// leaves the hut to the first, or finds the first one's lease.
pub fn claim_huts(
    db: &mut Db,
    run_id: i32,
    requests: &[ClaimRequest],
    in_hand: &[i32],
    duration: TimeDelta,
) -> QueryResult<Vec<Claim>> {
    write_transaction(db, |db| {
        let ids: Vec<i32> = requests.iter().map(|request| request.hut_id).collect();
        let free = lock(db, &ids)?;
        // After locking: a run that held one of these locks before has written its lease by now.
        let now = timestamp::now(db)?;
        let others = others(db, run_id, &ids)?;
        let claims = claim(requests, &free, &others, &last_tries(db, &ids)?, now.into());
        let taken = ids.iter().zip(&claims).filter(|(_, claim)| **claim == Claim::Taken);
        let hut_ids: Vec<i32> = in_hand.iter().copied().chain(taken.map(|(id, _)| *id)).collect();
        save(db, run_id, &hut_ids, now, duration)?;
        Ok(claims)
    })
}

/// Deletes a run's lease, so that other runs may claim its huts.
pub fn release(db: &mut Db, run_id: i32) -> QueryResult<usize> {
    diesel::delete(lease::table.find(run_id)).execute(db)
}

/// Locks the given huts until the transaction ends, and skips those that another run has locked. It locks the
/// row in `hut`, because a hut that was never checked has no other row. The lock does not block writes to
/// rows that refer to the hut.
fn lock(db: &mut Db, ids: &[i32]) -> QueryResult<HashSet<i32>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let huts = hut::table.filter(hut::id.eq_any(ids)).select(hut::id);
    let free: Vec<i32> = match db {
        Db::Postgres(connection) => huts.for_no_key_update().skip_locked().load(connection)?,
        // The transaction already holds the only write lock.
        Db::Sqlite(connection) => huts.load(connection)?,
    };
    Ok(free.into_iter().collect())
}

fn others(db: &mut Db, run_id: i32, requested: &[i32]) -> QueryResult<Vec<Lease>> {
    if requested.is_empty() {
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

/// Writes a run's lease, which lasts `duration` from now.
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
        // This is the run's first claim, or another run has deleted the lease because it had expired.
        diesel::insert_into(lease::table).values((lease::run_id.eq(run_id), row)).execute(db)?;
    }
    Ok(())
}
