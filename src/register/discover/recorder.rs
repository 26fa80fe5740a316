//! Records one crawl: stores the huts of each step, and the progress of the crawl.

mod apply;

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::QueryResult;

use self::apply::apply;
use super::ledger::Ledger;
use crate::db::connection::Db;
use crate::db::discovery::{self as progress, Progress};
use crate::db::register;
use crate::domain::failure::Failure;
use crate::domain::organization::Organization;
use crate::domain::register::{Hut, Register, Source};
use crate::register::discover::result::{SiteDiscovered, StepFailure};
use crate::register::merge::{HutChange, gone};
use crate::sites::error::SourceError;
use crate::sites::listing::Listing;
use crate::text::humanize::pluralize;

/// The record of one crawl.
pub struct Recorder {
    site: SiteDiscovered,
    pub(super) progress: Progress,
    /// The number of steps that failed since the last successful step. If the crawl stops now, the next one
    /// begins with them.
    trailing_failures: u32,
    /// The number of failed steps, with successful steps after them, before this crawl was resumed.
    failed_before: u32,
    /// The IDs that this crawl found.
    seen: HashSet<String>,
    /// Whether the site has listed a hut in this crawl.
    has_listed_any: bool,
    /// IDs that the site reported as gone before it listed any hut. The site may be faulty then, so they
    /// count as gone only after it lists a hut. A resumed crawl does these steps again.
    unconfirmed_gone: Vec<String>,
    /// The number of pages, if the site lists all its huts on pages. Huts on none of them are gone.
    pages: Option<u32>,
    /// Whether this is the second pass through the list, which looks for huts that the first pass missed.
    is_second_pass: bool,
}

impl Recorder {
    pub(super) fn new((organization, progress): (Organization, Progress)) -> Self {
        let site = SiteDiscovered {
            organization,
            first_step: progress.next_step,
            next_step: Some(progress.next_step),
            outcomes: BTreeMap::new(),
            test_entries: 0,
            unreadable: BTreeMap::new(),
            failures: Vec::new(),
            gone_unknown: None,
            left: None,
        };
        Self {
            site,
            failed_before: progress.failed_steps,
            progress,
            trailing_failures: 0,
            seen: HashSet::new(),
            has_listed_any: false,
            unconfirmed_gone: Vec::new(),
            pages: None,
            is_second_pass: false,
        }
    }

    /// The organization whose site is crawled.
    #[must_use]
    pub fn organization(&self) -> Organization {
        self.site.organization
    }

    /// The first step of the crawl.
    #[must_use]
    pub fn first_step(&self) -> u32 {
        if self.is_second_pass { 1 } else { self.progress.next_step }
    }

    /// Stores the huts of a step and the progress of the crawl in one transaction. Returns a change for
    /// each hut.
    ///
    /// # Errors
    /// If the database fails. A failed step is recorded and is not an error.
    pub fn step(
        &mut self,
        ledger: &mut Ledger,
        step: u32,
        listing: Result<Listing, SourceError>,
    ) -> QueryResult<Vec<HutChange>> {
        let listing = match listing {
            Ok(listing) => listing,
            Err(error) => {
                let why = Failure::new(error.kind(), &error.to_string());
                self.site.failures.push(StepFailure { step, error: why });
                self.trailing_failures += 1;
                return Ok(Vec::new());
            }
        };
        if self.pages.is_some() && listing.last_step != self.pages {
            self.site.gone_unknown = Some("the number of pages changed during the crawl".into());
        }
        self.pages = listing.last_step;
        if self.is_second_pass {
            return self.store_missed(ledger, listing);
        }
        let mut listing = without_test_entries(listing, &mut self.site.test_entries);
        self.seen.extend(listing.huts.iter().map(|hut| hut.source_hut_id.clone()));
        self.has_listed_any |= !listing.huts.is_empty();
        if !self.has_listed_any && !listing.gone.is_empty() {
            self.unconfirmed_gone.append(&mut listing.gone);
            return Ok(Vec::new());
        }
        listing.gone.append(&mut self.unconfirmed_gone);
        self.progress.next_step = step.saturating_add(1);
        self.progress.failed_steps += std::mem::take(&mut self.trailing_failures);
        for unreadable in &listing.unreadable {
            *self.site.unreadable.entry(unreadable.field).or_default() += 1;
            // The entry may be a known hut, which would then look as if it were gone.
            self.progress.failed_steps += 1;
        }
        self.store(ledger, None, listing)
    }

    /// Stores the huts that the first pass missed.
    fn store_missed(
        &mut self,
        ledger: &mut Ledger,
        listing: Listing,
    ) -> QueryResult<Vec<HutChange>> {
        let huts = listing.huts.into_iter();
        let huts = huts.filter(|hut| self.seen.insert(hut.source_hut_id.clone())).collect();
        self.store(ledger, None, Listing { huts, ..Listing::default() })
    }

    /// Whether the list must be crawled a second time, because known huts were missing. If a hut is removed
    /// from a page during the crawl, the huts after it move up, and one of them can be missed.
    pub fn needs_second_pass(&mut self, ledger: &mut Ledger) -> QueryResult<bool> {
        let is_complete = self.pages.is_some() && self.is_complete();
        let is_needed = is_complete
            && !self.is_second_pass
            && !self.not_listed(&register::load(&mut ledger.db)?).is_empty();
        self.is_second_pass |= is_needed;
        Ok(is_needed)
    }

    /// Whether no step and no entry failed, so that a hut that was not found is gone.
    fn is_complete(&self) -> bool {
        self.progress.failed_steps + self.trailing_failures == 0 && self.site.gone_unknown.is_none()
    }

    /// Ends a crawl that has no more steps. If the site lists all its huts on pages and no page failed, the
    /// huts that it did not list are gone. If more huts would be gone than left, the site is probably
    /// faulty, and no hut counts as gone.
    pub fn finish(
        &mut self,
        ledger: &mut Ledger,
        now: DateTime<Utc>,
    ) -> QueryResult<Vec<HutChange>> {
        let register = register::load(&mut ledger.db)?;
        let mut gone = std::mem::take(&mut self.unconfirmed_gone);
        if self.pages.is_some() {
            if self.is_complete() {
                gone.extend(self.not_listed(&register));
            } else {
                let failed = || "a page or one of its entries could not be read".to_owned();
                self.site.gone_unknown.get_or_insert_with(failed);
            }
        } else if self.failed_before > 0 {
            let before = format!(
                "{} failed before this crawl was resumed; the next discovery tries them again",
                pluralize(
                    self.failed_before as usize,
                    self.site.organization.crawl_plan.step_name()
                )
            );
            self.site.gone_unknown.get_or_insert(before);
        }
        let organization = self.site.organization.to_string();
        let sources =
            || register.values().filter_map(|hut| Some((hut, hut.source(&organization)?)));
        let would_change: HashSet<&str> = sources()
            .filter(|(hut, _)| self.would_change_if_gone(hut))
            .map(|(_, source)| source.source_hut_id.as_str())
            .collect();
        gone.retain(|id| would_change.contains(id.as_str()));
        let left = sources().filter(|(_, source)| self.is_found(source)).count();
        if gone.len() > left {
            let lost = gone.len();
            let why = format!("{lost} huts would be gone and {left} left, which is not plausible");
            self.site.gone_unknown = Some(why);
            gone.clear();
        }
        self.progress.failed_steps += std::mem::take(&mut self.trailing_failures);
        let changes = self.store(ledger, Some(now), Listing { gone, ..Listing::default() })?;
        self.site.next_step = None;
        Ok(changes)
    }

    /// Records why the site was abandoned.
    pub fn leave(&mut self, why: Failure) {
        self.site.left = Some(why);
    }

    /// The result of the crawl.
    #[must_use]
    pub fn result(self) -> SiteDiscovered {
        let next_step = self.site.next_step.map(|_| self.progress.next_step);
        SiteDiscovered { next_step, ..self.site }
    }

    fn store(
        &mut self,
        ledger: &mut Ledger,
        finished_at: Option<DateTime<Utc>>,
        listing: Listing,
    ) -> QueryResult<Vec<HutChange>> {
        let started_at = self.progress.started_at;
        let changes = ledger.transaction(|db, preview| {
            let is_dry_run = preview.is_some();
            let changes = apply(db, preview, self.site.organization, started_at, listing)?;
            self.save_progress(db, is_dry_run, finished_at)?;
            Ok(changes)
        })?;
        for change in &changes {
            *self.site.outcomes.entry(change.outcome).or_default() += 1;
            for unreadable in &change.unreadable {
                *self.site.unreadable.entry(unreadable.field).or_default() += 1;
            }
        }
        Ok(changes)
    }

    pub(super) fn save_progress(
        &self,
        db: &mut Db,
        is_dry_run: bool,
        finished_at: Option<DateTime<Utc>>,
    ) -> QueryResult<()> {
        if is_dry_run {
            return Ok(());
        }
        progress::save(db, &self.site.organization.to_string(), &self.progress, finished_at)
    }

    /// The IDs of huts that the crawl has not found, and that would become inactive.
    fn not_listed(&self, register: &Register) -> Vec<String> {
        let organization = self.site.organization.to_string();
        let sources = register.values().filter(|hut| self.would_change_if_gone(hut));
        let sources = sources.filter_map(|hut| hut.source(&organization));
        let missing = sources.filter(|source| !self.is_found(source));
        missing.map(|source| source.source_hut_id.clone()).collect()
    }

    /// Whether this crawl has found the hut, also before it was resumed.
    fn is_found(&self, source: &Source) -> bool {
        source.last_listed == Some(self.progress.started_at)
            || self.seen.contains(&source.source_hut_id)
    }

    /// Whether the hut would change if it were gone from the site.
    fn would_change_if_gone(&self, hut: &Hut) -> bool {
        gone(hut, &self.site.organization.to_string()) != *hut
    }
}

/// The listing with its test entries counted as gone. An ID that is also the ID of a hut is not gone.
fn without_test_entries(listing: Listing, count: &mut usize) -> Listing {
    let Listing { huts, mut gone, test_entries, .. } = listing;
    *count += test_entries.len();
    gone.extend(test_entries);
    gone.retain(|id| huts.iter().all(|hut| hut.source_hut_id != *id));
    Listing { huts, gone, test_entries: Vec::new(), ..listing }
}
