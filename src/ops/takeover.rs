//! Takes over the database of the Wodore backend, hut by hut, each hut in one transaction.
//!
//! An interrupted takeover is continued, and a later one catches up: a hut is read again if anything of it has changed
//! since. Until the takeover is finished, the huts are marked, and this program does not poll them. Two programs that
//! poll a night would write two histories of it, which cannot be merged.

mod hut;
pub mod plan;
pub mod register;
mod theirs;

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};

use crate::db::connection::Db;
use crate::db::register::register_transaction;
use crate::db::snapshot::is_same_postgres;
use crate::db::timestamp;
use crate::domain::organization::Organizations;
use crate::domain::register::Hut;
use crate::domain::takeover::counts::Counts;
use crate::runtime::clock::MAX_DIFFERENCE;
use hut::Taking;
use plan::Plan;
use plan::taken::{NotTaken, Subject};
use register::Changes;
pub use theirs::Theirs;
pub use theirs::schema::Version;

/// Rows and entries of the huts that are read by one statement. The server sorts them.
const RECORDS_PER_BATCH: u64 = 200_000;

/// A progress event of a takeover.
#[derive(Clone, Copy, Debug)]
pub enum TakeoverEvent<'a> {
    /// The other server counts its rows and entries.
    Reading,
    /// The nights of this many huts are to be taken.
    Began {
        huts: usize,
    },
    Taken {
        hut: &'a str,
        counts: &'a Counts,
    },
}

/// Callbacks of a takeover: they get its events, and may stop it between two huts.
pub struct Follower<'a> {
    pub on_event: &'a mut dyn FnMut(TakeoverEvent<'_>),
    pub is_stopped: &'a dyn Fn() -> bool,
}

/// The result of a takeover.
#[derive(Debug)]
pub struct TakenOver {
    pub version: Version,
    pub read_at: DateTime<Utc>,
    pub is_stopped: bool,
    /// The number of huts in the other database, as far as they can be taken.
    pub huts: usize,
    /// Huts whose nights this takeover has taken, and those that were the same as before.
    pub taken: usize,
    pub unchanged: usize,
    pub new: usize,
    pub changed: usize,
    /// The slugs of the huts that the other database no longer has.
    pub gone: Vec<String>,
    pub followed: usize,
    pub inactive: usize,
    pub not_public: usize,
    /// Of all huts that are taken, now or before.
    pub counts: Counts,
    pub not_taken: BTreeSet<NotTaken>,
}

/// Takes over a database. With `dry_run`, everything is read and repaired, and nothing is written.
///
/// # Errors
/// A database fails, or the target has data of another origin.
pub fn take_over(
    from: &mut Theirs,
    to: &mut Db,
    known: &Organizations,
    dry_run: bool,
    follower: &mut Follower<'_>,
) -> anyhow::Result<TakenOver> {
    if let Db::Postgres(to) = to
        && is_same_postgres(from.connection(), to)?
    {
        bail!(
            "--from and the database of this program are the same: take over into one of its own"
        );
    }
    // The program that polls may have another clock than both databases.
    let limit = from.read_at.min(timestamp::now(to)?.into()) + MAX_DIFFERENCE;
    (follower.on_event)(TakeoverEvent::Reading);
    let plan = Plan::new(&from.register(limit).context("cannot read the huts")?, known);
    let read_at = from.read_at;
    let changes = match dry_run {
        true => register::compare(to, &plan, read_at)?,
        false => register_transaction(to, |to| register::write(to, &plan, known, read_at))?,
    };
    let mut taken = TakenOver::new(from, &plan, &changes);
    let taking = Taking { plan: &plan, known, read_at, limit };
    (follower.on_event)(TakeoverEvent::Began { huts: changes.to_take.len() });
    for batch in batches(&plan, &changes.to_take) {
        let mut nights = from.nights(batch)?;
        for id in batch {
            if (follower.is_stopped)() {
                taken.is_stopped = true;
                return Ok(taken);
            }
            let record = match dry_run {
                true => taking.read(&mut nights, *id, |_| Ok(()))?,
                false => taking.write(&mut nights, to, *id)?,
            };
            taken.taken += 1;
            taken.add(&plan.register[id].fields.slug, &record.counts);
            let hut = &plan.register[id].fields.slug;
            (follower.on_event)(TakeoverEvent::Taken { hut, counts: &record.counts });
        }
        nights.close()?;
    }
    Ok(taken)
}

/// The huts in groups with about as many records each.
fn batches<'a>(plan: &Plan, huts: &'a [i32]) -> Vec<&'a [i32]> {
    let mut batches = Vec::new();
    let (mut begin, mut records) = (0, 0);
    for (index, id) in huts.iter().enumerate() {
        let stored = &plan.huts[id].stored;
        records += stored.rows + stored.entries;
        if records >= RECORDS_PER_BATCH {
            batches.push(&huts[begin..=index]);
            (begin, records) = (index + 1, 0);
        }
    }
    if begin < huts.len() {
        batches.push(&huts[begin..]);
    }
    batches
}

impl TakenOver {
    /// Before the first night is taken.
    fn new(from: &Theirs, plan: &Plan, changes: &Changes) -> Self {
        let huts = plan.register.values();
        let number = |is: fn(&Hut) -> bool| huts.clone().filter(|hut| is(hut)).count();
        let mut taken = Self {
            version: from.schema.version(),
            read_at: from.read_at,
            is_stopped: false,
            huts: plan.huts.len(),
            taken: 0,
            unchanged: plan.huts.len() - changes.to_take.len(),
            new: changes.new,
            changed: changes.changed,
            gone: changes.gone.clone(),
            followed: number(|hut| hut.fields.booking_ref.is_some()),
            inactive: number(|hut| !hut.fields.is_active),
            not_public: number(|hut| !hut.fields.is_public),
            counts: Counts::default(),
            not_taken: plan.not_taken.clone(),
        };
        for (id, record) in &changes.records {
            let slug = plan.register.get(id).map(|hut| hut.fields.slug.as_str());
            taken.add(slug.unwrap_or("a hut that their database no longer has"), &record.counts);
        }
        taken
    }

    fn add(&mut self, slug: &str, counts: &Counts) {
        self.counts.add(counts);
        for (why, records) in &counts.left_out {
            for (subject, number) in
                [(Subject::Rows, records.rows), (Subject::Entries, records.entries)]
            {
                if number > 0 {
                    let (name, reason) = (slug.to_owned(), why.reason().to_owned());
                    self.not_taken.insert(NotTaken { subject, name, number, reason });
                }
            }
        }
    }
}
