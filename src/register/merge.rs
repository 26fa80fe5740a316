//! Pure: merges a hut as a site lists it into the register.

use chrono::{DateTime, Utc};
use serde::Serialize;
use strum::VariantArray;

use crate::domain::field::{Field, HutFields};
use crate::domain::hut::HutType;
use crate::domain::organization::Organization;
use crate::domain::register::{Hut, Source};
use crate::sites::listing::{SiteHut, Unreadable};
use crate::text::slug::slug_of;

/// The outcome of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MergeOutcome {
    Added,
    Updated,
    /// The site takes bookings for the hut again.
    Activated,
    /// The site has locked the hut, or no longer lists it.
    Deactivated,
    Unchanged,
}

/// The change of one hut.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HutChange {
    pub hut: String,
    pub organization: String,
    pub source_hut_id: String,
    pub outcome: MergeOutcome,
    /// The names of the fields that changed; also `link`.
    pub fields: Vec<String>,
    /// The fields of the site that could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// The hut after the data of a site were merged into it. `crawl_started` becomes its `last_listed`.
///
/// Only the site whose bookings we follow sets the hut's fields. Pinned fields, and fields that the site
/// does not publish, do not change.
#[must_use]
pub fn merged(
    before: &Hut,
    organization: Organization,
    site: &SiteHut,
    crawl_started: DateTime<Utc>,
) -> Hut {
    let organization = organization.to_string();
    let mut hut = before.clone();
    let known = hut.sources.get(&organization);
    let source = Source {
        source_hut_id: site.source_hut_id.clone(),
        link: site.link.clone().or_else(|| known.and_then(|source| source.link.clone())),
        last_listed: Some(crawl_started),
        moved_to: None,
    };
    let is_followed = hut.fields.booking_ref.as_ref() == Some(&organization);
    hut.sources.insert(organization, source);
    if is_followed {
        let merged = merged_fields(&hut.fields, site);
        for field in Field::VARIANTS.iter().filter(|field| !is_pinned(before, **field)) {
            field.copy(&merged, &mut hut.fields);
        }
    }
    hut
}

fn is_pinned(hut: &Hut, field: Field) -> bool {
    const AXES: [Field; 2] = [Field::Latitude, Field::Longitude];
    hut.set_by_hand.contains(&field)
        // The latitude of one place with the longitude of another would be a third place.
        || AXES.contains(&field) && AXES.iter().any(|axis| hut.set_by_hand.contains(axis))
}

/// The hut after a site no longer lists it: inactive, if its bookings are followed at that site and
/// `is_active` is not pinned.
#[must_use]
pub fn gone(before: &Hut, organization: &str) -> Hut {
    let mut hut = before.clone();
    let is_followed = hut.fields.booking_ref.as_deref() == Some(organization);
    if is_followed && !hut.set_by_hand.contains(&Field::IsActive) {
        hut.fields.is_active = false;
    }
    hut
}

/// A new hut for the register, with no fields but its name and slug. [`merged`] merges the other fields.
#[must_use]
pub fn new_hut(organization: Organization, site: &SiteHut, slug: String) -> Hut {
    let name = site.name.clone().unwrap_or_else(|| fallback_name(organization, site));
    let mut fields = HutFields::new(slug, name);
    fields.booking_ref = Some(organization.to_string());
    Hut::new(fields)
}

/// The slug for a new hut, which another hut may already have.
#[must_use]
pub fn slug_for(organization: Organization, site: &SiteHut) -> String {
    let slug = site.name.as_deref().map(slug_of).unwrap_or_default();
    if slug.is_empty() { slug_of(&fallback_name(organization, site)) } else { slug }
}

/// The name of a hut whose name the site does not publish: `hrs 29`.
fn fallback_name(organization: Organization, site: &SiteHut) -> String {
    format!("{organization} {}", site.source_hut_id)
}

/// The known fields of a hut, replaced by the fields that the site publishes.
fn merged_fields(known: &HutFields, site: &SiteHut) -> HutFields {
    let mut hut = known.clone();
    fn set<T: Clone>(field: &mut Option<T>, value: Option<&T>) {
        if let Some(value) = value {
            *field = Some(value.clone());
        }
    }
    if let Some(name) = &site.name {
        hut.name.clone_from(name);
    }
    set(&mut hut.country, site.country.as_ref());
    set(&mut hut.latitude, site.place.map(|place| place.latitude).as_ref());
    set(&mut hut.longitude, site.place.map(|place| place.longitude).as_ref());
    set(&mut hut.elevation, site.elevation.as_ref());
    set(&mut hut.capacity_open, site.capacity_open.as_ref());
    set(&mut hut.capacity_closed, site.capacity_closed.as_ref());
    hut.is_active = site.is_bookable.unwrap_or(hut.is_active);
    // No site publishes the type of a hut, so it is derived from the places with and without a warden. A
    // type that is already known does not change, because an operator may have set it.
    let (open, closed) = types(site);
    hut.hut_type_open = hut.hut_type_open.or(open);
    hut.hut_type_closed = hut.hut_type_closed.or(closed);
    hut
}

/// The types of a hut with and without a warden, derived from its places.
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
    /// Compares a hut before and after. `before` is None for a new hut.
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
