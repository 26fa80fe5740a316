//! Stores discovered huts: in the database, or in a dry run only in memory.

use diesel::QueryResult;

use crate::db::connection::Db;
use crate::db::organization;
use crate::db::register::{self, register_transaction};
use crate::domain::organization::{Organization, Organizations};
use crate::domain::register::{Hut, Register};
use crate::text::slug::free_slug;

/// The ID of the first new hut of a dry run; greater than any stored ID.
const FIRST_PREVIEW_ID: i32 = 1_000_000_000;

/// Stores discovered huts: in the database, or in a dry run only in memory.
pub struct Ledger {
    pub(super) db: Db,
    dry_run: bool,
    /// The huts that a dry run would store, by ID. New huts have IDs that no stored hut has.
    preview: Register,
}

impl Ledger {
    /// A ledger that writes to `db` unless it is a `dry_run`.
    #[must_use]
    pub fn new(db: Db, dry_run: bool) -> Self {
        Self { db, dry_run, preview: Register::new() }
    }

    /// Inserts the organizations that are missing, unless it is a dry run.
    pub fn insert_organizations(&mut self, organizations: &Organizations) -> QueryResult<()> {
        if self.dry_run {
            Ok(())
        } else {
            organization::insert_missing(&mut self.db, organizations)
        }
    }

    /// All huts: the stored ones, in a dry run with the changes that it would store.
    pub fn register(&mut self) -> QueryResult<Register> {
        let mut register = register::load(&mut self.db)?;
        register.extend(self.preview.clone());
        Ok(register)
    }

    /// The IDs that huts have at an organization.
    pub fn source_hut_ids(&mut self, organization: Organization) -> QueryResult<Vec<String>> {
        register::source_hut_ids(&mut self.db, &organization.to_string())
    }

    /// Runs `body` in one transaction. `body` gets the preview in a dry run, else None. The database calls
    /// block this thread, so the runtime moves its other tasks to another thread.
    pub(super) fn transaction<T>(
        &mut self,
        body: impl FnOnce(&mut Db, Option<&mut Register>) -> QueryResult<T>,
    ) -> QueryResult<T> {
        tokio::task::block_in_place(|| match self.dry_run {
            true => body(&mut self.db, Some(&mut self.preview)),
            false => register_transaction(&mut self.db, |db| body(db, None)),
        })
    }
}

/// Stores a hut, in a dry run only in the preview, and returns its ID.
pub(super) fn save(
    db: &mut Db,
    preview: Option<&mut Register>,
    before: Option<(i32, &Hut)>,
    after: &Hut,
) -> QueryResult<i32> {
    let Some(preview) = preview else { return register::save(db, before, after) };
    let new_id = || FIRST_PREVIEW_ID + i32::try_from(preview.len()).unwrap_or(i32::MAX / 2);
    let id = before.map_or_else(new_id, |(id, _)| id);
    preview.insert(id, after.clone());
    Ok(id)
}

/// The slug, with a number appended if another hut has it.
pub(super) fn unused_slug(
    db: &mut Db,
    preview: Option<&Register>,
    slug: &str,
) -> QueryResult<String> {
    let mut taken = register::slugs_with_prefix(db, slug)?;
    let preview = preview.iter().flat_map(|huts| huts.values());
    taken.extend(preview.map(|hut| hut.fields.slug.clone()));
    Ok(free_slug(slug, &taken))
}
