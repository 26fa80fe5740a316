//! Where the time of a run went.

use std::time::Duration;

use strum::{Display, EnumCount, IntoStaticStr, VariantArray};

/// What time is spent on, in the order in which a check passes through it. Requests wait at the same time
/// as others, so that the time that they wait, summed up, may exceed that of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumCount, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// Opening the database, and finding the huts that are due.
    Selecting,
    /// With other runs, on huts and on times for requests; while others wait for answers.
    Agreeing,
    /// Until a request to the site may start.
    WaitingForSpacing,
    /// From a request's start until the last byte of its answer.
    WaitingForAnswers,
    Parsing,
    /// Reading what is stored, and finding what an answer changes of it.
    Comparing,
    /// Of dates, history and the check itself, until the database has them for good.
    Writing,
}

/// The times of a run so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    pub by_stage: [Duration; Stage::COUNT],
    /// How many requests there were, tries again included.
    pub requests: u64,
    /// How many statements went to the database, each a way there and back; to begin and to commit a
    /// transaction is one, too.
    pub statements: u64,
}

impl Timings {
    /// The time of each stage.
    pub fn stages(&self) -> impl Iterator<Item = (Stage, Duration)> {
        Stage::VARIANTS.iter().copied().zip(self.by_stage)
    }
}
