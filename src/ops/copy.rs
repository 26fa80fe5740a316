//! Copies all stored data from one database to another, hut by hut, each hut in one transaction, and compares
//! every row at the end.
//!
//! An interrupted copy is continued. Rows that are the same already stay, and rows in an earlier state are
//! replaced. If the target has any other rows, the copy is refused before the first row is written.

pub mod rows;
pub mod state;

use std::collections::BTreeMap;

use anyhow::bail;
use diesel::QueryResult;

use crate::db::connection::{Db, write_transaction};
use crate::db::register::register_transaction;
use crate::ops::copy::rows::{
    AvailabilityRow, ChangeRow, CheckRow, CopyRow, DeliveryRow, DiscoveryRow, HutRow, HutTypeRow,
    OrganizationRow, OutboxRow, PinnedFieldRow, Rows, RunRow, SourceRow, WatchArrivalRow,
    WatchHutRow, WatchRow, continue_numbering, copy_part, copy_register, copy_watches, delete_hut,
    delete_runs, lock_hut,
};
use state::{CopyState, copy_state};

/// A phase of a copy, which goes through all huts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Phase {
    /// Finds what the target has already.
    Comparing,
    Copying,
    /// Compares all rows.
    Verifying,
}

/// A progress event of a copy.
#[derive(Clone, Copy, Debug)]
pub enum CopyEvent<'a> {
    Began { phase: Phase, huts: usize },
    Done { hut: &'a str, rows: usize },
}

/// Callbacks of a copy: they get its events, and may stop it between two huts.
pub struct Follower<'a> {
    pub on_event: &'a mut dyn FnMut(CopyEvent<'_>),
    pub is_stopped: &'a dyn Fn() -> bool,
}

/// The result of a copy.
#[derive(Debug, Default)]
pub struct Copied {
    /// Number of huts in the original.
    pub huts: usize,
    /// Number of huts that were written.
    pub copied: usize,
    pub end: End,
}

/// How a copy ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    #[default]
    Stopped,
    /// Both databases are the same. The values are the numbers of rows, by table.
    Same(BTreeMap<&'static str, usize>),
    /// Another program wrote to the target meanwhile. The values are the differences.
    Differs(Vec<String>),
}

/// The two databases. The original is read from a snapshot, which does not change during the copy.
pub struct Databases {
    pub from: Db,
    pub to: Db,
}

/// Copies all missing rows.
///
/// # Errors
/// A database fails, or the target holds other data.
pub fn copy(databases: &mut Databases, follower: &mut Follower<'_>) -> anyhow::Result<Copied> {
    let huts = HutRow::page(&mut databases.from, (), None)?;
    let mut copied = Copied { huts: huts.len(), ..Copied::default() };
    let Some(found) = compare(databases, &huts, Phase::Comparing, follower)? else {
        return Ok(copied);
    };
    if let Some(other) = found.other.first() {
        bail!(
            "the target database holds other data already, such as {other}: copy to an empty database, \
             or continue a copy of this one"
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
            continue_numbering(to, HutRow::TABLE)
        })?;
    }
    (follower.on_event)(CopyEvent::Began { phase: Phase::Copying, huts: found.earlier.len() });
    for hut in found.earlier {
        if (follower.is_stopped)() {
            return Ok(copied);
        }
        let rows = copy_hut(from, to, hut)?;
        copied.copied += 1;
        (follower.on_event)(CopyEvent::Done { hut: &hut.slug, rows });
    }
    write_transaction(to, |to| {
        copy_watches(from, to)?;
        delete_runs(to)?;
        copy_part::<RunRow>(from, to, ())?;
        continue_numbering(to, RunRow::TABLE)
    })?;
    if let Some(found) = compare(databases, &huts, Phase::Verifying, follower)? {
        copied.end = found.end();
    }
    Ok(copied)
}

/// Replaces a hut's rows in the target. Returns the number of rows.
fn copy_hut(from: &mut Db, to: &mut Db, hut: &HutRow) -> anyhow::Result<usize> {
    write_transaction(to, |to| {
        lock_hut(to, hut.id)?;
        if let CopyState::Other(row) = compare_part::<CheckRow>(from, to, hut.id)? {
            bail!(
                "another program writes to the target database: {row} of hut {:?} changed",
                hut.slug
            );
        }
        delete_hut(to, hut.id)?;
        let rows = copy_part::<CheckRow>(from, to, hut.id)?
            + copy_part::<AvailabilityRow>(from, to, hut.id)?
            + copy_part::<ChangeRow>(from, to, hut.id)?;
        Ok(rows)
    })
}

/// The result of a comparison.
#[derive(Default)]
struct Comparison<'a> {
    /// The number of equal rows, by table.
    same: BTreeMap<&'static str, usize>,
    is_register_earlier: bool,
    are_runs_earlier: bool,
    are_watches_earlier: bool,
    earlier: Vec<&'a HutRow>,
    /// Rows of the target that cannot come from the original.
    other: Vec<String>,
}

impl Comparison<'_> {
    fn is_same(&self) -> bool {
        !self.is_register_earlier
            && !self.are_runs_earlier
            && !self.are_watches_earlier
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
        if self.are_watches_earlier {
            differences.push("the watches".into());
        }
        if self.are_runs_earlier {
            differences.push("the log of runs".into());
        }
        End::Differs(differences)
    }

    /// Adds the state of a part of a table. Returns whether it is an earlier state.
    fn add<R: CopyRow>(&mut self, copy_state: CopyState, of: &str) -> bool {
        match copy_state {
            CopyState::Same(rows) => *self.same.entry(R::TABLE).or_default() += rows,
            CopyState::Earlier => return true,
            CopyState::Other(row) => self.other.push(format!("{row}{of}")),
        }
        false
    }
}

/// Compares all data. Returns `None` if it was stopped.
fn compare<'a>(
    Databases { from, to }: &mut Databases,
    huts: &'a [HutRow],
    phase: Phase,
    follower: &mut Follower<'_>,
) -> QueryResult<Option<Comparison<'a>>> {
    let mut found = Comparison::default();
    macro_rules! is_earlier {
        ($($row:ident),+ of $part:expr, $of:expr) => {
            // `|` and not `||`, because every part must be counted.
            $(found.add::<$row>(compare_part::<$row>(from, to, $part)?, $of))|+
        };
    }
    found.is_register_earlier = is_earlier!(OrganizationRow, HutTypeRow, HutRow, SourceRow, PinnedFieldRow, DiscoveryRow of (), "");
    found.are_runs_earlier = is_earlier!(RunRow of (), "");
    found.are_watches_earlier =
        is_earlier!(WatchRow, WatchHutRow, WatchArrivalRow, OutboxRow, DeliveryRow of (), "");
    (follower.on_event)(CopyEvent::Began { phase, huts: huts.len() });
    for hut in huts {
        if (follower.is_stopped)() {
            return Ok(None);
        }
        let of = format!(" of {:?}", hut.slug);
        if is_earlier!(CheckRow, AvailabilityRow, ChangeRow of hut.id, &of) {
            found.earlier.push(hut);
        }
        (follower.on_event)(CopyEvent::Done { hut: &hut.slug, rows: 0 });
    }
    Ok(Some(found))
}

/// Compares a part of a table.
fn compare_part<R: CopyRow>(from: &mut Db, to: &mut Db, part: R::Part) -> QueryResult<CopyState> {
    let (mut original, mut copy) = (Rows::<R>::new(from, part), Rows::<R>::new(to, part));
    copy_state(|| original.pull(), || copy.pull())
}
