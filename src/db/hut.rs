//! `hut` and `hut_source`: the huts and who knows them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::connection::{Db, write_transaction};
use super::schema::{hut, hut_source};
use crate::hut::HutType;
use crate::hut_file::{HutFile, HutRecord};

/// The columns of a hut that an import sets.
#[derive(Clone, Debug, PartialEq, AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = hut, treat_none_as_null = true, treat_none_as_default_value = false)]
struct HutFields {
    slug: String,
    name: String,
    country: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    elevation: Option<i16>,
    hut_type_open: Option<HutType>,
    hut_type_closed: Option<HutType>,
    capacity_open: Option<i16>,
    capacity_closed: Option<i16>,
    booking_ref: Option<String>,
}

#[derive(Clone, Debug, PartialEq, AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = hut_source, treat_none_as_null = true, treat_none_as_default_value = false)]
struct HutSource {
    hut_id: i32,
    organization: String,
    source_hut_id: String,
    link: Option<String>,
}

impl From<&HutRecord> for HutFields {
    fn from(record: &HutRecord) -> Self {
        Self {
            slug: record.slug.clone(),
            name: record.name.clone(),
            country: record.country.clone(),
            latitude: record.latitude,
            longitude: record.longitude,
            elevation: record.elevation,
            hut_type_open: record.hut_type_open,
            hut_type_closed: record.hut_type_closed,
            capacity_open: record.capacity_open,
            capacity_closed: record.capacity_closed,
            booking_ref: Some(record.organization.to_string()),
        }
    }
}

impl HutFields {
    /// Keeps what is stored in a column.
    fn keep(&mut self, column: &str, stored: &Self) {
        match column {
            "country" => self.country.clone_from(&stored.country),
            "latitude" => self.latitude = stored.latitude,
            "longitude" => self.longitude = stored.longitude,
            "elevation" => self.elevation = stored.elevation,
            "hut_type_open" => self.hut_type_open = stored.hut_type_open,
            "hut_type_closed" => self.hut_type_closed = stored.hut_type_closed,
            "capacity_open" => self.capacity_open = stored.capacity_open,
            "capacity_closed" => self.capacity_closed = stored.capacity_closed,
            required => unreachable!("a file without {required} is refused"),
        }
    }
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub added: usize,
    pub updated: usize,
    pub unchanged: usize,
}

/// Why nothing of a file was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(
        "line {line}: the hut {other:?} has the ID {source_hut_id:?} of {organization} already"
    )]
    IdTaken { line: u64, other: String, organization: String, source_hut_id: String },
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

/// What is stored of the huts, by which records are told new, changed and known.
struct Known {
    huts: HashMap<String, (i32, HutFields)>,
    sources: HashMap<(i32, String), HutSource>,
    /// Slug of the hut that has an ID of an organization.
    owners: HashMap<(String, String), String>,
}

/// Adds the huts of a file and updates those whose slug is known, all or none.
pub fn import(db: &mut Db, file: &HutFile) -> Result<Imported, ImportError> {
    let records = &file.huts;
    write_transaction(db, |db| {
        let known = Known::load(db)?;
        if let Some(error) = records.iter().find_map(|record| known.taken(record, records)) {
            return Err(error);
        }
        let mut imported = Imported::default();
        for record in records {
            save(db, &known, record, &file.absent, &mut imported)?;
        }
        Ok(imported)
    })
}

fn save(
    db: &mut Db,
    known: &Known,
    record: &HutRecord,
    absent: &[&str],
    imported: &mut Imported,
) -> QueryResult<()> {
    let mut fields = HutFields::from(record);
    let (hut_id, is_new, mut has_changed) = match known.huts.get(&record.slug) {
        None => {
            let new = diesel::insert_into(hut::table).values(&fields);
            (new.returning(hut::id).get_result(db)?, true, false)
        }
        Some((hut_id, stored)) => {
            absent.iter().for_each(|column| fields.keep(column, stored));
            (*hut_id, false, *stored != fields)
        }
    };
    let source = HutSource {
        hut_id,
        organization: record.organization.to_string(),
        source_hut_id: record.source_hut_id.clone(),
        link: record.organization.booking_link(&record.source_hut_id),
    };
    match known.sources.get(&(hut_id, source.organization.clone())) {
        None => {
            diesel::insert_into(hut_source::table).values(&source).execute(db)?;
            has_changed = true;
        }
        Some(stored) if *stored != source => {
            let row = hut_source::table.find((hut_id, &source.organization));
            diesel::update(row).set(&source).execute(db)?;
            has_changed = true;
        }
        Some(_) => {}
    }
    match (is_new, has_changed) {
        (true, _) => imported.added += 1,
        (false, false) => imported.unchanged += 1,
        (false, true) => {
            diesel::update(hut::table.find(hut_id)).set(&fields).execute(db)?;
            imported.updated += 1;
        }
    }
    Ok(())
}

impl Known {
    fn load(db: &mut Db) -> QueryResult<Self> {
        let huts: Vec<(i32, HutFields)> =
            hut::table.select((hut::id, HutFields::as_select())).load(db)?;
        let sources: Vec<(HutSource, String)> = hut_source::table
            .inner_join(hut::table.on(hut::id.eq(hut_source::hut_id)))
            .select((HutSource::as_select(), hut::slug))
            .load(db)?;
        let owner = |(source, slug): &(HutSource, String)| {
            ((source.organization.clone(), source.source_hut_id.clone()), slug.clone())
        };
        Ok(Self {
            owners: sources.iter().map(owner).collect(),
            huts: huts.into_iter().map(|(id, hut)| (hut.slug.clone(), (id, hut))).collect(),
            sources: sources
                .into_iter()
                .map(|(source, _)| ((source.hut_id, source.organization.clone()), source))
                .collect(),
        })
    }

    /// Whether another hut has the record's ID, and keeps it: it does not get another one from
    /// the same file.
    fn taken(&self, record: &HutRecord, records: &[HutRecord]) -> Option<ImportError> {
        let organization = record.organization.to_string();
        let other = self.owners.get(&(organization.clone(), record.source_hut_id.clone()))?;
        let moves = |other_record: &HutRecord| {
            other_record.slug == *other && other_record.organization == record.organization
        };
        if *other == record.slug || records.iter().any(moves) {
            return None;
        }
        Some(ImportError::IdTaken {
            line: record.line,
            other: other.clone(),
            organization,
            source_hut_id: record.source_hut_id.clone(),
        })
    }
}

/// A hut with the organization that is followed, for the list.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct ListedHut {
    pub id: i32,
    pub slug: String,
    pub name: String,
    pub country: Option<String>,
    pub elevation: Option<i16>,
    pub capacity_open: Option<i16>,
    pub capacity_closed: Option<i16>,
    pub is_active: bool,
    pub booking_ref: Option<String>,
    pub source_hut_id: Option<String>,
}

/// All huts, by slug.
pub fn list(db: &mut Db) -> QueryResult<Vec<ListedHut>> {
    let of_booking_ref = hut_source::hut_id
        .eq(hut::id)
        .and(hut_source::organization.nullable().eq(hut::booking_ref));
    hut::table
        .left_join(hut_source::table.on(of_booking_ref))
        .order(hut::slug)
        .select((
            hut::id,
            hut::slug,
            hut::name,
            hut::country,
            hut::elevation,
            hut::capacity_open,
            hut::capacity_closed,
            hut::is_active,
            hut::booking_ref,
            hut_source::source_hut_id.nullable(),
        ))
        .load(db)
}

/// How many huts there are.
pub fn count(db: &mut Db) -> QueryResult<i64> {
    hut::table.count().get_result(db)
}
