//! Stores one walk.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::QueryResult;

use super::ledger::{Ledger, save, unused_slug};
use crate::db::connection::Db;
use crate::db::discovery::{self as progress, Progress};
use crate::db::register;
use crate::domain::failure::Failure;
use crate::domain::organization::Organization;
use crate::domain::register::{Hut, Register, Source, owner};
use crate::register::discover::result::{SiteDiscovered, StepFailure};
use crate::register::merge::{HutChange, gone, new_hut, slug_for, told};
use crate::sites::error::SourceError;
use crate::sites::listing::Listing;
use crate::text::humanize::pluralize;

/// One walk, and how far it came.
pub struct Recorder {
    site: SiteDiscovered,
    pub(super) progress: Progress,
    /// Steps that failed since the last one that did not: where a walk is left with them, the next
    /// one begins with them.
    held: u32,
    /// Steps that failed, and were followed by others, before this walk went on.
    failed_before: u32,
    /// IDs that this walk found.
    seen: HashSet<String>,
    /// Whether the site has known anything on this walk.
    knows_any: bool,
    /// IDs that the site said it has no more, before it knew any hut at all: that may as well be
    /// the site's fault, and is believed as soon as it knows one. Such steps are asked again by a
    /// walk that goes on.
    doubted: Vec<String>,
    /// How many pages the site has, where it lists all of its huts: those that it does not list
    /// are gone.
    pages: Option<u32>,
    /// Whether the list is gone through a second time, for huts that the first time missed.
    looks_again: bool,
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
            held: 0,
            seen: HashSet::new(),
            knows_any: false,
            doubted: Vec::new(),
            pages: None,
            looks_again: false,
        }
    }

    /// Whose site is walked.
    #[must_use]
    pub fn organization(&self) -> Organization {
        self.site.organization
    }

    /// The step with which the walk begins.
    #[must_use]
    pub fn first_step(&self) -> u32 {
        if self.looks_again { 1 } else { self.progress.next_step }
    }

    /// Stores what a step found, and how far the walk came, in one transaction.
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
                self.held += 1;
                return Ok(Vec::new());
            }
        };
        if self.pages.is_some() && listing.last_step != self.pages {
            self.site.gone_unknown = Some("the number of pages changed on the way".into());
        }
        self.pages = listing.last_step;
        if self.looks_again {
            return self.store_missed(ledger, listing);
        }
        let mut listing = without_test_entries(listing, &mut self.site.test_entries);
        self.seen.extend(listing.huts.iter().map(|hut| hut.source_hut_id.clone()));
        self.knows_any |= !listing.huts.is_empty();
        if !self.knows_any && !listing.gone.is_empty() {
            self.doubted.append(&mut listing.gone);
            return Ok(Vec::new());
        }
        listing.gone.append(&mut self.doubted);
        self.progress.next_step = step.saturating_add(1);
        self.progress.failed_steps += std::mem::take(&mut self.held);
        for unreadable in &listing.unreadable {
            *self.site.unreadable.entry(unreadable.field).or_default() += 1;
            // It may be a hut that would seem to be gone.
            self.progress.failed_steps += 1;
        }
        self.store(ledger, None, listing)
    }

    /// Stores what the first look has missed.
    fn store_missed(
        &mut self,
        ledger: &mut Ledger,
        listing: Listing,
    ) -> QueryResult<Vec<HutChange>> {
        let huts = listing.huts.into_iter();
        let huts = huts.filter(|hut| self.seen.insert(hut.source_hut_id.clone())).collect();
        self.store(ledger, None, Listing { huts, ..Listing::default() })
    }

    /// Whether the list is to be gone through once more, because it missed huts: one that is taken
    /// off a page makes the next one slip past who turns them.
    pub fn wants_a_second_look(&mut self, ledger: &mut Ledger) -> QueryResult<bool> {
        let is_whole = self.pages.is_some() && self.is_whole();
        let wants = is_whole
            && !self.looks_again
            && !self.not_listed(&register::load(&mut ledger.db)?).is_empty();
        self.looks_again |= wants;
        Ok(wants)
    }

    fn is_whole(&self) -> bool {
        self.progress.failed_steps + self.held == 0 && self.site.gone_unknown.is_none()
    }

    /// Ends a walk that has no more steps. Where the site lists all of its huts and no page is
    /// missing, those that it did not list are gone. A site that has lost more huts than it has left
    /// is not believed.
    pub fn finish(
        &mut self,
        ledger: &mut Ledger,
        now: DateTime<Utc>,
    ) -> QueryResult<Vec<HutChange>> {
        let register = register::load(&mut ledger.db)?;
        let mut gone = std::mem::take(&mut self.doubted);
        if self.pages.is_some() {
            if self.is_whole() {
                gone.extend(self.not_listed(&register));
            } else {
                let failed = || "a page, or an entry of one, could not be read".to_owned();
                self.site.gone_unknown.get_or_insert_with(failed);
            }
        } else if self.failed_before > 0 {
            let before = format!(
                "{} failed before this walk went on, and the next one asks for them again",
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
        gone.retain(|id| sources().any(|(hut, s)| s.source_hut_id == *id && self.can_go(hut)));
        let left = sources().filter(|(_, source)| self.is_found(source)).count();
        if gone.len() > left {
            let lost = gone.len();
            let why = format!("the site would have lost {lost} huts and have {left} left");
            self.site.gone_unknown = Some(why);
            gone.clear();
        }
        self.progress.failed_steps += std::mem::take(&mut self.held);
        let changes = self.store(ledger, Some(now), Listing { gone, ..Listing::default() })?;
        self.site.next_step = None;
        Ok(changes)
    }

    /// Notes why the walk does not go on for now.
    pub fn leave(&mut self, why: Failure) {
        self.site.left = Some(why);
    }

    /// What became of the walk.
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
        let changes = ledger.transaction(|db, would_be| {
            let is_dry_run = would_be.is_some();
            let changes = self.apply(db, would_be, listing)?;
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

    fn apply(
        &self,
        db: &mut Db,
        mut would_be: Option<&mut Register>,
        listing: Listing,
    ) -> QueryResult<Vec<HutChange>> {
        let organization = self.site.organization.to_string();
        let ids = listing.huts.iter().map(|hut| hut.source_hut_id.as_str());
        let ids: Vec<&str> = ids.chain(listing.gone.iter().map(String::as_str)).collect();
        let mut known = register::owners(db, &organization, &ids)?;
        let is_listed =
            |hut: &Hut| hut.source(&organization).is_some_and(|s| ids.contains(&&*s.source_hut_id));
        let would_be_known = would_be.iter().flat_map(|huts| huts.iter());
        let would_be_known = would_be_known.filter(|(_, hut)| is_listed(hut));
        known.extend(would_be_known.map(|(id, hut)| (*id, hut.clone())).collect::<Vec<_>>());

        let mut changes = Vec::new();
        for site in listing.huts {
            let before = owner(&known, &organization, &site.source_hut_id);
            let hut = match before {
                Some((_, hut)) => hut.clone(),
                None => {
                    let slug = slug_for(self.site.organization, &site);
                    let slug = unused_slug(db, would_be.as_deref(), &slug)?;
                    new_hut(self.site.organization, &site, slug)
                }
            };
            let after = told(&hut, self.site.organization, &site, self.progress.started_at);
            let id = save(db, would_be.as_deref_mut(), before, &after)?;
            let before = before.map(|(_, hut)| hut);
            let id_there = &site.source_hut_id;
            let change = HutChange::new(before, &after, &organization, id_there, site.unreadable);
            changes.push(change);
            // A page may list a hut twice.
            known.insert(id, after);
        }
        for id_there in listing.gone {
            let Some((id, before)) = owner(&known, &organization, &id_there) else { continue };
            let after = gone(before, &organization);
            if after == *before {
                // It has been so for long.
                continue;
            }
            save(db, would_be.as_deref_mut(), Some((id, before)), &after)?;
            let change = HutChange::new(Some(before), &after, &organization, &id_there, Vec::new());
            changes.push(change);
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

    /// The IDs of huts that the walk has not found, and that would be inactive for it.
    fn not_listed(&self, register: &Register) -> Vec<String> {
        let organization = self.site.organization.to_string();
        let sources = register.values().filter(|hut| self.can_go(hut));
        let sources = sources.filter_map(|hut| hut.source(&organization));
        let missing = sources.filter(|source| !self.is_found(source));
        missing.map(|source| source.source_hut_id.clone()).collect()
    }

    /// Whether this walk has found it, be it before an interruption.
    fn is_found(&self, source: &Source) -> bool {
        source.last_listed == Some(self.progress.started_at)
            || self.seen.contains(&source.source_hut_id)
    }

    /// Whether it makes a difference that the site has the hut no more.
    fn can_go(&self, hut: &Hut) -> bool {
        gone(hut, &self.site.organization.to_string()) != *hut
    }
}

/// The listing with what is no hut among what is gone, and with no ID in both.
fn without_test_entries(listing: Listing, count: &mut usize) -> Listing {
    let Listing { huts, mut gone, test_entries, .. } = listing;
    *count += test_entries.len();
    gone.extend(test_entries);
    gone.retain(|id| huts.iter().all(|hut| hut.source_hut_id != *id));
    Listing { huts, gone, test_entries: Vec::new(), ..listing }
}
