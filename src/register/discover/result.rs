//! The result of a discovery.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::exit_status::ExitStatus;
use crate::domain::failure::Failure;
use crate::domain::organization::Organization;
use crate::domain::signal::Signal;
use crate::register::duplicates::DuplicateHuts;
use crate::register::merge::{HutChange, MergeOutcome};

/// The result of a discovery, also as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Discovered {
    pub started_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    pub dry_run: bool,
    pub interrupted: bool,
    /// The start of the discovery that this one resumed.
    pub resumed: Option<DateTime<Utc>>,
    pub sites: Vec<SiteDiscovered>,
    /// Huts that are new or changed, and huts with unreadable fields.
    pub huts: Vec<HutChange>,
    pub twins: Vec<DuplicateHuts>,
}

/// The result of the crawl of one site.
#[derive(Clone, Debug, Serialize)]
pub struct SiteDiscovered {
    pub organization: Organization,
    /// The first step of this crawl: an ID, or a page.
    pub first_step: u32,
    /// The first step of the next discovery, if this crawl did not finish.
    pub next_step: Option<u32>,
    /// The number of huts for each outcome.
    pub outcomes: BTreeMap<MergeOutcome, usize>,
    /// The number of test entries of the site's developers. They are left out.
    pub test_entries: usize,
    /// How often each field could not be read.
    pub unreadable: BTreeMap<&'static str, usize>,
    pub failures: Vec<StepFailure>,
    /// Why the discovery cannot tell which huts are gone from the site.
    pub gone_unknown: Option<String>,
    /// Why the site was abandoned.
    pub left: Option<Failure>,
}

/// A step that failed.
#[derive(Clone, Debug, Serialize)]
pub struct StepFailure {
    pub step: u32,
    pub error: Failure,
}

impl Discovered {
    /// The exit status of the program after this discovery.
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
