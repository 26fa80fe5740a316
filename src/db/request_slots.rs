//! `site_pace`: the request times of a site, which all runs share.

use std::collections::BTreeSet;
use std::time;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::connection::{Db, write_transaction};
use super::prepared;
use super::resilient::ResilientDb;
use super::schema::site_pace;
use super::timestamp::{self, Timestamp};
use crate::domain::request_slots::{RequestSlotStore, RequestSlots, Reservation};

impl RequestSlotStore for ResilientDb {
    fn take<'a>(
        &'a self,
        organization: &'a str,
        count: i32,
        interval: TimeDelta,
    ) -> BoxFuture<'a, Result<(Reservation, time::Instant), String>> {
        let organization = organization.to_owned();
        let reserved = self.run(move |db, _| take(db, &organization, count, interval));
        reserved.map(|reserved| reserved.map_err(|error| error.to_string())).boxed()
    }

    fn pause<'a>(
        &'a self,
        organization: &'a str,
        duration: TimeDelta,
    ) -> BoxFuture<'a, Result<(), String>> {
        let organization = organization.to_owned();
        let paused = self.run(move |db, _| pause(db, &organization, duration));
        paused.map(|paused| paused.map_err(|error| error.to_string())).boxed()
    }
}

/// Reserves `count` times for requests to a site, one interval apart. Also returns the instant, by the clock
/// of this process, that matches the database's "now" from which the reservation counts.
pub fn take(
    db: &mut Db,
    organization: &str,
    count: i32,
    interval: TimeDelta,
) -> QueryResult<(Reservation, time::Instant)> {
    change(db, organization, |slots, now| (slots.take(count, interval, now), time::Instant::now()))
}

/// Stores that a site wants no requests for `duration`.
fn pause(db: &mut Db, organization: &str, duration: TimeDelta) -> QueryResult<()> {
    change(db, organization, |slots, now| slots.pause(duration, now))
}

/// The organizations that want no requests at `now`.
pub fn paused(db: &mut Db, now: DateTime<Utc>) -> QueryResult<BTreeSet<String>> {
    let paused = site_pace::paused_until.gt(Timestamp::from(now));
    let organizations: Vec<String> =
        site_pace::table.filter(paused).select(site_pace::organization).load(db)?;
    Ok(organizations.into_iter().collect())
}

fn change<T>(
    db: &mut Db,
    organization: &str,
    change: impl FnOnce(&mut RequestSlots, DateTime<Utc>) -> T,
) -> QueryResult<T> {
    write_transaction(db, |db| {
        let mut slots = lock(db, organization)?;
        let changed = change(&mut slots, timestamp::now(db)?.into());
        let columns = (
            site_pace::next_request.eq(Timestamp::from(slots.next_request)),
            site_pace::paused_until.eq(slots.paused_until.map(Timestamp::from)),
        );
        let row = site_pace::organization.eq(organization);
        prepared::update(site_pace::table, columns, row).execute(db)?;
        Ok(changed)
    })
}

/// The request slots of a site, locked until the transaction ends. The row is created before the first request
/// to the site.
fn lock(db: &mut Db, organization: &str) -> QueryResult<RequestSlots> {
    loop {
        let row = site_pace::table.find(organization);
        let row = row.select((site_pace::next_request, site_pace::paused_until));
        let row: Option<(Timestamp, Option<Timestamp>)> = match db {
            Db::Postgres(connection) => row.for_update().first(connection),
            Db::Sqlite(connection) => row.first(connection),
        }
        .optional()?;
        if let Some((next_request, paused_until)) = row {
            let paused_until = paused_until.map(DateTime::from);
            return Ok(RequestSlots { next_request: next_request.into(), paused_until });
        }
        let new = diesel::insert_into(site_pace::table).values((
            site_pace::organization.eq(organization),
            site_pace::next_request.eq(timestamp::now(db)?),
        ));
        match db {
            Db::Postgres(connection) => new.on_conflict_do_nothing().execute(connection)?,
            Db::Sqlite(connection) => new.on_conflict_do_nothing().execute(connection)?,
        };
    }
}
