//! Imports a file of huts into the register.

use std::collections::{HashMap, HashSet};

use diesel::result::Error as DieselError;

use crate::db::connection::Db;
use crate::db::{organization, register};
use crate::domain::organization::Organizations;
use crate::domain::register::{Hut, Register, Source};
use crate::register::file::{Column, HutFile, HutRecord, Position};

/// A hut that an import will store. `id` is the stored hut that it replaces; None for a new hut.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    pub id: Option<i32>,
    pub hut: Hut,
}

/// A hut of the file has an ID that another hut already has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{position}: the hut {other:?} already has the ID {source_hut_id:?} of {organization}; use that \
     slug in the file, or give the other hut another ID"
)]
pub struct IdTaken {
    pub position: Position,
    pub other: String,
    pub organization: String,
    pub source_hut_id: String,
}

/// Plans an import: new huts are added, and huts with a known slug are updated.
///
/// # Errors
/// One error for each hut with an ID that another hut has and keeps.
pub fn plan(
    register: &Register,
    file: &HutFile,
    organizations: &Organizations,
) -> Result<Vec<Planned>, Vec<IdTaken>> {
    let known: HashMap<&str, i32> =
        register.iter().map(|(id, hut)| (hut.fields.slug.as_str(), *id)).collect();
    let mut owners = HashMap::new();
    for hut in register.values() {
        for (organization, source) in hut.own_sources() {
            owners.insert((organization, &source.source_hut_id), &hut.fields.slug);
        }
    }
    // A hut loses its ID if the same file gives it another one.
    let renumbered: HashSet<(&String, &String)> = file
        .huts
        .iter()
        .flat_map(|record| record.hut.sources.keys().map(|key| (&record.hut.fields.slug, key)))
        .collect();
    let mut taken = Vec::new();
    for record in &file.huts {
        let slug = &record.hut.fields.slug;
        for (organization, source) in &record.hut.sources {
            let other = owners.get(&(organization, &source.source_hut_id));
            let keeps = |other: &&&String| {
                **other != slug && !renumbered.contains(&(**other, organization))
            };
            if let Some(other) = other.filter(keeps) {
                taken.push(IdTaken {
                    position: record.position,
                    other: (*other).clone(),
                    organization: organization.clone(),
                    source_hut_id: source.source_hut_id.clone(),
                });
            }
        }
    }
    if !taken.is_empty() {
        return Err(taken);
    }
    let planned = |record: &HutRecord| {
        let id = known.get(record.hut.fields.slug.as_str()).copied();
        Planned { id, hut: merged(id.map(|id| &register[&id]), record, organizations) }
    };
    Ok(file.huts.iter().map(planned).collect())
}

/// The stored hut with the changes of the record. Fields without a column in the file, and sources that the
/// file does not name, do not change.
fn merged(stored: Option<&Hut>, record: &HutRecord, organizations: &Organizations) -> Hut {
    let mut hut = stored.cloned().unwrap_or_else(|| Hut::new(record.hut.fields.clone()));
    for column in &record.columns {
        if let Some(field) = column.field() {
            field.copy(&record.hut.fields, &mut hut.fields);
        }
    }
    hut.fields.booking_ref.clone_from(&record.hut.fields.booking_ref);
    for (organization, source) in &record.hut.sources {
        let before = hut.sources.get(organization);
        hut.sources
            .insert(organization.clone(), with_link(organization, source, before, organizations));
    }
    if record.columns.contains(&Column::SetByHand) {
        hut.set_by_hand.clone_from(&record.hut.set_by_hand);
    }
    hut.set_by_hand.extend(&record.also_pinned);
    hut
}

/// A source of a file with its link: the link of the file, else the one that follows from the ID, else the
/// stored one.
fn with_link(
    organization: &str,
    source: &Source,
    before: Option<&Source>,
    organizations: &Organizations,
) -> Source {
    let id = &source.source_hut_id;
    let before = before.filter(|before| before.source_hut_id == *id);
    let by_id = || organizations.booking_link(organization, id);
    let stored = || before.and_then(|before| before.link.clone());
    Source {
        link: source.link.clone().or_else(by_id).or_else(stored),
        last_listed: before.and_then(|before| before.last_listed),
        moved_to: None,
        source_hut_id: id.clone(),
    }
}

/// How many huts an import added, updated and left unchanged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub added: usize,
    pub updated: usize,
    pub unchanged: usize,
}

/// Why a valid file could not be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{}", lines(.0))]
    IdsTaken(Vec<IdTaken>),
    #[error(transparent)]
    Database(#[from] DieselError),
}

fn lines(taken: &[IdTaken]) -> String {
    taken.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ")
}

/// Imports a file in one transaction: adds new huts, and updates huts with a known slug.
///
/// # Errors
/// If the file has IDs of other huts, or the database fails. Then nothing is stored.
pub fn import(
    db: &mut Db,
    file: &HutFile,
    organizations: &Organizations,
) -> Result<Imported, ImportError> {
    register::register_transaction(db, |db| {
        organization::insert_missing(db, organizations)?;
        let stored = register::load(db)?;
        let mut imported = Imported::default();
        for planned in plan(&stored, file, organizations).map_err(ImportError::IdsTaken)? {
            let before = planned.id.map(|id| (id, &stored[&id]));
            match before {
                None => imported.added += 1,
                Some((_, before)) if *before == planned.hut => imported.unchanged += 1,
                Some(_) => imported.updated += 1,
            }
            register::save(db, before, &planned.hut)?;
        }
        Ok(imported)
    })
}
