//! Pure: checks stored data against the rules of the contract. The data may be invalid in any way.
//!
//! Records are read as texts and whole numbers, so that an invalid record is reported and does not end the
//! check. Records come one by one in the order of their keys, and only the latest are held. So a hut with
//! years of history takes no more memory than a hut with one day of it.

pub mod database;
pub mod dates;
pub mod form;
pub mod hut;
pub mod listed;
pub mod record;
pub mod run;
mod statements;
mod watches;

use std::fmt;
use std::ops::AddAssign;

use serde::Serialize;
use strum::Display;

/// The rules, grouped by subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Rule {
    /// The database file is intact, and all references point to existing rows.
    Database,
    /// Dates and instants have the one text form in which text order is time order.
    Form,
    /// A state is valid: `0 <= free <= total`, and its hut type and status exist.
    State,
    /// A row belongs to an existing hut, and to a source of that hut.
    Source,
    /// A date has either both a row and a history, or neither.
    RowAndHistory,
    /// The history of a date begins when its row begins.
    FirstEntry,
    /// The latest entry equals the row, and it is open if the date is listed.
    OpenEntry,
    /// An entry begins when the previous one ends.
    Gap,
    /// Neighbouring entries differ.
    EqualNeighbours,
    /// No check time is before the first check of its date or after the hut's last successful check.
    Checked,
    /// A date is withdrawn if the last check asked for it and did not list it. A listed date is not withdrawn.
    Withdrawn,
    /// No check or run is stored at a time in the future.
    Future,
    /// The columns of `hut_check` are consistent.
    HutCheck,
    /// The views show each row and entry, with computed fields that follow the formulas.
    View,
    /// A run in the log and its lease are consistent.
    Run,
    /// Watches, their open arrivals, the outbox and the messages agree.
    Watch,
}

/// A violation of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    pub rule: Rule,
    /// Slug of the hut. None if the violation concerns no hut, or the hut does not exist.
    pub hut: Option<String>,
    pub hut_id: Option<i32>,
    /// The stored text, which may not be a date.
    pub date: Option<String>,
    /// What is wrong, with the stored values.
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

/// The numbers of checked rows.
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
