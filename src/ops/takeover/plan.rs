//! Pure: which huts, sources and types are taken over, and what is not.

mod fields;
mod sources;
pub mod taken;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::theirs::register::TheirRegister;
use crate::domain::digest::Digest;
use crate::domain::hut::HutType;
use crate::domain::organization::Organizations;
use crate::domain::register::Register;
use fields::{type_look, typed};
use sources::Sources;
use taken::{HutPlan, NotTaken, OtherOrganization, Subject, TypeLook};

/// The plan of a takeover.
#[derive(Debug, Default)]
pub struct Plan {
    pub register: Register,
    pub huts: BTreeMap<i32, HutPlan>,
    pub organizations: Vec<OtherOrganization>,
    /// How hut types are shown.
    pub looks: Vec<TypeLook>,
    /// Their number of each hut type that this program knows.
    pub types: BTreeMap<i64, HutType>,
    pub not_taken: BTreeSet<NotTaken>,
}

impl Plan {
    /// Plans the takeover of a register. `known` are the organizations that this program can poll.
    #[must_use]
    pub fn new(theirs: &TheirRegister, known: &Organizations) -> Self {
        let mut plan = Self::default();
        for (id, of) in &theirs.types {
            if let Ok(hut_type) = of.slug.parse() {
                plan.types.insert(*id, hut_type);
                if of.is_hut_type {
                    let look = type_look(of, hut_type, &mut plan.not_taken);
                    plan.looks.push(look);
                }
            } else if of.is_hut_type {
                plan.not_taken.insert(NotTaken {
                    subject: Subject::HutType,
                    name: of.slug.clone(),
                    number: 1,
                    reason:
                        "this program does not know the type: huts and nights of it are unknown"
                            .into(),
                });
            }
        }
        let mut sources = Sources::new(theirs, known);
        for their in &theirs.huts {
            match typed(their, &plan.types, &mut plan.not_taken) {
                Ok((id, mut hut)) => {
                    let taken = sources.take(id, their, &mut hut);
                    let status = theirs.statuses.get(&their.id).copied();
                    let stored = theirs.stored.get(&Some(their.id)).cloned().unwrap_or_default();
                    let mut of_hut = HutPlan { stored, status, ..taken };
                    of_hut.digest = digest(&of_hut, &plan.types);
                    plan.huts.insert(id, of_hut);
                    plan.register.insert(id, hut);
                }
                Err(not_taken) => {
                    plan.not_taken.insert(not_taken);
                }
            }
        }
        plan.organizations = sources.finish(&mut plan.not_taken);
        plan.name_nights_without_hut(theirs);
        plan
    }

    /// Nights and entries of huts that are not taken, or that do not exist.
    fn name_nights_without_hut(&mut self, theirs: &TheirRegister) {
        for (id, stored) in &theirs.stored {
            let is_taken = id.and_then(|id| i32::try_from(id).ok());
            if is_taken.is_some_and(|id| self.huts.contains_key(&id)) {
                continue;
            }
            let hut = theirs.huts.iter().find(|hut| Some(hut.id) == *id);
            let (name, reason) = match (hut, id) {
                (Some(hut), _) => (hut.slug.clone(), "the hut is not taken"),
                (None, Some(id)) => (format!("hut {id}"), "the hut does not exist"),
                (None, None) => ("no hut".into(), "the hut is null"),
            };
            for (subject, number) in
                [(Subject::Rows, stored.rows), (Subject::Entries, stored.entries)]
            {
                if number > 0 {
                    let (name, reason) = (name.clone(), reason.into());
                    self.not_taken.insert(NotTaken { subject, name, number, reason });
                }
            }
        }
    }
}

/// Changes with everything that decides how the nights of a hut are stored, and with the rules of the repair.
fn digest(hut: &HutPlan, types: &BTreeMap<i64, HutType>) -> String {
    const RULES: &str = "1";
    let mut digest = Digest::default();
    digest.text(RULES);
    hut.stored.digests.iter().for_each(|text| digest.text(text));
    digest.text(&format!("{:?} {:?}", hut.stored.newest, hut.status));
    digest.text(&format!("{:?} {:?}", hut.sources, hut.default_source));
    types.iter().for_each(|(id, hut_type)| digest.text(&format!("{id} {hut_type}")));
    digest.finish()
}
