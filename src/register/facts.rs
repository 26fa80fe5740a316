//! Adds a list of facts to the huts that the register has.

use std::collections::BTreeSet;

use diesel::QueryResult;

use crate::db::connection::Db;
use crate::db::register;
use crate::domain::field::Field;
use crate::domain::hut::HutType;
use crate::domain::organization::Organization;
use crate::domain::register::{Hut, owner};
use crate::register::file::{Facts, HutFacts};

/// The result of adding a list of facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactsAdded {
    pub updated: usize,
    pub unchanged: usize,
    /// The IDs of the list that no hut of the register has.
    pub unknown: Vec<String>,
}

/// Adds facts to the huts of an organization, in one transaction. With `pin`, discoveries do not change these fields
/// later.
///
/// # Errors
/// If the database fails. Then nothing is stored.
pub fn add_facts(
    db: &mut Db,
    facts: &Facts,
    organization: Organization,
    pin: bool,
) -> QueryResult<FactsAdded> {
    register::register_transaction(db, |db| {
        let stored = register::load(db)?;
        let mut added = FactsAdded::default();
        for hut_facts in &facts.huts {
            let Some((id, before)) = owner(&stored, organization.slug, &hut_facts.source_hut_id)
            else {
                added.unknown.push(hut_facts.source_hut_id.clone());
                continue;
            };
            let after = with_facts(before, hut_facts, pin);
            if after == *before {
                added.unchanged += 1;
            } else {
                added.updated += 1;
                register::save(db, Some((id, before)), &after)?;
            }
        }
        Ok(added)
    })
}

/// The hut with the facts, apart from fields that are pinned: an operator has set them.
fn with_facts(before: &Hut, facts: &HutFacts, pin: bool) -> Hut {
    let mut hut = before.clone();
    let new: BTreeSet<Field> =
        facts.known.iter().copied().filter(|field| !before.set_by_hand.contains(field)).collect();
    for field in &new {
        field.copy(&facts.fields, &mut hut.fields);
    }
    // A list of places without types is as good as a site's: discoveries derive the types in the same way.
    if new.contains(&Field::CapacityOpen) && hut.fields.capacity_open > Some(0) {
        hut.fields.hut_type_open = hut.fields.hut_type_open.or(Some(HutType::Hut));
    }
    if pin {
        hut.set_by_hand.extend(&new);
    }
    hut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::HutFields;

    #[test]
    fn facts_change_neither_pinned_fields_nor_others() {
        let mut hut = Hut::new(HutFields::new("refuge", "Refuge"));
        hut.fields.elevation = Some(2000);
        hut.set_by_hand.insert(Field::Elevation);
        let mut fields = HutFields::new("", "");
        (fields.elevation, fields.capacity_open) = (Some(1), Some(30));
        let known = vec![Field::Elevation, Field::CapacityOpen];
        let facts = HutFacts { source_hut_id: "7".into(), fields, known };
        let after = with_facts(&hut, &facts, true);
        assert_eq!((after.fields.name.as_str(), after.fields.elevation), ("Refuge", Some(2000)));
        assert_eq!(
            (after.fields.capacity_open, after.fields.hut_type_open),
            (Some(30), Some(HutType::Hut))
        );
        assert_eq!(after.set_by_hand, [Field::Elevation, Field::CapacityOpen].into());
        assert_eq!(with_facts(&after, &facts, true), after);
    }
}
