//! Pure: what a site's word of a hut makes of the register.

use chrono::{DateTime, Utc};
use serde::Serialize;
use strum::VariantArray;

use crate::domain::field::Field;
use crate::domain::field::HutFields;
use crate::domain::hut::HutType;
use crate::domain::organization::Organization;
use crate::domain::register::{Hut, Source};
use crate::sites::listing::{SiteHut, Unreadable};
use crate::text::slug::slug_of;

/// What became of a hut, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MergeOutcome {
    Added,
    Updated,
    /// The site takes bookings for it again.
    Activated,
    /// The site has locked it, or knows it no more.
    Deactivated,
    Unchanged,
}

/// What became of one hut of a site.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HutChange {
    pub hut: String,
    pub organization: String,
    pub source_hut_id: String,
    pub outcome: MergeOutcome,
    /// The fields that are others now, and `link`.
    pub fields: Vec<String>,
    /// What of the site's word of it is unknown.
    pub unreadable: Vec<Unreadable>,
}

/// A hut as it is after a site told of it.
///
/// A site sets the fields of huts that are followed there, except those that are set by hand. What
/// it does not know stays as it is.
#[must_use]
pub fn told(
    before: &Hut,
    organization: Organization,
    site: &SiteHut,
    walk_started: DateTime<Utc>,
) -> Hut {
    let organization = organization.to_string();
    let mut hut = before.clone();
    let known = hut.sources.get(&organization);
    let source = Source {
        source_hut_id: site.source_hut_id.clone(),
        link: site.link.clone().or_else(|| known.and_then(|source| source.link.clone())),
        last_listed: Some(walk_started),
        moved_to: None,
    };
    let is_followed = hut.fields.booking_ref.as_ref() == Some(&organization);
    hut.sources.insert(organization, source);
    if is_followed {
        let told = fields_told(&hut.fields, site);
        for field in Field::VARIANTS.iter().filter(|field| !is_set_by_hand(before, **field)) {
            field.copy(&told, &mut hut.fields);
        }
    }
    hut
}

fn is_set_by_hand(hut: &Hut, field: Field) -> bool {
    const AXES: [Field; 2] = [Field::Latitude, Field::Longitude];
    hut.set_by_hand.contains(&field)
        // One axis of one place and one of another would be a third one.
        || AXES.contains(&field) && AXES.iter().any(|axis| hut.set_by_hand.contains(axis))
}

/// The hut as it is after its site said that it has none with its ID.
#[must_use]
pub fn gone(before: &Hut, organization: &str) -> Hut {
    let mut hut = before.clone();
    let is_followed = hut.fields.booking_ref.as_deref() == Some(organization);
    if is_followed && !hut.set_by_hand.contains(&Field::IsActive) {
        hut.fields.is_active = false;
    }
    hut
}

/// A hut of a site that is not in the register yet, before anything is told of it.
#[must_use]
pub fn new_hut(organization: Organization, site: &SiteHut, slug: String) -> Hut {
    let name = site.name.clone().unwrap_or_else(|| stand_in_name(organization, site));
    let mut fields = HutFields::new(slug, name);
    fields.booking_ref = Some(organization.to_string());
    Hut::new(fields)
}

/// The slug that a new hut has, unless another one has it.
#[must_use]
pub fn slug_for(organization: Organization, site: &SiteHut) -> String {
    let slug = site.name.as_deref().map(slug_of).unwrap_or_default();
    if slug.is_empty() { slug_of(&stand_in_name(organization, site)) } else { slug }
}

/// A name for a hut of which none is known.
fn stand_in_name(organization: Organization, site: &SiteHut) -> String {
    format!("{organization} {}", site.source_hut_id)
}

/// What a site tells of a hut, over what is known of it.
fn fields_told(known: &HutFields, site: &SiteHut) -> HutFields {
    let mut hut = known.clone();
    fn tell<T: Clone>(field: &mut Option<T>, told: Option<&T>) {
        if let Some(told) = told {
            *field = Some(told.clone());
        }
    }
    if let Some(name) = &site.name {
        hut.name.clone_from(name);
    }
    tell(&mut hut.country, site.country.as_ref());
    tell(&mut hut.latitude, site.place.map(|place| place.latitude).as_ref());
    tell(&mut hut.longitude, site.place.map(|place| place.longitude).as_ref());
    tell(&mut hut.elevation, site.elevation.as_ref());
    tell(&mut hut.capacity_open, site.capacity_open.as_ref());
    tell(&mut hut.capacity_closed, site.capacity_closed.as_ref());
    hut.is_active = site.is_bookable.unwrap_or(hut.is_active);
    // No site says what kind of house it is; a warden, or none, is what there is to go by. What an
    // operator knows better is not put right.
    let (open, closed) = types(site);
    hut.hut_type_open = hut.hut_type_open.or(open);
    hut.hut_type_closed = hut.hut_type_closed.or(closed);
    hut
}

/// The types of a hut with and without its warden, by its places.
fn types(site: &SiteHut) -> (Option<HutType>, Option<HutType>) {
    let has_places = |places: Option<i16>| places.is_some_and(|places| places > 0);
    match (has_places(site.capacity_open), has_places(site.capacity_closed)) {
        (true, true) => (Some(HutType::Hut), Some(HutType::Selfhut)),
        (true, false) => (Some(HutType::Hut), None),
        (false, true) => (Some(HutType::Selfhut), None),
        (false, false) => (None, None),
    }
}

impl HutChange {
    /// Says what is another after than before.
    #[must_use]
    pub fn new(
        before: Option<&Hut>,
        after: &Hut,
        organization: &str,
        source_hut_id: &str,
        unreadable: Vec<Unreadable>,
    ) -> Self {
        let fields = before.map(|before| changed(before, after, organization)).unwrap_or_default();
        let outcome = match before.map(|before| before.fields.is_active) {
            None => MergeOutcome::Added,
            Some(false) if after.fields.is_active => MergeOutcome::Activated,
            Some(true) if !after.fields.is_active => MergeOutcome::Deactivated,
            Some(_) if fields.is_empty() => MergeOutcome::Unchanged,
            Some(_) => MergeOutcome::Updated,
        };
        Self {
            hut: after.fields.slug.clone(),
            organization: organization.to_owned(),
            source_hut_id: source_hut_id.to_owned(),
            outcome,
            fields,
            unreadable,
        }
    }
}

fn changed(before: &Hut, after: &Hut, organization: &str) -> Vec<String> {
    let differs = |field: &&Field| field.text(&before.fields) != field.text(&after.fields);
    let mut fields: Vec<String> =
        Field::VARIANTS.iter().filter(differs).map(ToString::to_string).collect();
    let link = |hut: &Hut| hut.source(organization).and_then(|source| source.link.clone());
    if link(before) != link(after) {
        fields.push("link".to_owned());
    }
    fields
}

#[cfg(test)]
mod tests;
