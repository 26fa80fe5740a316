//! Stores what the walks through the sites find, step by step, so that an interrupted one goes on
//! where it stopped.

pub mod ledger;
pub mod recorder;
pub mod result;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::QueryResult;

use crate::db::discovery::{self as progress, Progress};
use crate::domain::organization::{CrawlPlan, Organization};
use ledger::Ledger;
use recorder::Recorder;

/// Whether a discovery goes on with one that is not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// If it is not older than a day: what it has found is still so.
    Recent,
    Always,
    Never,
}

/// Begins the walks of a discovery, or goes on with them: sites that the one before has finished are
/// not walked again. Returns them with when that one began. No ID is tried beyond `last_id`.
pub fn begin(
    ledger: &mut Ledger,
    organizations: impl Iterator<Item = Organization>,
    resume: Resume,
    last_id: impl Fn(Organization) -> u32,
    now: DateTime<Utc>,
) -> QueryResult<(Vec<Recorder>, Option<DateTime<Utc>>)> {
    let mut walks = Vec::new();
    for organization in organizations {
        walks.push((organization, progress::last(&mut ledger.db, &organization.to_string())?));
    }
    let is_recent = |at: &DateTime<Utc>| now - *at < TimeDelta::days(1);
    let is_resumed = |organization: Organization, last: &(Progress, Option<DateTime<Utc>>)| {
        let (progress, finished_at) = last;
        let is_beyond = organization.crawl_plan == CrawlPlan::Ids
            && progress.next_step > last_id(organization).saturating_add(1);
        let is_wished = match resume {
            Resume::Recent => is_recent(&progress.started_at),
            Resume::Always => true,
            Resume::Never => false,
        };
        finished_at.is_none() && is_wished && !is_beyond
    };
    let count = walks.len();
    let resumed = walks
        .iter()
        .filter_map(|(organization, last)| last.filter(|last| is_resumed(*organization, last)))
        .map(|(progress, _)| progress.started_at)
        .max();
    let started_at = resumed.filter(is_recent).unwrap_or(now);
    let new = Progress { started_at, next_step: 1, failed_steps: 0 };
    let progress = |(organization, last): (Organization, Option<(Progress, _)>)| match last {
        Some(last) if is_resumed(organization, &last) => Some((organization, last.0)),
        Some((done, _)) if resumed == Some(done.started_at) => None,
        _ => Some((organization, new)),
    };
    let recorders: Vec<Recorder> =
        walks.into_iter().filter_map(progress).map(Recorder::new).collect();
    ledger.transaction(|db, would_be| {
        recorders.iter().try_for_each(|this| this.save_progress(db, would_be.is_some(), None))
    })?;
    let went_on =
        recorders.len() < count || recorders.iter().any(|recorder| recorder.progress.next_step > 1);
    Ok((recorders, resumed.filter(|_| went_on)))
}
