//! `lease`: the huts that each run has claimed.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_types::Bool;

use super::connection::{Db, write_transaction};
use super::prepared;
use super::schema::{hut, hut_check, lease};
use super::timestamp::{self, Timestamp};
use crate::domain::lease::{Claim, ClaimRequest, ClaimToken, LastTry, Lease, claim};

/// Claims huts for a run and renews its lease for `duration` from now, in one transaction. The lease then
/// covers the newly claimed huts and those that the run still works on (`in_hand`). Without requests, only the
/// lease is renewed.
///
/// A lease that has expired, or that another run has deleted, is not renewed. The run then gets a lease of the next
/// generation, which covers only the newly claimed huts: the returned token differs from the given one.
///
/// If two runs claim the same hut at the same time, the second one either finds the hut's row locked and
/// leaves the hut to the first, or finds the first one's lease.
pub fn claim_huts(
    db: &mut Db,
    token: ClaimToken,
    requests: &[ClaimRequest],
    in_hand: &[i32],
    duration: TimeDelta,
) -> QueryResult<(ClaimToken, Vec<Claim>)> {
    write_transaction(db, |db| {
        let ids: Vec<i32> = requests.iter().map(|request| request.hut_id).collect();
        let free = lock(db, &ids)?;
        // After locking: a run that held one of these locks before has written its lease by now.
        let now = timestamp::now(db)?;
        let (own, others) = leases(db, token.run_id, &ids)?;
        let is_valid = own.is_some_and(|(generation, expires_at)| {
            generation == token.generation && expires_at > now
        });
        let (token, in_hand) = match is_valid {
            true => (token, in_hand),
            false => (ClaimToken { generation: token.generation + 1, ..token }, &[][..]),
        };
        let claims = claim(requests, &free, &others, &last_tries(db, &ids)?, now.into());
        let taken = ids.iter().zip(&claims).filter(|(_, claim)| **claim == Claim::Taken);
        let hut_ids: Vec<i32> = in_hand.iter().copied().chain(taken.map(|(id, _)| *id)).collect();
        save(db, token, &hut_ids, now, duration)?;
        Ok((token, claims))
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

/// The generation and the end of a run's own lease.
type OwnLease = (i32, Timestamp);

/// The run's own lease, if it has one, and the leases of the other runs. Those are left out if no hut is requested.
fn leases(
    db: &mut Db,
    run_id: i32,
    requested: &[i32],
) -> QueryResult<(Option<OwnLease>, Vec<Lease>)> {
    type Row = (i32, i32, String, Timestamp, Timestamp);
    let rows: Vec<Row> = lease::table
        .filter(lease::run_id.eq(run_id).or((!requested.is_empty()).into_sql::<Bool>()))
        .select((
            lease::run_id,
            lease::generation,
            lease::hut_ids,
            lease::renewed_at,
            lease::expires_at,
        ))
        .load(db)?;
    let (own, others): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.0 == run_id);
    let own = own.first().map(|row| (row.1, row.4));
    let lease = |(_, _, hut_ids, renewed_at, expires_at): Row| {
        let ids = hut_ids.split(',').filter(|id| !id.is_empty()).map(str::parse);
        Ok(Lease {
            hut_ids: ids
                .collect::<Result<_, _>>()
                .map_err(|error| DieselError::DeserializationError(Box::new(error)))?,
            renewed_at: renewed_at.into(),
            expires_at: expires_at.into(),
        })
    };
    Ok((own, others.into_iter().map(lease).collect::<QueryResult<_>>()?))
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
    token: ClaimToken,
    hut_ids: &[i32],
    now: Timestamp,
    duration: TimeDelta,
) -> QueryResult<()> {
    let ClaimToken { run_id, generation } = token;
    let hut_ids = hut_ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let until = Timestamp::from(DateTime::<Utc>::from(now) + duration);
    let row = (
        lease::hut_ids.eq(hut_ids),
        lease::renewed_at.eq(now),
        lease::expires_at.eq(until),
        lease::generation.eq(generation),
    );
    let renewed = prepared::update(lease::table, row.clone(), lease::run_id.eq(run_id));
    if renewed.execute(db)? == 0 {
        // This is the run's first claim, or another run has deleted the lease because it had expired.
        diesel::insert_into(lease::table).values((lease::run_id.eq(run_id), row)).execute(db)?;
    }
    Ok(())
}
