//! What became of a discovery.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::exit_status::ExitStatus;
use crate::domain::failure::Failure;
use crate::domain::organization::Organization;
use crate::domain::signal::Signal;
use crate::register::duplicates::DuplicateHuts;
use crate::register::merge::{HutChange, MergeOutcome};

/// What became of a discovery, also as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Discovered {
    pub started_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    pub dry_run: bool,
    pub interrupted: bool,
    /// When the discovery began with which this one went on.
    pub resumed: Option<DateTime<Utc>>,
    pub sites: Vec<SiteDiscovered>,
    /// Huts that are new or others than before, and those of which something is unknown.
    pub huts: Vec<HutChange>,
    pub twins: Vec<DuplicateHuts>,
}

/// What became of the walk through one site.
#[derive(Clone, Debug, Serialize)]
pub struct SiteDiscovered {
    pub organization: Organization,
    /// The first step of this walk: an ID, or a page.
    pub first_step: u32,
    /// Where the next discovery begins, if this one did not come to its end.
    pub next_step: Option<u32>,
    /// How many huts had an outcome.
    pub outcomes: BTreeMap<MergeOutcome, usize>,
    /// Entries that the site's makers test with, left out.
    pub test_entries: usize,
    /// How often which field could not be read.
    pub unreadable: BTreeMap<&'static str, usize>,
    pub failures: Vec<StepFailure>,
    /// Why it is not known which huts the site has no more.
    pub gone_unknown: Option<String>,
    /// Why the site was left.
    pub left: Option<Failure>,
}

/// A step that failed.
#[derive(Clone, Debug, Serialize)]
pub struct StepFailure {
    pub step: u32,
    pub error: Failure,
}

impl Discovered {
    /// How a discovery ended.
    #[must_use]
    pub fn exit_status(&self, stopped_by: Option<Signal>) -> ExitStatus {
        let sites = &self.sites;
        let has_failed = sites.iter().any(|site| {
            site.left.is_some() || site.gone_unknown.is_some() || !site.failures.is_empty()
        });
        let has_found = sites.iter().any(|site| !site.outcomes.is_empty());
        match stopped_by {
            Some(signal) => ExitStatus::Stopped(signal),
            None if !has_failed => ExitStatus::Done,
            None if has_found => ExitStatus::SomeFailed,
            None => ExitStatus::NothingDone,
        }
    }
}
