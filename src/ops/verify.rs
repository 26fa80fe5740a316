//! Pure: whether what is stored keeps the rules of the contract, from records that may be anything.
//!
//! Records are read as texts and whole numbers, so that one that breaks a rule is told of and ends
//! nothing. They come one by one in the order of their keys, and only the latest are held: a hut with
//! years of history takes no more memory than one with a day of it.

pub mod database;
pub mod dates;
pub mod form;
pub mod hut;
pub mod listed;
pub mod record;
pub mod run;
mod statements;

use std::fmt;
use std::ops::AddAssign;

use serde::Serialize;
use strum::Display;

/// The rules, by what they are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Rule {
    /// The database itself: its file is whole, and its references lead somewhere.
    Database,
    /// Dates and instants are in the one form in which text order is time order.
    Form,
    /// A state is one that can be: `0 <= free <= total`, a hut type and a status that there are.
    State,
    /// A row has a hut, and a source of that hut.
    Source,
    /// A date with a row has a history, and one with a history has a row.
    RowAndHistory,
    /// The history begins when the row does.
    FirstEntry,
    /// The latest entry is open where the date is listed, and equals the row.
    OpenEntry,
    /// An entry begins when the one before it ends.
    Gap,
    /// Entries that follow each other differ.
    EqualNeighbours,
    /// Nothing was checked before it was first checked, or after the hut's last successful check.
    Checked,
    /// What `hut_check` says of a hut agrees with itself.
    HutCheck,
    /// The views show each row and entry, with fields by the formulas.
    View,
    /// What the log says of a run, and its lease, agrees with itself.
    Run,
}

/// Something that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    pub rule: Rule,
    /// Slug of the hut; none where no hut is concerned, or where it is gone.
    pub hut: Option<String>,
    pub hut_id: Option<i32>,
    /// As it is stored, which may be no date.
    pub date: Option<String>,
    /// What is wrong, with the values that are stored.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.hut, self.hut_id) {
            (Some(slug), Some(id)) => write!(f, "{slug} ({id})")?,
            (None, Some(id)) => write!(f, "hut {id}")?,
            (_, None) => return write!(f, "{}: {}", self.rule, self.what),
        }
        if let Some(date) = &self.date {
            write!(f, ", {date}")?;
        }
        write!(f, ": {}: {}", self.rule, self.what)
    }
}

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub huts: u64,
    /// Rows of `availability`.
    pub dates: u64,
    /// Rows of `availability_change`.
    pub entries: u64,
    /// Rows of `update_run`.
    pub runs: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.huts += other.huts;
        self.dates += other.dates;
        self.entries += other.entries;
        self.runs += other.runs;
    }
}
