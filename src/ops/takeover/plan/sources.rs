//! The organizations of the huts: the ID of each hut there, and whether the hut is followed.

use std::collections::{BTreeMap, BTreeSet};

use super::taken::{HutPlan, NotTaken, OtherOrganization, Subject};
use crate::domain::organization::{Organization, Organizations};
use crate::domain::register::{Hut, Source};
use crate::domain::takeover::source::TheirSource;
use crate::ops::takeover::theirs::register::{NightsOf, TheirAssociation, TheirHut, TheirRegister};

/// The sources of all huts, and remarks on them.
pub struct Sources<'a> {
    theirs: &'a TheirRegister,
    known: &'a Organizations,
    associations: BTreeMap<(i64, i64), &'a TheirAssociation>,
    nights: BTreeMap<(i64, i64), &'a NightsOf>,
    /// Organizations that cannot be polled, but that have nights, or were followed.
    others: BTreeSet<i64>,
    /// Sources that are not needed, by organization.
    not_needed: BTreeMap<String, u64>,
    without_id: BTreeMap<String, u64>,
    /// Huts that were followed at an organization that cannot be polled.
    not_followed: BTreeMap<String, u64>,
    /// Followed huts without a valid ID, with the reason.
    not_pollable: Vec<(String, String)>,
    /// The huts of each ID that can be polled.
    owners: BTreeMap<(String, String), Vec<String>>,
}

impl<'a> Sources<'a> {
    pub fn new(theirs: &'a TheirRegister, known: &'a Organizations) -> Self {
        let of_night = |of: &&NightsOf| theirs.organizations.contains_key(&of.organization_id);
        let nights: BTreeMap<_, _> = theirs
            .nights_of
            .iter()
            .filter(of_night)
            .map(|of| ((of.hut_id, of.organization_id), of))
            .collect();
        let associations = theirs.associations.iter();
        let associations = associations.map(|it| ((it.hut_id, it.organization_id), it)).collect();
        let needed = nights.keys().map(|(_, organization)| *organization);
        let followed = theirs.huts.iter().filter_map(|hut| hut.source_ref);
        Self {
            theirs,
            known,
            associations,
            others: needed.chain(followed).collect(),
            nights,
            not_needed: BTreeMap::new(),
            without_id: BTreeMap::new(),
            not_followed: BTreeMap::new(),
            not_pollable: Vec::new(),
            owners: BTreeMap::new(),
        }
    }

    /// Adds the sources of a hut, and the organization that is followed.
    pub fn take(&mut self, id: i32, their: &TheirHut, hut: &mut Hut) -> HutPlan {
        let mut taken = HutPlan::default();
        let mut problems = BTreeMap::new();
        let of_hut = |key: &&(i64, i64)| key.0 == their.id;
        let organizations: BTreeSet<i64> = self
            .associations
            .range((their.id, i64::MIN)..=(their.id, i64::MAX))
            .map(|(key, _)| key)
            .chain(
                self.nights.range((their.id, i64::MIN)..=(their.id, i64::MAX)).map(|(key, _)| key),
            )
            .filter(of_hut)
            .map(|(_, organization)| *organization)
            .chain(their.source_ref)
            .collect();
        for number in organizations {
            let Some(of) = self.theirs.organizations.get(&number) else { continue };
            let known = self.known.get(&of.slug);
            if known.is_none() && !self.others.contains(&number) {
                *self.not_needed.entry(of.slug.clone()).or_default() += 1;
                continue;
            }
            let is_followed = their.source_ref == Some(number);
            if let Some(source) = self.source(id, their.id, number, known, is_followed) {
                let (source, problem) = source;
                if let Some(problem) = problem {
                    problems.insert(number, problem);
                } else if known.is_some() {
                    let key = (of.slug.clone(), source.source_hut_id.clone());
                    self.owners.entry(key).or_default().push(their.slug.clone());
                }
                taken.sources.insert(number, (of.slug.clone(), source.source_hut_id.clone()));
                hut.sources.insert(of.slug.clone(), source);
            } else {
                *self.without_id.entry(of.slug.clone()).or_default() += 1;
            }
        }
        hut.fields.booking_ref = self.booking_ref(their, &problems);
        let followed = their.source_ref.and_then(|number| taken.sources.get(&number));
        let is_known = |source: &&(String, String)| self.known.get(&source.0).is_some();
        let pollable = || taken.sources.values().find(is_known);
        taken.default_source =
            followed.or_else(pollable).or_else(|| taken.sources.values().next()).cloned();
        taken
    }

    /// The source of a hut at an organization, and why the hut cannot be polled by it. None if nothing refers to it.
    fn source(
        &self,
        id: i32,
        hut: i64,
        number: i64,
        known: Option<Organization>,
        is_followed: bool,
    ) -> Option<(Source, Option<String>)> {
        let association = self.associations.get(&(hut, number));
        let night = self.nights.get(&(hut, number));
        let filled = |text: Option<&'a String>| {
            text.map(String::as_str).filter(|text| !text.trim().is_empty())
        };
        let source_id = association.and_then(|it| filled(it.source_id.as_ref()));
        if source_id.is_none() && night.is_none() && !is_followed {
            return None;
        }
        let link = association.and_then(|it| filled(it.link.as_ref()));
        let source = TheirSource {
            source_id,
            link: link.or_else(|| night.and_then(|night| filled(night.link.as_ref()))),
            id_of_night: night.and_then(|night| filled(night.source_id.as_ref())),
            hut_id: id,
        };
        let source = source.take(known);
        let stored =
            Source { source_hut_id: source.source_hut_id, link: source.link, ..Source::default() };
        Some((stored, source.problem))
    }

    /// The organization that is followed from now on.
    fn booking_ref(
        &mut self,
        their: &TheirHut,
        problems: &BTreeMap<i64, String>,
    ) -> Option<String> {
        let number = their.source_ref?;
        let Some(of) = self.theirs.organizations.get(&number) else {
            let why = format!("its organization {number} does not exist");
            self.not_pollable.push((their.slug.clone(), why));
            return None;
        };
        if self.known.get(&of.slug).is_none() {
            *self.not_followed.entry(of.slug.clone()).or_default() += 1;
            return None;
        }
        if let Some(problem) = problems.get(&number) {
            let (hut, organization) = (&their.slug, &of.slug);
            let why = format!(
                "it cannot be polled at {organization}: {problem}; after the takeover, \
                 `hut-availability huts link {hut} {organization} ID` gives it one"
            );
            self.not_pollable.push((hut.clone(), why));
            return None;
        }
        Some(of.slug.clone())
    }

    /// The organizations that cannot be polled, but whose nights are taken. Adds the remarks.
    pub fn finish(self, not_taken: &mut BTreeSet<NotTaken>) -> Vec<OtherOrganization> {
        let mut others = Vec::new();
        for number in &self.others {
            let Some(of) = self.theirs.organizations.get(number) else { continue };
            if self.known.get(&of.slug).is_none() {
                others.push(OtherOrganization {
                    slug: of.slug.clone(),
                    name: of.name.clone(),
                    url: of.url.clone(),
                });
            }
        }
        let mut remark = |subject, name: String, number, reason: &str| {
            not_taken.insert(NotTaken { subject, name, number, reason: reason.into() });
        };
        for (name, number) in self.not_needed {
            let reason = "this program cannot poll the organization, and no night is of it";
            remark(Subject::Source, name, number, reason);
        }
        for (name, number) in self.without_id {
            remark(Subject::Source, name, number, "the hut has no ID there");
        }
        for (name, number) in self.not_followed {
            let reason = "this program cannot poll the organization: its huts keep their history, and are not followed";
            remark(Subject::BookingRef, name, number, reason);
        }
        for (name, reason) in self.not_pollable {
            remark(Subject::BookingRef, name, 1, &reason);
        }
        for ((organization, id), huts) in self.owners {
            if huts.len() > 1 {
                let reason =
                    format!("several huts have the ID: {}; each keeps it", huts.join(", "));
                remark(Subject::Source, format!("{organization} {id}"), huts.len() as u64, &reason);
            }
        }
        others
    }
}
