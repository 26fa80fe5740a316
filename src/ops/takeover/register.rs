//! Writes the register of a takeover: organizations, types, huts and their sources, in one transaction.

use std::collections::BTreeMap;

use anyhow::bail;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::plan::Plan;
use super::plan::taken::TypeLook;
use crate::db::connection::Db;
use crate::db::schema::{hut, hut_type, organization};
use crate::db::takeover::{self, TakenHut};
use crate::db::{organization as organizations, register};
use crate::domain::organization::Organizations;
use crate::domain::register::{Hut, Register};
use crate::domain::takeover::counts::Counts;
use crate::domain::takeover::source::MISSING_ID;
use crate::ops::copy::rows::continue_numbering;

/// What is stored of a hut whose nights are taken, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Of the plan of the hut, and of its nights in the other database.
    pub digest: String,
    pub counts: Counts,
}

impl Record {
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("plain values have JSON")
    }
}

/// What the target has already, and what the takeover changes in its register.
#[derive(Debug, Default, PartialEq)]
pub struct Changes {
    /// The huts whose nights are to be taken, in the order of their IDs.
    pub to_take: Vec<i32>,
    /// The records of the huts whose nights are the same as before.
    pub records: BTreeMap<i32, Record>,
    /// The number of huts that the target did not have.
    pub new: usize,
    /// The number of huts whose fields or sources differed.
    pub changed: usize,
    /// The slugs of the huts that the other database no longer has.
    pub gone: Vec<String>,
}

/// Compares the target with the plan. Writes nothing.
///
/// # Errors
/// The target has huts that no takeover has written, or those of a takeover that has read a later state.
pub fn compare(db: &mut Db, plan: &Plan, read_at: DateTime<Utc>) -> anyhow::Result<Changes> {
    let stored = takeover::huts(db)?;
    ensure_taken(&stored, plan, read_at)?;
    let register = register::load(db)?;
    let mut changes = Changes::default();
    let records: BTreeMap<i32, Option<Record>> =
        stored.iter().map(|of| (of.id, of.record.as_deref().and_then(parse))).collect();
    for (id, of_hut) in &plan.huts {
        match register.get(id) {
            None => changes.new += 1,
            Some(before) if *before != merged(before, &plan.register[id]) => changes.changed += 1,
            Some(_) => {}
        }
        let record = records.get(id).and_then(Option::as_ref);
        match record.filter(|record| record.digest == of_hut.digest) {
            Some(record) => {
                changes.records.insert(*id, record.clone());
            }
            None => changes.to_take.push(*id),
        }
    }
    for (id, hut) in gone(&register, plan) {
        changes.gone.push(hut.fields.slug.clone());
        let record = records.get(&id).and_then(Option::as_ref).cloned();
        changes.records.insert(id, record.unwrap_or_default());
    }
    Ok(changes)
}

fn parse(record: &str) -> Option<Record> {
    serde_json::from_str(record).ok()
}

/// The huts of the target that the other database no longer has.
fn gone<'a>(register: &'a Register, plan: &'a Plan) -> impl Iterator<Item = (i32, &'a Hut)> {
    let is_gone = |(id, _): &(&i32, &Hut)| !plan.huts.contains_key(id);
    register.iter().filter(is_gone).map(|(id, hut)| (*id, hut))
}

/// Returns an error if the target has data of another origin.
fn ensure_taken(stored: &[TakenHut], plan: &Plan, read_at: DateTime<Utc>) -> anyhow::Result<()> {
    if let Some(other) = stored.iter().find(|of| of.read_at.is_none()) {
        bail!(
            "the target database has huts that this program polls itself, such as {:?}: two histories of one night \
             cannot be merged. Take over into an empty database (after `takeover --finish`, no further takeover is \
             possible)",
            other.slug
        );
    }
    let last = stored.iter().filter_map(|of| of.read_at).max().map(DateTime::from);
    if let Some(last) = last.filter(|last| *last > read_at) {
        bail!(
            "another takeover has read a later state ({last}) than this one ({read_at}) meanwhile: run the command \
             again"
        );
    }
    let is_known =
        |of: &TakenHut| plan.register.get(&of.id).is_some_and(|hut| hut.fields.slug == of.slug);
    if let Some(other) = stored.first().filter(|_| !stored.iter().any(is_known)) {
        bail!(
            "the target database was taken over from another database: none of its huts, such as {:?}, is in this one. \
             Take over into an empty database",
            other.slug
        );
    }
    Ok(())
}

/// The hut as it will be stored: fields that an operator has pinned stay, and so do sources that only the target has.
fn merged(before: &Hut, taken: &Hut) -> Hut {
    let mut hut = taken.clone();
    hut.set_by_hand.clone_from(&before.set_by_hand);
    for field in &before.set_by_hand {
        field.copy(&before.fields, &mut hut.fields);
    }
    for (organization, source) in &before.sources {
        let is_better = match hut.sources.get_mut(organization) {
            None => true,
            Some(taken) if taken.source_hut_id == MISSING_ID => true,
            Some(taken) => {
                (taken.last_listed, taken.moved_to) = (source.last_listed, source.moved_to);
                false
            }
        };
        if is_better {
            hut.sources.insert(organization.clone(), source.clone());
        }
    }
    hut
}

/// Writes the register. The huts are marked: they are not polled until the takeover is finished. Call it within a
/// transaction that blocks other writers of huts.
///
/// # Errors
/// As [`compare`], or a database error.
pub fn write(
    db: &mut Db,
    plan: &Plan,
    known: &Organizations,
    read_at: DateTime<Utc>,
) -> anyhow::Result<Changes> {
    let changes = compare(db, plan, read_at)?;
    organizations::insert_missing(db, known)?;
    insert_other_organizations(db, plan)?;
    for look in &plan.looks {
        save_look(db, look)?;
    }
    let register = register::load(db)?;
    // Two huts may have exchanged their slugs, so all of them are first given up.
    for (id, taken) in &plan.register {
        if register
            .get(id)
            .is_some_and(|before| before.fields.slug != merged(before, taken).fields.slug)
        {
            let none = hut::slug.eq(format!("takeover:{id}"));
            diesel::update(hut::table.find(id)).set(none).execute(db)?;
        }
    }
    for (id, taken) in &plan.register {
        match register.get(id) {
            Some(before) => {
                register::save(db, Some((*id, before)), &merged(before, taken))?;
            }
            None => register::add_as(db, *id, taken)?,
        }
    }
    for (id, hut) in gone(&register, plan) {
        let mut inactive = hut.clone();
        inactive.fields.is_active = false;
        register::save(db, Some((id, hut)), &inactive)?;
    }
    for id in &changes.to_take {
        takeover::mark(db, *id, read_at, None)?;
    }
    for (id, record) in &changes.records {
        takeover::mark(db, *id, read_at, Some(&record.to_json()))?;
    }
    continue_numbering(db, "hut")?;
    Ok(changes)
}

fn insert_other_organizations(db: &mut Db, plan: &Plan) -> QueryResult<()> {
    let stored: Vec<String> = organization::table.select(organization::slug).load(db)?;
    for other in plan.organizations.iter().filter(|other| !stored.contains(&other.slug)) {
        let row = (
            organization::slug.eq(&other.slug),
            organization::name.eq(&other.name),
            organization::url.eq(&other.url),
        );
        diesel::insert_into(organization::table).values(row).execute(db)?;
    }
    Ok(())
}

fn save_look(db: &mut Db, look: &TypeLook) -> QueryResult<()> {
    let of_type = hut_type::table.find(look.hut_type.to_string());
    if let Some(identifier) = &look.identifier {
        diesel::update(of_type.clone()).set(hut_type::identifier.eq(identifier)).execute(db)?;
    }
    if let Some(color) = &look.color {
        diesel::update(of_type.clone()).set(hut_type::color.eq(color)).execute(db)?;
    }
    if let Some(order) = look.order {
        diesel::update(of_type).set(hut_type::sort_order.eq(order)).execute(db)?;
    }
    Ok(())
}
