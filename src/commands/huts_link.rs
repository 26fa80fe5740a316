//! `hut-availability huts link`

use anyhow::bail;

use super::huts_set::find;
use crate::db::open::{Access, open};
use crate::db::organization;
use crate::db::register::{self, register_transaction};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::organization::Organizations;
use crate::domain::register::{Hut, Source};
use crate::runtime::console::print_text;

/// Gives a hut an ID of an organization, and says what became of the hut that had it. Another ID that
/// the hut has there is only given up to `replace` it: what came by it stays in the same history.
pub fn run(
    url: &DatabaseUrl,
    slug: &str,
    organization: &str,
    source_hut_id: &str,
    replace: bool,
    organizations: &Organizations,
) -> anyhow::Result<()> {
    let organization = organizations.find("organization", organization);
    let organization = organization.map_err(anyhow::Error::msg)?;
    let source_hut_id = &organization.hut_id(source_hut_id).map_err(anyhow::Error::msg)?;
    let mut db = open(url, Access::ReadWrite)?;
    let said = register_transaction(&mut db, |db| {
        organization::insert_missing(db, organizations)?;
        let name = organization.to_string();
        let (id, before) = find(db, slug)?;
        let owner = register::owners(db, &name, &[source_hut_id.as_str()])?.pop_first();
        let owner = owner.filter(|(owner_id, _)| *owner_id != id);
        if let Some(Source { source_hut_id: own, .. }) = before.source(&name) {
            if own == source_hut_id {
                bail!("the hut {slug:?} has the ID {own:?} of {organization} already");
            }
            if !replace {
                bail!(
                    "the hut {slug:?} has the ID {own:?} of {organization}: --replace gives it \
                     {source_hut_id:?} instead, under the same history"
                );
            }
        }
        let mut said = String::new();
        let mut source = Source {
            source_hut_id: source_hut_id.clone(),
            link: (organization.booking_link)(source_hut_id),
            ..Source::default()
        };
        if let Some((owner_id, owner)) = owner {
            let (after, moved) = without_source(&owner, &name, id);
            register::save(db, Some((owner_id, &owner)), &after)?;
            source = Source { moved_to: None, ..moved };
            said += &taken_from(&after);
        }
        let after = linked(&before, &name, source);
        register::save(db, Some((id, &before)), &after)?;
        register::repoint(db, &name, source_hut_id, id)?;
        Ok::<_, anyhow::Error>(describe(&before, &after, &name) + &said)
    })?;
    print_text(&said)?;
    Ok(())
}

/// The hut with a source more, or with another ID there. What is followed stays as it is, unless the
/// hut gets an ID back that another one had got, and has no other: then it is what it was.
fn linked(hut: &Hut, organization: &str, source: Source) -> Hut {
    let mut hut = hut.clone();
    let had_it = hut
        .sources
        .get(organization)
        .is_some_and(|had| had.moved_to.is_some() && had.source_hut_id == source.source_hut_id);
    if had_it && hut.own_sources().next().is_none() {
        hut.fields.booking_ref = Some(organization.to_owned());
        hut.fields.is_active = true;
    }
    hut.sources.insert(organization.to_owned(), source);
    hut
}

/// The hut after another one got its ID, and the source that it had. Without any other source it is
/// the other hut by a second name: what it was stays, and it is not followed any more.
fn without_source(hut: &Hut, organization: &str, new_owner: i32) -> (Hut, Source) {
    let mut hut = hut.clone();
    let source = hut.sources.entry(organization.to_owned()).or_default();
    source.moved_to = Some(new_owner);
    let source = source.clone();
    if hut.fields.booking_ref.as_deref() == Some(organization) {
        hut.fields.booking_ref = None;
    }
    if hut.own_sources().next().is_none() {
        hut.fields.is_active = false;
    }
    (hut, source)
}

fn taken_from(hut: &Hut) -> String {
    let slug = &hut.fields.slug;
    let then = match &hut.fields.booking_ref {
        _ if hut.own_sources().next().is_none() => "has no source left and is inactive".to_owned(),
        None => format!("is not followed; `hut-availability huts set {slug} booking_ref=ORG` does"),
        Some(organization) => format!("is followed at {organization} as before"),
    };
    format!("{slug}: had it before, keeps its history, and {then}\n")
}

fn describe(before: &Hut, after: &Hut, organization: &str) -> String {
    let slug = &after.fields.slug;
    let id = |hut: &Hut| hut.source(organization).map(|source| source.source_hut_id.clone());
    let was = id(before).map(|id| format!(" (was {id})")).unwrap_or_default();
    let followed = match &after.fields.booking_ref {
        Some(_) if !after.fields.is_active => {
            format!("it is inactive; `hut-availability huts activate {slug}` follows its bookings")
        }
        Some(organization) => format!("its bookings are followed at {organization}"),
        None => format!(
            "its bookings are not followed; `hut-availability huts set {slug} \
             booking_ref={organization}` does"
        ),
    };
    let id = id(after).unwrap_or_default();
    format!("{slug}: is {id} at {organization}{was}; {followed}\n")
}
