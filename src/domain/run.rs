//! What the pipeline tells those who report, and what became of each hut.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::domain::diff::DiffCounts;
use crate::domain::failure::Failure;
use crate::domain::mass_change::MassChange;
use crate::domain::schedule::{Reason, SelectedHut};
use crate::domain::signal::Signal;
use crate::domain::timings::Timings;

/// What became of a hut, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, IntoStaticStr, VariantArray, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HutOutcome {
    Updated,
    Failed,
    /// Not asked to the end: a plan, a signal, another run, or its site was left, which then is its
    /// failure. Or its answer was older than what is stored.
    Skipped,
}

/// What became of one hut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HutResult {
    pub hut: String,
    pub organization: String,
    pub reason: Reason,
    pub outcome: HutOutcome,
    pub diff: DiffCounts,
    /// Why it was skipped, where neither a signal nor its site is the reason.
    pub why_skipped: Option<WhySkipped>,
    /// Why it failed, or why its site was left.
    pub failure: Option<Failure>,
    /// From when its turn came until it was stored, its waits for the spacing and for tries again
    /// included; none where it was not asked to the end.
    pub took: Option<Duration>,
    /// Numbers of the site that could not be so and were put right.
    pub adjustments: usize,
    /// In a preview: the dates that would change, in words, at most [`MAX_PREVIEW_LEN`] of them.
    pub preview: Vec<String>,
}

/// Why there was nothing to do for a hut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
pub enum WhySkipped {
    #[strum(to_string = "another run is asking it")]
    AnotherRunAsksIt,
    #[strum(to_string = "another run has asked it meanwhile")]
    AnotherRunAskedIt,
    #[strum(to_string = "a check that is as new or newer is stored already")]
    NewerIsStored,
}

/// The longest list of changed dates that a preview shows of a hut.
pub const MAX_PREVIEW_LEN: usize = 10;

impl HutResult {
    /// A hut for which nothing was done.
    #[must_use]
    pub fn skipped(selected: &SelectedHut) -> Self {
        Self {
            hut: selected.hut.slug.clone(),
            organization: selected.hut.organization.clone(),
            reason: selected.reason,
            outcome: HutOutcome::Skipped,
            diff: DiffCounts::default(),
            why_skipped: None,
            failure: None,
            took: None,
            adjustments: 0,
            preview: Vec::new(),
        }
    }

    /// A hut whose site was left.
    #[must_use]
    pub fn left(selected: &SelectedHut, why: &Failure) -> Self {
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

/// What became of the huts of one organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SiteResult<'a> {
    /// Its slug.
    pub organization: &'a str,
    pub selected: usize,
    pub updated: usize,
    pub failed: usize,
    pub skipped: usize,
    /// Why huts were skipped, where it is that the site was left.
    pub left: Option<&'a Failure>,
    /// Where most of what was known of its huts has changed at once.
    pub mass_change: Option<MassChange>,
}

/// What became of a run.
#[derive(Clone, Debug)]
pub struct RunResult {
    pub started_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    pub mode: Mode,
    pub dry_run: bool,
    pub stopped_by: Option<Signal>,
    pub results: Vec<HutResult>,
    /// How long the run took, by a clock that nobody sets.
    pub elapsed: Duration,
    /// How much of that went into reading and writing huts, one after another.
    pub storing: Duration,
    /// Where the time went, for those who want to know.
    pub timings: Option<Timings>,
}

impl RunResult {
    /// How many huts had an outcome.
    #[must_use]
    pub fn count(&self, outcome: HutOutcome) -> usize {
        self.results.iter().filter(|result| result.outcome == outcome).count()
    }

    /// How many huts were skipped because another run asks them, or has asked them.
    #[must_use]
    pub fn left_to_other_runs(&self) -> usize {
        let is_left_to_one = |result: &&HutResult| {
            matches!(
                result.why_skipped,
                Some(WhySkipped::AnotherRunAsksIt | WhySkipped::AnotherRunAskedIt)
            )
        };
        self.results.iter().filter(is_left_to_one).count()
    }

    /// What became of the huts of each organization, by its slug.
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
            sites.entry(organization).or_default().mass_change = MassChange::of(&diffs);
        }
        sites.into_values().collect()
    }

    /// What the run changed, all huts together.
    #[must_use]
    pub fn diff(&self) -> DiffCounts {
        let mut sum = DiffCounts::default();
        self.results.iter().for_each(|result| sum += result.diff);
        sum
    }
}
