//! Stores what the walks through the sites find, step by step, so that an interrupted one goes on
//! where it stopped; and what became of it all.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use serde::Serialize;

use crate::db::connection::Db;
use crate::db::discovery::{self as progress, Progress};
use crate::db::register::{self, register_transaction};
use crate::discovery::slug::free_slug;
use crate::discovery::twins::Twins;
use crate::discovery::{HutChange, Outcome, gone, new_hut, slug_for, told};
use crate::event::Failure;
use crate::hut::Organization;
use crate::register::{Hut, Register, Source, owner};
use crate::source::{Listing, SiteHut, SourceError};

/// What became of a discovery, also as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Discovered {
    pub started_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    pub dry_run: bool,
    pub interrupted: bool,
    pub sites: Vec<SiteDiscovered>,
    /// Huts that are new or others than before, and those of which something is unknown.
    pub huts: Vec<HutChange>,
    pub twins: Vec<Twins>,
}

/// What became of the walk through one site.
#[derive(Clone, Debug, Serialize)]
pub struct SiteDiscovered {
    #[serde(serialize_with = "crate::report::as_text")]
    pub organization: Organization,
    /// The first step of this walk: an ID, or a page.
    pub first_step: u32,
    /// Where the next discovery begins, if this one did not come to its end.
    pub next_step: Option<u32>,
    /// How many huts had an outcome.
    pub outcomes: BTreeMap<Outcome, usize>,
    /// Entries that the site's makers test with, left out.
    pub test_entries: usize,
    /// How often which field could not be read.
    pub unreadable: BTreeMap<&'static str, usize>,
    pub failures: Vec<StepFailure>,
    /// Why the site was left.
    pub left: Option<Failure>,
}

/// A step that failed.
#[derive(Clone, Debug, Serialize)]
pub struct StepFailure {
    pub step: u32,
    pub error: Failure,
}

/// Stores one walk.
pub struct Recorder {
    site: SiteDiscovered,
    progress: Progress,
    /// Failed steps since the last one that did not: where a walk ends with them, the next one
    /// begins with them.
    held: u32,
    dry_run: bool,
    /// IDs that this walk found.
    seen: HashSet<String>,
    /// Whether the site lists all of its huts, so that those which it does not list are gone.
    lists_all: bool,
    /// What the register would be, as far as a dry run would change it.
    overlay: Register,
}

impl Recorder {
    /// Begins a walk, or goes on with the one that is not finished unless it is to be `fresh`.
    pub fn begin(
        db: &mut Db,
        organization: Organization,
        fresh: bool,
        dry_run: bool,
        now: DateTime<Utc>,
    ) -> QueryResult<Self> {
        let slug = organization.to_string();
        let unfinished = progress::unfinished(db, &slug)?.filter(|_| !fresh);
        let progress =
            unfinished.unwrap_or(Progress { started_at: now, next_step: 1, failed_steps: 0 });
        if !dry_run {
            register_transaction(db, |db| progress::save(db, &slug, &progress, None))?;
        }
        let site = SiteDiscovered {
            organization,
            first_step: progress.next_step,
            next_step: Some(progress.next_step),
            outcomes: BTreeMap::new(),
            test_entries: 0,
            unreadable: BTreeMap::new(),
            failures: Vec::new(),
            left: None,
        };
        Ok(Self {
            site,
            progress,
            held: 0,
            dry_run,
            seen: HashSet::new(),
            lists_all: false,
            overlay: Register::new(),
        })
    }

    /// The step with which the walk begins.
    #[must_use]
    pub fn first_step(&self) -> u32 {
        self.progress.next_step
    }

    /// Stores what a step found, and how far the walk came, in one transaction.
    pub fn step(
        &mut self,
        db: &mut Db,
        step: u32,
        listing: Result<Listing, SourceError>,
    ) -> QueryResult<Vec<HutChange>> {
        let listing = match listing {
            Ok(listing) => listing,
            Err(error) => {
                let error = Failure::new(error.kind(), &error.to_string());
                self.site.failures.push(StepFailure { step, error });
                self.held += 1;
                return Ok(Vec::new());
            }
        };
        self.pass_held();
        self.progress.next_step = step.saturating_add(1);
        self.site.test_entries += listing.test_entries;
        self.lists_all |= listing.last_step.is_some();
        for unreadable in &listing.unreadable {
            *self.site.unreadable.entry(unreadable.field).or_default() += 1;
            // It may be a hut that would seem to be gone.
            self.progress.failed_steps += 1;
        }
        self.seen.extend(listing.huts.iter().map(|hut| hut.source_hut_id.clone()));
        let changes = self.transaction(db, |this, db| {
            let changes = this.apply(db, listing)?;
            this.save_progress(db, None)?;
            Ok(changes)
        })?;
        self.count(&changes);
        Ok(changes)
    }

    /// Ends a walk that has no more steps. Where the site lists all of its huts and no page is
    /// missing, those that it did not list are gone.
    pub fn finish(&mut self, db: &mut Db, now: DateTime<Utc>) -> QueryResult<Vec<HutChange>> {
        self.pass_held();
        let changes = self.transaction(db, |this, db| {
            let gone = if this.lists_all && this.progress.failed_steps == 0 {
                this.not_listed(db)?
            } else {
                Vec::new()
            };
            let changes = this.apply(db, Listing { gone, ..Listing::default() })?;
            this.save_progress(db, Some(now))?;
            Ok(changes)
        })?;
        self.site.next_step = None;
        self.count(&changes);
        Ok(changes)
    }

    /// Notes that the walk does not go on for now.
    pub fn leave(&mut self, why: Failure) {
        self.site.left = Some(why);
    }

    /// What became of the walk, and what a dry run would have stored.
    #[must_use]
    pub fn result(mut self) -> (SiteDiscovered, Register) {
        self.site.next_step = self.site.next_step.map(|_| self.progress.next_step);
        (self.site, self.overlay)
    }

    fn pass_held(&mut self) {
        self.progress.failed_steps += std::mem::take(&mut self.held);
    }

    /// The database's calls block; the other tasks move to another thread and go on asking.
    fn transaction<T>(
        &mut self,
        db: &mut Db,
        body: impl FnOnce(&mut Self, &mut Db) -> QueryResult<T>,
    ) -> QueryResult<T> {
        tokio::task::block_in_place(|| {
            if self.dry_run {
                body(self, db)
            } else {
                register_transaction(db, |db| body(self, db))
            }
        })
    }

    fn apply(&mut self, db: &mut Db, listing: Listing) -> QueryResult<Vec<HutChange>> {
        let organization = self.site.organization.to_string();
        let ids = listing.huts.iter().map(|hut| hut.source_hut_id.as_str());
        let ids: Vec<&str> = ids.chain(listing.gone.iter().map(String::as_str)).collect();
        let mut known = register::owners(db, &organization, &ids)?;
        let mut changes = Vec::new();
        for site in listing.huts {
            let before = owner(&known, &organization, &site.source_hut_id);
            let hut = match before {
                Some((_, hut)) => hut.clone(),
                None => self.new_hut(db, &site)?,
            };
            let after = told(&hut, self.site.organization, &site, self.progress.started_at);
            let id = self.save(db, before, &after)?;
            let before = before.map(|(_, hut)| hut);
            changes.push(HutChange::new(
                before,
                &after,
                &organization,
                &site.source_hut_id,
                site.unreadable,
            ));
            // A page may list a hut twice.
            known.insert(id, after);
        }
        for source_hut_id in listing.gone {
            let Some((id, before)) = owner(&known, &organization, &source_hut_id) else { continue };
            let after = gone(before, &organization);
            changes.push(HutChange::new(
                Some(before),
                &after,
                &organization,
                &source_hut_id,
                Vec::new(),
            ));
            self.save(db, Some((id, before)), &after)?;
        }
        Ok(changes)
    }

    /// A hut that nobody has yet, with a slug that nobody has.
    fn new_hut(&self, db: &mut Db, site: &SiteHut) -> QueryResult<Hut> {
        let slug = slug_for(self.site.organization, site);
        let mut taken = register::slugs_beginning(db, &slug)?;
        taken.extend(self.overlay.values().map(|hut| hut.fields.slug.clone()));
        Ok(new_hut(self.site.organization, site, free_slug(&slug, &taken)))
    }

    /// Stores a hut, and returns its ID. In a dry run it is only remembered, a new one by an ID that
    /// no stored hut has.
    fn save(&mut self, db: &mut Db, before: Option<(i32, &Hut)>, after: &Hut) -> QueryResult<i32> {
        if !self.dry_run {
            return register::save(db, before, after);
        }
        let new_id = i32::MAX - i32::try_from(self.overlay.len()).unwrap_or(i32::MAX);
        let id = before.map_or(new_id, |(id, _)| id);
        self.overlay.insert(id, after.clone());
        Ok(id)
    }

    fn save_progress(&self, db: &mut Db, finished_at: Option<DateTime<Utc>>) -> QueryResult<()> {
        if self.dry_run {
            return Ok(());
        }
        progress::save(db, &self.site.organization.to_string(), &self.progress, finished_at)
    }

    /// The IDs of huts that the walk has not found.
    fn not_listed(&self, db: &mut Db) -> QueryResult<Vec<String>> {
        let organization = self.site.organization.to_string();
        let register = register::load(db)?;
        let sources = register.values().filter_map(|hut| hut.source(&organization));
        let is_missing = |source: &&Source| {
            source.last_listed != Some(self.progress.started_at)
                && !self.seen.contains(&source.source_hut_id)
        };
        Ok(sources.filter(is_missing).map(|source| source.source_hut_id.clone()).collect())
    }

    fn count(&mut self, changes: &[HutChange]) {
        for change in changes {
            *self.site.outcomes.entry(change.outcome).or_default() += 1;
            for unreadable in &change.unreadable {
                *self.site.unreadable.entry(unreadable.field).or_default() += 1;
            }
        }
    }
}
