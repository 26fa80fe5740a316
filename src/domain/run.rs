//! The results of a run, and of each of its huts, as reporters get them.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::domain::delivery::Notified;
use crate::domain::diff::DiffCounts;
use crate::domain::failure::Failure;
use crate::domain::mass_change::MassChange;
use crate::domain::schedule::budget::Allowance;
use crate::domain::schedule::{Reason, SelectedHut};
use crate::domain::shrunk::Shrunk;
use crate::domain::signal::Signal;
use crate::domain::timings::Timings;
use crate::domain::unknown_values::UnknownValues;

/// The outcome for a hut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, IntoStaticStr, VariantArray, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HutOutcome {
    Updated,
    Failed,
    /// The hut was not polled to the end because of a plan, a signal, or another run. Or its site was
    /// abandoned, which is then its failure. Or a newer check was stored already.
    Skipped,
}

/// The result for one hut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HutResult {
    pub hut: String,
    pub organization: String,
    pub reason: Reason,
    /// Whether its check is taken from the budget of the adaptive schedule.
    pub is_budgeted: bool,
    /// The time until it is due again, if nothing changes.
    pub interval: Option<TimeDelta>,
    pub outcome: HutOutcome,
    pub diff: DiffCounts,
    /// Why it was skipped, unless a signal or an abandoned site is the reason.
    pub why_skipped: Option<WhySkipped>,
    /// Why it failed, or why its site was abandoned.
    pub failure: Option<Failure>,
    /// From the start of the hut's work until it was stored, including the waits for the rate limiter and
    /// for retries. None if it was not polled to the end.
    pub took: Option<Duration>,
    /// Number of invalid values from the site that were corrected.
    pub adjustments: usize,
    pub unknown_values: UnknownValues,
    /// In a preview: descriptions of the dates that would change, at most [`MAX_PREVIEW_LEN`].
    pub preview: Vec<String>,
}

/// Why a hut was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
pub enum WhySkipped {
    #[strum(to_string = "another run is polling it")]
    AnotherRunAsksIt,
    #[strum(to_string = "another run polled it meanwhile")]
    AnotherRunAskedIt,
    #[strum(to_string = "the stored check is as new or newer")]
    NewerIsStored,
    #[strum(to_string = "its booking site or ID was changed meanwhile; it stays due")]
    SourceChanged,
}

/// The maximum number of changed dates of a hut that a preview shows.
pub const MAX_PREVIEW_LEN: usize = 10;

impl HutResult {
    /// A hut that was skipped.
    #[must_use]
    pub fn skipped(selected: &SelectedHut) -> Self {
        Self {
            hut: selected.hut.slug.clone(),
            organization: selected.hut.organization.clone(),
            reason: selected.reason,
            is_budgeted: selected.is_budgeted,
            interval: selected.interval,
            outcome: HutOutcome::Skipped,
            diff: DiffCounts::default(),
            why_skipped: None,
            failure: None,
            took: None,
            adjustments: 0,
            unknown_values: UnknownValues::default(),
            preview: Vec::new(),
        }
    }

    /// A hut that was skipped because its site was abandoned.
    #[must_use]
    pub fn site_abandoned(selected: &SelectedHut, why: &Failure) -> Self {
        Self { failure: Some(why.clone()), ..Self::skipped(selected) }
    }

    /// A hut that could not be updated.
    #[must_use]
    pub fn failed(selected: &SelectedHut, failure: Failure) -> Self {
        let failure = Some(failure);
        Self { outcome: HutOutcome::Failed, failure, ..Self::skipped(selected) }
    }
}

/// How the huts of a run were selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumString, IntoStaticStr, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Mode {
    Due,
    All,
    Hut,
}

/// The results of the huts of one organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SiteResult<'a> {
    /// Its slug.
    pub organization: &'a str,
    pub selected: usize,
    pub updated: usize,
    pub failed: usize,
    pub skipped: usize,
    /// Why the site was abandoned, if huts were skipped for that.
    pub left: Option<&'a Failure>,
    /// Set if the run changed most of what was known of its huts.
    pub mass_change: Option<MassChange>,
    /// Set if checks no longer list many of the coming nights of their huts.
    pub shrunk: Option<Shrunk>,
    /// Values of the site that the program does not know.
    pub unknown_values: UnknownValues,
}

/// The result of a run.
#[derive(Clone, Debug)]
pub struct RunResult {
    pub started_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    pub mode: Mode,
    pub dry_run: bool,
    pub stopped_by: Option<Signal>,
    pub results: Vec<HutResult>,
    /// What the run might spend, if it selected due huts by the adaptive schedule.
    pub budget: Option<Allowance>,
    /// What was found and sent for the watches; none if there is no active watch.
    pub notified: Option<Notified>,
    /// How long the run took, by the monotonic clock.
    pub elapsed: Duration,
    /// The part of it that went into reading and writing huts, summed up.
    pub storing: Duration,
    /// The time of each stage, if it was measured.
    pub timings: Option<Timings>,
}

impl RunResult {
    /// The checks that the run took from the budget.
    #[must_use]
    pub fn budget_spent(&self) -> usize {
        let is_spent = |hut: &&HutResult| hut.is_budgeted && hut.outcome != HutOutcome::Skipped;
        self.results.iter().filter(is_spent).count()
    }

    /// The number of huts with this outcome.
    #[must_use]
    pub fn count(&self, outcome: HutOutcome) -> usize {
        self.results.iter().filter(|result| result.outcome == outcome).count()
    }

    /// The number of huts that were skipped because another run polls them, or has polled them.
    #[must_use]
    pub fn skipped_for_other_runs(&self) -> usize {
        let is_for_other_run = |result: &&HutResult| {
            matches!(
                result.why_skipped,
                Some(WhySkipped::AnotherRunAsksIt | WhySkipped::AnotherRunAskedIt)
            )
        };
        self.results.iter().filter(is_for_other_run).count()
    }

    /// The results of each organization, sorted by its slug.
    #[must_use]
    pub fn sites(&self) -> Vec<SiteResult<'_>> {
        let mut sites: BTreeMap<&str, SiteResult<'_>> = BTreeMap::new();
        let mut diffs: BTreeMap<&str, Vec<DiffCounts>> = BTreeMap::new();
        for result in &self.results {
            let site = sites.entry(&result.organization).or_default();
            site.organization = &result.organization;
            site.selected += 1;
            match result.outcome {
                HutOutcome::Updated => {
                    site.updated += 1;
                    site.unknown_values.append(&result.unknown_values);
                    diffs.entry(&result.organization).or_default().push(result.diff);
                }
                HutOutcome::Failed => site.failed += 1,
                HutOutcome::Skipped => {
                    site.skipped += 1;
                    site.left = site.left.or(result.failure.as_ref());
                }
            }
        }
        for (organization, diffs) in diffs {
            let site = sites.entry(organization).or_default();
            site.mass_change = MassChange::of(&diffs);
            site.shrunk = Shrunk::of(&diffs);
        }
        sites.into_values().collect()
    }

    /// The changes of all huts together.
    #[must_use]
    pub fn diff(&self) -> DiffCounts {
        let mut sum = DiffCounts::default();
        self.results.iter().for_each(|result| sum += result.diff);
        sum
    }
}
