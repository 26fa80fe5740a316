//! The register of huts, their sources and pinned fields, and the discoveries: small tables, one page each.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::row::{CopyRow, copy_part, insert};
use crate::db::connection::Db;
use crate::db::schema::{
    discovery, hut, hut_field_set_by_hand, hut_source, hut_type, organization,
};
use crate::db::timestamp::Timestamp;

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = organization, treat_none_as_default_value = false)]
pub struct OrganizationRow {
    slug: String,
    name: String,
    url: String,
}

#[derive(Clone, PartialEq, AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = hut_type, primary_key(slug), treat_none_as_default_value = false)]
pub struct HutTypeRow {
    slug: String,
    identifier: String,
    color: String,
    sort_order: i32,
}

#[derive(Clone, PartialEq, AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = hut, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct HutRow {
    pub id: i32,
    pub slug: String,
    name: String,
    country: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    elevation: Option<i16>,
    hut_type_open: Option<String>,
    hut_type_closed: Option<String>,
    capacity_open: Option<i16>,
    capacity_closed: Option<i16>,
    is_active: bool,
    booking_ref: Option<String>,
    is_public: bool,
    takeover_read_at: Option<Timestamp>,
    takeover_record: Option<String>,
}

#[derive(Clone, PartialEq, AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = hut_source, primary_key(hut_id, organization))]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SourceRow {
    hut_id: i32,
    organization: String,
    source_hut_id: String,
    link: Option<String>,
    last_listed: Option<Timestamp>,
    moved_to: Option<i32>,
}

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = hut_field_set_by_hand, treat_none_as_default_value = false)]
pub struct PinnedFieldRow {
    hut_id: i32,
    field: String,
}

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = discovery, treat_none_as_default_value = false)]
pub struct DiscoveryRow {
    organization: String,
    started_at: Timestamp,
    next_step: i32,
    failed_steps: i32,
    finished_at: Option<Timestamp>,
}

/// A table of which all rows are read at once.
macro_rules! one_page {
    ($($row:ident of $table:ident {
        key: $key:ty = $key_of:expr, may_become: $may_become:expr, may_go: $may_go:expr
    })+) => {$(
        impl CopyRow for $row {
            const TABLE: &'static str = stringify!($table);
            type Part = ();
            type Key = $key;

            fn key(&self) -> $key {
                let key_of: fn(&Self) -> $key = $key_of;
                key_of(self)
            }

            fn page(db: &mut Db, (): (), after: Option<&$key>) -> QueryResult<Vec<Self>> {
                if after.is_some() {
                    return Ok(Vec::new());
                }
                let mut rows = $table::table.select(Self::as_select()).load(db)?;
                // Not sorted by the database, because the order of texts depends on its locale.
                rows.sort_by_key(Self::key);
                Ok(rows)
            }

            fn insert(db: &mut Db, rows: &[Self]) -> QueryResult<()> {
                insert!($table, db, rows)
            }

            fn may_become(&self, now: &Self) -> bool {
                let may_become: fn(&Self, &Self) -> bool = $may_become;
                may_become(self, now)
            }

            fn may_be_deleted(_: &$key, _: Option<&$key>) -> bool {
                $may_go
            }
        }
    )+};
}
pub(super) use one_page;

one_page! {
    OrganizationRow of organization {
        key: String = |row| row.slug.clone(),
        may_become: |was, now| was == now,
        may_go: false
    }
    HutTypeRow of hut_type {
        key: String = |row| row.slug.clone(),
        may_become: |_, _| true,
        may_go: false
    }
    HutRow of hut {
        key: i32 = |row| row.id,
        may_become: |was, now| was.slug == now.slug,
        may_go: false
    }
    SourceRow of hut_source {
        key: (i32, String) = |row| (row.hut_id, row.organization.clone()),
        may_become: |_, _| true,
        may_go: false
    }
    PinnedFieldRow of hut_field_set_by_hand {
        key: (i32, String) = |row| (row.hut_id, row.field.clone()),
        may_become: |_, _| true,
        may_go: true
    }
    DiscoveryRow of discovery {
        key: String = |row| row.organization.clone(),
        may_become: |was, now| was.started_at <= now.started_at,
        may_go: false
    }
}

/// Copies the register of one database over an earlier state of it in another.
pub fn copy_register(from: &mut Db, to: &mut Db) -> QueryResult<()> {
    put::<OrganizationRow>(from, to, |_, _| Ok(0))?;
    put::<HutTypeRow>(from, to, |db, row| {
        diesel::update(hut_type::table.find(&row.slug)).set(row).execute(db)
    })?;
    // All huts come before their sources, because a source may refer to another hut than its own.
    put::<HutRow>(from, to, |db, row| {
        diesel::update(hut::table.find(row.id)).set(row).execute(db)
    })?;
    put::<SourceRow>(from, to, |db, row| {
        let source = hut_source::table.find((row.hut_id, &row.organization));
        diesel::update(source).set(row).execute(db)
    })?;
    diesel::delete(hut_field_set_by_hand::table).execute(to)?;
    copy_part::<PinnedFieldRow>(from, to, ())?;
    diesel::delete(discovery::table).execute(to)?;
    copy_part::<DiscoveryRow>(from, to, ())?;
    Ok(())
}

/// Inserts missing rows, and updates rows that differ.
fn put<R: CopyRow<Part = ()> + Clone>(
    from: &mut Db,
    to: &mut Db,
    update: fn(&mut Db, &R) -> QueryResult<usize>,
) -> QueryResult<()> {
    let existing: BTreeMap<_, _> =
        R::page(to, (), None)?.into_iter().map(|row| (row.key(), row)).collect();
    let mut missing = Vec::new();
    for row in R::page(from, (), None)? {
        match existing.get(&row.key()) {
            None => missing.push(row),
            Some(stored) if *stored != row => {
                update(to, &row)?;
            }
            Some(_) => {}
        }
    }
    R::insert(to, &missing)
}
