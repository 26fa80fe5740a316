//! Discovery: stores the huts that the crawls of the sites find, step by step, so that an interrupted
//! discovery can be resumed.

pub mod ledger;
pub mod recorder;
pub mod result;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::QueryResult;

use crate::db::discovery::{self as progress, Progress};
use crate::domain::organization::{CrawlPlan, Organization};
use ledger::Ledger;
use recorder::Recorder;

/// Whether a discovery resumes an unfinished one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// If it is at most a day old, because then its finds are still valid.
    Recent,
    Always,
    Never,
}

/// Begins the crawls of a discovery, or resumes the previous discovery; then the sites that it has finished
/// are not crawled again. Returns a recorder for each crawl, and the start of the resumed discovery, if one
/// was resumed. A crawl that has already passed `last_id` is not resumed.
pub fn begin(
    ledger: &mut Ledger,
    organizations: impl Iterator<Item = Organization>,
    resume: Resume,
    last_id: impl Fn(Organization) -> u32,
    now: DateTime<Utc>,
) -> QueryResult<(Vec<Recorder>, Option<DateTime<Utc>>)> {
    let mut last_crawls = Vec::new();
    for organization in organizations {
        last_crawls
            .push((organization, progress::last(&mut ledger.db, &organization.to_string())?));
    }
    let is_recent = |at: &DateTime<Utc>| now - *at < TimeDelta::days(1);
    let is_resumed = |organization: Organization, last: &(Progress, Option<DateTime<Utc>>)| {
        let (progress, finished_at) = last;
        let is_beyond = organization.crawl_plan == CrawlPlan::Ids
            && progress.next_step > last_id(organization).saturating_add(1);
        let is_requested = match resume {
            Resume::Recent => is_recent(&progress.started_at),
            Resume::Always => true,
            Resume::Never => false,
        };
        finished_at.is_none() && is_requested && !is_beyond
    };
    let count = last_crawls.len();
    let resumed = last_crawls
        .iter()
        .filter_map(|(organization, last)| last.filter(|last| is_resumed(*organization, last)))
        .map(|(progress, _)| progress.started_at)
        .max();
    let started_at = resumed.filter(is_recent).unwrap_or(now);
    let new = Progress { started_at, next_step: 1, failed_steps: 0 };
    let progress = |(organization, last): (Organization, Option<(Progress, _)>)| match last {
        Some(last) if is_resumed(organization, &last) => Some((organization, last.0)),
        // The resumed discovery has finished this site.
        Some((done, _)) if resumed == Some(done.started_at) => None,
        _ => Some((organization, new)),
    };
    let recorders: Vec<Recorder> =
        last_crawls.into_iter().filter_map(progress).map(Recorder::new).collect();
    ledger.transaction(|db, preview| {
        recorders
            .iter()
            .try_for_each(|recorder| recorder.save_progress(db, preview.is_some(), None))
    })?;
    let has_resumed =
        recorders.len() < count || recorders.iter().any(|recorder| recorder.progress.next_step > 1);
    Ok((recorders, resumed.filter(|_| has_resumed)))
}
