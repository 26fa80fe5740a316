//! The times that a run spends in each of its stages.

use std::time::Duration;

use strum::{Display, EnumCount, IntoStaticStr, VariantArray};

/// The stages of a check, in their order. Requests wait at the same time, so the sum of their waits may
/// exceed the time of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumCount, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Stage {
    /// Opening the database, and finding the huts that are due.
    Selecting,
    /// Claiming huts and reserving request times, while other runs do the same and answers are under way.
    Agreeing,
    /// Waiting until the rate limiter lets a request to the site start.
    WaitingForSpacing,
    /// From the start of a request until the last byte of its answer.
    WaitingForAnswers,
    Parsing,
    /// Reading the stored dates, and finding the differences to an answer.
    Comparing,
    /// Writing dates, history and the check, until the transaction is committed.
    Writing,
}

/// The times of a run so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    pub by_stage: [Duration; Stage::COUNT],
    /// The number of requests, including retries.
    pub requests: u64,
    /// The number of statements sent to the database, each of which is a round trip. Beginning and
    /// committing a transaction count as statements.
    pub statements: u64,
}

impl Timings {
    /// The time of each stage.
    pub fn stages(&self) -> impl Iterator<Item = (Stage, Duration)> {
        Stage::VARIANTS.iter().copied().zip(self.by_stage)
    }
}
