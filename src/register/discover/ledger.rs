//! Where finds go: to the database, or in a dry run to what it would be.

use diesel::QueryResult;

use crate::db::connection::Db;
use crate::db::organization;
use crate::db::register::{self, register_transaction};
use crate::domain::organization::{Organization, Organizations};
use crate::domain::register::{Hut, Register};
use crate::text::slug::free_slug;

/// The ID of the first new hut of a dry run: more than any stored one has.
const FIRST_WOULD_BE_ID: i32 = 1_000_000_000;

/// Where finds go: to the database, or in a dry run to what it would be.
pub struct Ledger {
    pub(super) db: Db,
    dry_run: bool,
    /// The huts that a dry run would have stored; new ones have IDs that no hut has.
    would_be: Register,
}

impl Ledger {
    /// A ledger that writes to `db` unless it is a `dry_run`.
    #[must_use]
    pub fn new(db: Db, dry_run: bool) -> Self {
        Self { db, dry_run, would_be: Register::new() }
    }

    /// Inserts the organizations that are missing, unless it is a dry run.
    pub fn insert_organizations(&mut self, organizations: &Organizations) -> QueryResult<()> {
        if self.dry_run {
            Ok(())
        } else {
            organization::insert_missing(&mut self.db, organizations)
        }
    }

    /// All huts, as they are stored or would be.
    pub fn register(&mut self) -> QueryResult<Register> {
        let mut register = register::load(&mut self.db)?;
        register.extend(self.would_be.clone());
        Ok(register)
    }

    /// The IDs that huts have at an organization.
    pub fn source_hut_ids(&mut self, organization: Organization) -> QueryResult<Vec<String>> {
        register::source_hut_ids(&mut self.db, &organization.to_string())
    }

    /// Does all of `body` or nothing. The database's calls block; the other tasks move to another
    /// thread and go on asking.
    pub(super) fn transaction<T>(
        &mut self,
        body: impl FnOnce(&mut Db, Option<&mut Register>) -> QueryResult<T>,
    ) -> QueryResult<T> {
        tokio::task::block_in_place(|| match self.dry_run {
            true => body(&mut self.db, Some(&mut self.would_be)),
            false => register_transaction(&mut self.db, |db| body(db, None)),
        })
    }
}

/// Stores a hut, and returns its ID.
pub(super) fn save(
    db: &mut Db,
    would_be: Option<&mut Register>,
    before: Option<(i32, &Hut)>,
    after: &Hut,
) -> QueryResult<i32> {
    let Some(would_be) = would_be else { return register::save(db, before, after) };
    let new_id = || FIRST_WOULD_BE_ID + i32::try_from(would_be.len()).unwrap_or(i32::MAX / 2);
    let id = before.map_or_else(new_id, |(id, _)| id);
    would_be.insert(id, after.clone());
    Ok(id)
}

/// The slug, or with a number if somebody has it.
pub(super) fn unused_slug(
    db: &mut Db,
    would_be: Option<&Register>,
    slug: &str,
) -> QueryResult<String> {
    let mut taken = register::slugs_with_prefix(db, slug)?;
    let would_be = would_be.iter().flat_map(|huts| huts.values());
    taken.extend(would_be.map(|hut| hut.fields.slug.clone()));
    Ok(free_slug(slug, &taken))
}
