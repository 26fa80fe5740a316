//! The huts that are being taken over from another database. Until the takeover is finished, they are not polled.

use std::fmt;

use anyhow::{Context, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;

use super::connection::Db;
use super::register::register_transaction;
use super::schema::hut;
use super::timestamp::Timestamp;
use crate::text::humanize::pluralize;

/// The state of a takeover that is not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    pub huts: usize,
    /// Huts whose nights are missing, or older than those of the others.
    pub incomplete: usize,
    /// When the other database was read last.
    pub read_at: DateTime<Utc>,
}

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { huts, incomplete, read_at } = self;
        let huts = pluralize(*huts, "hut");
        let read_at = read_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        write!(
            f,
            "{huts} being taken over from the Wodore backend (read at {read_at}) are not polled: "
        )?;
        match incomplete {
            0 => write!(f, "`hut-availability takeover --finish` changes that"),
            incomplete => write!(
                f,
                "the nights of {incomplete} are still to be taken; run `hut-availability takeover --from URL` again, \
                 then `takeover --finish`"
            ),
        }
    }
}

/// Returns an error if a takeover is under way: new huts could get the IDs of huts that are still to come.
///
/// # Errors
/// A takeover is under way, or the database fails.
pub fn ensure_none(db: &mut Db) -> anyhow::Result<()> {
    match pending(db).context("cannot read the huts")? {
        Some(pending) => bail!("no hut can be added now: {pending}"),
        None => Ok(()),
    }
}

/// A hut, and what is stored of its takeover.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct TakenHut {
    pub id: i32,
    pub slug: String,
    /// None: the hut is not being taken over.
    pub read_at: Option<Timestamp>,
    pub record: Option<String>,
}

/// The takeover that is not finished, if there is one.
pub fn pending(db: &mut Db) -> QueryResult<Option<Pending>> {
    let taken = hut::table.filter(hut::takeover_read_at.is_not_null());
    let (huts, read_at): (i64, Option<Timestamp>) =
        taken.select((count_star(), max(hut::takeover_read_at))).first(db)?;
    let Some(read_at) = read_at else { return Ok(None) };
    let incomplete: i64 = taken.filter(hut::takeover_record.is_null()).count().get_result(db)?;
    let number = |count: i64| usize::try_from(count).unwrap_or_default();
    Ok(Some(Pending {
        huts: number(huts),
        incomplete: number(incomplete),
        read_at: read_at.into(),
    }))
}

/// When the database of a hut that is being taken over was read last. None for other huts.
pub fn of_hut(db: &mut Db, hut_id: i32) -> QueryResult<Option<DateTime<Utc>>> {
    let read_at: Option<Option<Timestamp>> =
        hut::table.find(hut_id).select(hut::takeover_read_at).first(db).optional()?;
    Ok(read_at.flatten().map(DateTime::from))
}

/// All huts.
pub fn huts(db: &mut Db) -> QueryResult<Vec<TakenHut>> {
    let columns = (hut::id, hut::slug, hut::takeover_read_at, hut::takeover_record);
    hut::table.select(columns).order(hut::id).load(db)
}

/// Finishes the takeover: from now on its huts are polled. Returns what was pending, and nothing is written if any hut
/// is incomplete.
pub fn finish(db: &mut Db) -> QueryResult<Option<Pending>> {
    register_transaction(db, |db| {
        let Some(pending) = pending(db)? else { return Ok(None) };
        if pending.incomplete == 0 {
            let taken = hut::table.filter(hut::takeover_read_at.is_not_null());
            let none = (
                hut::takeover_read_at.eq(None::<Timestamp>),
                hut::takeover_record.eq(None::<String>),
            );
            diesel::update(taken).set(none).execute(db)?;
        }
        Ok(Some(pending))
    })
}

/// Marks a hut as being taken over. Without a record, its nights are still to be taken.
pub fn mark(
    db: &mut Db,
    hut_id: i32,
    read_at: DateTime<Utc>,
    record: Option<&str>,
) -> QueryResult<()> {
    let marks =
        (hut::takeover_read_at.eq(Some(Timestamp::from(read_at))), hut::takeover_record.eq(record));
    diesel::update(hut::table.find(hut_id)).set(marks).execute(db)?;
    Ok(())
}
