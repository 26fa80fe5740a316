//! The register of huts: the fields of each hut, the organizations that know it, and its pinned fields.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::domain::field::{Field, HutFields};

/// The stored huts, by their ID.
pub type Register = BTreeMap<i32, Hut>;

/// One hut of the register.
#[derive(Clone, Debug, PartialEq)]
pub struct Hut {
    pub fields: HutFields,
    /// The organizations that know the hut, by their slug.
    pub sources: BTreeMap<String, Source>,
    /// Pinned fields: discoveries do not change them.
    pub set_by_hand: BTreeSet<Field>,
}

/// A hut as an organization knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    pub source_hut_id: String,
    /// The page where the hut is booked.
    pub link: Option<String>,
    /// The start of the discovery that last found it.
    pub last_listed: Option<DateTime<Utc>>,
    /// The hut that has this ID now. Availability that was fetched by the ID before stays with this hut.
    pub moved_to: Option<i32>,
}

impl Hut {
    /// A hut that no organization knows.
    #[must_use]
    pub fn new(fields: HutFields) -> Self {
        Self { fields, sources: BTreeMap::new(), set_by_hand: BTreeSet::new() }
    }

    /// The sources whose IDs belong to this hut, by the slug of the organization.
    pub fn own_sources(&self) -> impl Iterator<Item = (&String, &Source)> {
        self.sources.iter().filter(|(_, source)| source.moved_to.is_none())
    }

    /// The hut's source at an organization.
    #[must_use]
    pub fn source(&self, organization: &str) -> Option<&Source> {
        self.sources.get(organization).filter(|source| source.moved_to.is_none())
    }

    /// The organization whose bookings are followed, and the hut's source there.
    #[must_use]
    pub fn followed(&self) -> Option<(&String, &Source)> {
        let organization = self.fields.booking_ref.as_ref()?;
        Some((organization, self.source(organization)?))
    }
}

/// The hut with an ID of an organization, and its own ID.
#[must_use]
pub fn owner<'a>(
    register: &'a Register,
    organization: &str,
    source_hut_id: &str,
) -> Option<(i32, &'a Hut)> {
    let has_id = |hut: &Hut| {
        hut.source(organization).is_some_and(|source| source.source_hut_id == source_hut_id)
    };
    register.iter().find(|(_, hut)| has_id(hut)).map(|(id, hut)| (*id, hut))
}
