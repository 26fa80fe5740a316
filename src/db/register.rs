//! `hut`, `hut_source` and `hut_field_set_by_hand`: the register of huts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use diesel::prelude::*;
use diesel::result::Error as DieselError;

use super::connection::{Db, write_transaction};
use super::hut::HutFieldsRow;
use super::schema::{hut, hut_field_set_by_hand, hut_source};
use super::timestamp::Timestamp;
use crate::domain::field::Field;
use crate::domain::register::{Hut, Register, Source};
use crate::query::audience::Audience;
use crate::query::hut_name::NamedHut;

/// Runs `body` in a transaction that blocks other writers of huts. So nothing that it has read changes before
/// it writes. Readers and checks are not blocked.
pub fn register_transaction<T, E: From<DieselError>>(
    db: &mut Db,
    body: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    write_transaction(db, |db| {
        // SQLite has only one writer at a time anyway.
        if let Db::Postgres(connection) = db {
            let lock = "LOCK TABLE hut IN SHARE ROW EXCLUSIVE MODE";
            diesel::sql_query(lock).execute(connection)?;
        }
        body(db)
    })
}

/// All huts.
pub fn load(db: &mut Db) -> QueryResult<Register> {
    let huts = hut::table.select((hut::id, HutFieldsRow::as_select())).load(db)?;
    let sources = hut_source::table.select(SourceRow::as_select()).load(db)?;
    let pinned = hut_field_set_by_hand::table.load(db)?;
    Ok(assemble(huts, sources, pinned))
}

/// The huts with these IDs.
pub fn load_some(db: &mut Db, ids: &[i32]) -> QueryResult<Register> {
    let huts = hut::table.filter(hut::id.eq_any(ids));
    let huts = huts.select((hut::id, HutFieldsRow::as_select())).load(db)?;
    let sources = hut_source::table.filter(hut_source::hut_id.eq_any(ids));
    let sources = sources.select(SourceRow::as_select()).load(db)?;
    let pinned = hut_field_set_by_hand::table.filter(hut_field_set_by_hand::hut_id.eq_any(ids));
    Ok(assemble(huts, sources, pinned.load(db)?))
}

/// The hut with this slug.
pub fn find(db: &mut Db, slug: &str) -> QueryResult<Option<(i32, Hut)>> {
    let id = hut::table.filter(hut::slug.eq(slug)).select(hut::id).first(db).optional()?;
    Ok(match id {
        Some(id) => load_some(db, &[id])?.pop_first(),
        None => None,
    })
}

/// The huts that own any of these IDs of an organization.
pub fn owners(db: &mut Db, organization: &str, source_hut_ids: &[&str]) -> QueryResult<Register> {
    let ids: Vec<i32> = hut_source::table
        .filter(hut_source::organization.eq(organization))
        .filter(hut_source::source_hut_id.eq_any(source_hut_ids))
        .filter(hut_source::moved_to.is_null())
        .select(hut_source::hut_id)
        .load(db)?;
    load_some(db, &ids)
}

/// The IDs of all huts at an organization.
pub fn source_hut_ids(db: &mut Db, organization: &str) -> QueryResult<Vec<String>> {
    hut_source::table
        .filter(hut_source::organization.eq(organization))
        .filter(hut_source::moved_to.is_null())
        .select(hut_source::source_hut_id)
        .load(db)
}

/// Stores that an ID of an organization belongs to the hut `owner` now. This updates the huts that had it.
pub fn repoint(
    db: &mut Db,
    organization: &str,
    source_hut_id: &str,
    owner: i32,
) -> QueryResult<usize> {
    let moved = hut_source::table
        .filter(hut_source::organization.eq(organization))
        .filter(hut_source::source_hut_id.eq(source_hut_id))
        .filter(hut_source::moved_to.is_not_null());
    diesel::update(moved).set(hut_source::moved_to.eq(owner)).execute(db)
}

/// The slugs that begin with `prefix`.
pub fn slugs_with_prefix(db: &mut Db, prefix: &str) -> QueryResult<BTreeSet<String>> {
    let pattern = prefix.replace('\\', "\\\\").replace('_', "\\_").replace('%', "\\%");
    let begins = hut::slug.like(format!("{pattern}%")).escape('\\');
    let slugs: Vec<String> = hut::table.filter(begins).select(hut::slug).load(db)?;
    Ok(slugs.into_iter().collect())
}

/// The slugs and names of all huts.
pub fn names(db: &mut Db) -> QueryResult<Vec<NamedHut>> {
    let huts: Vec<(String, String)> = hut::table.select((hut::slug, hut::name)).load(db)?;
    Ok(huts.into_iter().map(|(slug, name)| NamedHut { slug, name }).collect())
}

/// The codes of the countries with huts that these readers see.
pub fn countries(db: &mut Db, audience: Audience) -> QueryResult<BTreeSet<String>> {
    let mut query = hut::table.select(hut::country.assume_not_null()).distinct().into_boxed();
    query = query.filter(hut::country.is_not_null());
    if audience == Audience::Public {
        query = query.filter(hut::is_public);
    }
    let countries: Vec<String> = query.load(db)?;
    Ok(countries.into_iter().collect())
}

/// The number of huts.
pub fn count(db: &mut Db) -> QueryResult<i64> {
    hut::table.count().get_result(db)
}

/// Stores a hut over `before`, or as a new one, and returns its ID. Only differences are written.
pub fn save(db: &mut Db, before: Option<(i32, &Hut)>, after: &Hut) -> QueryResult<i32> {
    let new = Hut::new(after.fields.clone());
    let (id, before) = match before {
        Some((id, before)) => {
            if before.fields != after.fields {
                let row = HutFieldsRow::from(after.fields.clone());
                diesel::update(hut::table.find(id)).set(row).execute(db)?;
            }
            (id, before)
        }
        None => {
            let insert =
                diesel::insert_into(hut::table).values(HutFieldsRow::from(after.fields.clone()));
            (insert.returning(hut::id).get_result(db)?, &new)
        }
    };
    for (organization, source) in &after.sources {
        let row = SourceRow::new(id, organization, source);
        match before.sources.get(organization) {
            None => diesel::insert_into(hut_source::table).values(&row).execute(db)?,
            Some(stored) if stored != source => {
                diesel::update(hut_source::table.find((id, organization))).set(&row).execute(db)?
            }
            Some(_) => 0,
        };
    }
    for field in after.set_by_hand.difference(&before.set_by_hand) {
        let row = (
            hut_field_set_by_hand::hut_id.eq(id),
            hut_field_set_by_hand::field.eq(field.to_string()),
        );
        diesel::insert_into(hut_field_set_by_hand::table).values(row).execute(db)?;
    }
    for field in before.set_by_hand.difference(&after.set_by_hand) {
        let row = hut_field_set_by_hand::table.find((id, field.to_string()));
        diesel::delete(row).execute(db)?;
    }
    Ok(id)
}

/// Stores a new hut with an ID of its own choice.
pub fn add_as(db: &mut Db, id: i32, new: &Hut) -> QueryResult<()> {
    let row = (hut::id.eq(id), HutFieldsRow::from(new.fields.clone()));
    diesel::insert_into(hut::table).values(row).execute(db)?;
    save(db, Some((id, &Hut::new(new.fields.clone()))), new)?;
    Ok(())
}

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = hut_source, treat_none_as_null = true, treat_none_as_default_value = false)]
struct SourceRow {
    hut_id: i32,
    organization: String,
    source_hut_id: String,
    link: Option<String>,
    last_listed: Option<Timestamp>,
    moved_to: Option<i32>,
}

impl SourceRow {
    fn new(hut_id: i32, organization: &str, source: &Source) -> Self {
        Self {
            hut_id,
            organization: organization.to_owned(),
            source_hut_id: source.source_hut_id.clone(),
            link: source.link.clone(),
            last_listed: source.last_listed.map(Timestamp::from),
            moved_to: source.moved_to,
        }
    }
}

impl From<SourceRow> for Source {
    fn from(row: SourceRow) -> Self {
        Self {
            source_hut_id: row.source_hut_id,
            link: row.link,
            last_listed: row.last_listed.map(DateTime::from),
            moved_to: row.moved_to,
        }
    }
}

/// Combines the rows of three tables to huts. Pinned fields that this version does not know are ignored here
/// and stay stored for the version that knows them.
fn assemble(
    huts: Vec<(i32, HutFieldsRow)>,
    sources: Vec<SourceRow>,
    pinned: Vec<(i32, String)>,
) -> Register {
    let mut register: BTreeMap<i32, Hut> =
        huts.into_iter().map(|(id, row)| (id, Hut::new(row.into()))).collect();
    for row in sources {
        if let Some(hut) = register.get_mut(&row.hut_id) {
            hut.sources.insert(row.organization.clone(), row.into());
        }
    }
    for (hut_id, field) in pinned {
        if let (Some(hut), Ok(field)) = (register.get_mut(&hut_id), field.parse::<Field>()) {
            hut.set_by_hand.insert(field);
        }
    }
    register
}
