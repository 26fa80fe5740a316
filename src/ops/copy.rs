//! Copies everything that is kept from one database to another: hut by hut, each in one transaction, and
//! compares every row at the end.
//!
//! A copy that was begun goes on: what is there already and the same stays, what is an earlier state of
//! the same is replaced, and anything else is refused before the first row is written.

pub mod rows;
pub mod state;

use std::collections::BTreeMap;

use anyhow::bail;
use diesel::QueryResult;

use crate::db::connection::{Db, write_transaction};
use crate::db::register::register_transaction;
use crate::ops::copy::rows::{
    AvailabilityRow, ByHandRow, ChangeRow, CheckRow, CopyRow, DiscoveryRow, HutRow, HutTypeRow,
    OrganizationRow, Rows, RunRow, SourceRow, copy_part, copy_register, delete_hut, delete_runs,
    lock_hut, number_on,
};
use state::{CopyState, copy_state};

/// What is done to the huts, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Phase {
    /// What is there already?
    Comparing,
    Copying,
    /// Is everything there?
    Verifying,
}

/// What happens.
#[derive(Clone, Copy, Debug)]
pub enum CopyEvent<'a> {
    Began { phase: Phase, huts: usize },
    Done { hut: &'a str, rows: usize },
}

/// Who follows a copy, and may stop it between two huts.
pub struct Follower<'a> {
    pub told: &'a mut dyn FnMut(CopyEvent<'_>),
    pub is_stopped: &'a dyn Fn() -> bool,
}

/// What a copy did.
#[derive(Debug, Default)]
pub struct Copied {
    /// Huts that the original has.
    pub huts: usize,
    /// Those of them that were written.
    pub copied: usize,
    pub end: End,
}

/// How a copy ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    #[default]
    Stopped,
    /// Both are the same: so many rows of each table.
    Same(BTreeMap<&'static str, usize>),
    /// Something else wrote to the copy meanwhile.
    Differs(Vec<String>),
}

/// The two databases: the original, in which nothing changes meanwhile, and its copy.
pub struct Databases {
    pub from: Db,
    pub to: Db,
}

/// Copies what is missing.
///
/// # Errors
/// A database fails, or the one to copy to holds something else.
pub fn copy(databases: &mut Databases, follower: &mut Follower<'_>) -> anyhow::Result<Copied> {
    let huts = HutRow::page(&mut databases.from, (), None)?;
    let mut copied = Copied { huts: huts.len(), ..Copied::default() };
    let Some(found) = compare(databases, &huts, Phase::Comparing, follower)? else {
        return Ok(copied);
    };
    if let Some(other) = found.other.first() {
        bail!(
            "there is something else already, such as {other}: copy to an empty database, \
             or go on with a copy of this one"
        );
    }
    if found.is_same() {
        copied.end = found.end();
        return Ok(copied);
    }
    let Databases { from, to } = databases;
    if found.is_register_earlier {
        register_transaction(to, |to| {
            copy_register(from, to)?;
            number_on(to, HutRow::TABLE)
        })?;
    }
    (follower.told)(CopyEvent::Began { phase: Phase::Copying, huts: found.earlier.len() });
    for hut in found.earlier {
        if (follower.is_stopped)() {
            return Ok(copied);
        }
        let rows = copy_hut(from, to, hut)?;
        copied.copied += 1;
        (follower.told)(CopyEvent::Done { hut: &hut.slug, rows });
    }
    write_transaction(to, |to| {
        delete_runs(to)?;
        copy_part::<RunRow>(from, to, ())?;
        number_on(to, RunRow::TABLE)
    })?;
    if let Some(found) = compare(databases, &huts, Phase::Verifying, follower)? {
        copied.end = found.end();
    }
    Ok(copied)
}

/// Puts what is known of a hut in the place of what is there. Returns how many rows it is.
fn copy_hut(from: &mut Db, to: &mut Db, hut: &HutRow) -> anyhow::Result<usize> {
    write_transaction(to, |to| {
        lock_hut(to, hut.id)?;
        if let CopyState::Other(row) = part_standing::<CheckRow>(from, to, hut.id)? {
            bail!("something else writes to it: {row} of {:?} has changed", hut.slug);
        }
        delete_hut(to, hut.id)?;
        let rows = copy_part::<CheckRow>(from, to, hut.id)?
            + copy_part::<AvailabilityRow>(from, to, hut.id)?
            + copy_part::<ChangeRow>(from, to, hut.id)?;
        Ok(rows)
    })
}

/// What a comparison found.
#[derive(Default)]
struct Found<'a> {
    /// So many rows of each table are the same.
    same: BTreeMap<&'static str, usize>,
    is_register_earlier: bool,
    are_runs_earlier: bool,
    earlier: Vec<&'a HutRow>,
    /// What cannot have been the original.
    other: Vec<String>,
}

impl Found<'_> {
    fn is_same(&self) -> bool {
        !self.is_register_earlier
            && !self.are_runs_earlier
            && self.earlier.is_empty()
            && self.other.is_empty()
    }

    fn end(self) -> End {
        if self.is_same() {
            return End::Same(self.same);
        }
        let mut differences = self.other;
        differences.extend(self.earlier.iter().map(|hut| format!("hut {:?}", hut.slug)));
        if self.is_register_earlier {
            differences.push("the register of huts".into());
        }
        if self.are_runs_earlier {
            differences.push("the log of runs".into());
        }
        End::Differs(differences)
    }

    /// Takes in what a part of a table is. Returns whether it is an earlier one.
    fn take<R: CopyRow>(&mut self, copy_state: CopyState, of: &str) -> bool {
        match copy_state {
            CopyState::Same(rows) => *self.same.entry(R::TABLE).or_default() += rows,
            CopyState::Earlier => return true,
            CopyState::Other(row) => self.other.push(format!("{row}{of}")),
        }
        false
    }
}

/// Compares everything; none where it was stopped.
fn compare<'a>(
    Databases { from, to }: &mut Databases,
    huts: &'a [HutRow],
    phase: Phase,
    follower: &mut Follower<'_>,
) -> QueryResult<Option<Found<'a>>> {
    let mut found = Found::default();
    macro_rules! is_earlier {
        ($($row:ident),+ of $part:expr, $of:expr) => {
            // All of them, without the short cut of ||: each is pluralize.
            $(found.take::<$row>(part_standing::<$row>(from, to, $part)?, $of))|+
        };
    }
    found.is_register_earlier = is_earlier!(OrganizationRow, HutTypeRow, HutRow, SourceRow, ByHandRow, DiscoveryRow of (), "");
    found.are_runs_earlier = is_earlier!(RunRow of (), "");
    (follower.told)(CopyEvent::Began { phase, huts: huts.len() });
    for hut in huts {
        if (follower.is_stopped)() {
            return Ok(None);
        }
        let of = format!(" of {:?}", hut.slug);
        if is_earlier!(CheckRow, AvailabilityRow, ChangeRow of hut.id, &of) {
            found.earlier.push(hut);
        }
        (follower.told)(CopyEvent::Done { hut: &hut.slug, rows: 0 });
    }
    Ok(Some(found))
}

/// Compares a part of a table.
fn part_standing<R: CopyRow>(from: &mut Db, to: &mut Db, part: R::Part) -> QueryResult<CopyState> {
    let (mut original, mut copy) = (Rows::<R>::new(from, part), Rows::<R>::new(to, part));
    copy_state(|| original.pull(), || copy.pull())
}
