//! `hut-availability huts link`: gives a hut its ID at an organization.

use anyhow::bail;

use super::find_hut::find_to_write;
use crate::db::connection::Db;
use crate::db::open::{Access, Opened, open_file};
use crate::db::organization;
use crate::db::register::{self, register_transaction};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::organization::{Organization, Organizations};
use crate::domain::register::{Hut, Source};
use crate::runtime::console::print_text;

/// Links a hut to its ID at an organization, and prints what changed, also for a hut that had this ID before.
/// If the hut already has another ID there, `replace` is required; the history stays with the hut.
pub fn run(
    url: &DatabaseUrl,
    (slug, organization, source_hut_id): (&str, &str, &str),
    replace: bool,
    organizations: &Organizations,
) -> anyhow::Result<()> {
    let organization = organizations.find("organization", organization);
    let organization = organization.map_err(anyhow::Error::msg)?;
    let source_hut_id = &organization.hut_id(source_hut_id).map_err(anyhow::Error::msg)?;
    let Opened { mut db, file } = open_file(url, Access::ReadWrite)?;
    let report = register_transaction(&mut db, |db| {
        organization::insert_missing(db, organizations)?;
        link(db, slug, organization, source_hut_id, replace)
    })?;
    file.ensure_in_place()?;
    print_text(&report)?;
    Ok(())
}

/// Links a hut to its ID at an organization, and returns the lines that say what changed. Of a register that
/// the transaction has locked.
pub(super) fn link(
    db: &mut Db,
    slug: &str,
    organization: Organization,
    source_hut_id: &str,
    replace: bool,
) -> anyhow::Result<String> {
    let name = organization.to_string();
    let (id, before) = find_to_write(db, slug)?;
    let owner = register::owners(db, &name, &[source_hut_id])?.pop_first();
    let owner = owner.filter(|(owner_id, _)| *owner_id != id);
    if let Some(Source { source_hut_id: own, .. }) = before.source(&name) {
        if own == source_hut_id {
            bail!("the hut {slug:?} already has the ID {own:?} of {organization}");
        }
        if !replace {
            bail!(
                "the hut {slug:?} has the ID {own:?} of {organization}: add --replace to give it \
                 {source_hut_id:?} instead, with the same history"
            );
        }
    }
    let mut owner_report = String::new();
    let mut source = Source {
        source_hut_id: source_hut_id.to_owned(),
        link: (organization.booking_link)(source_hut_id),
        ..Source::default()
    };
    if let Some((owner_id, owner)) = owner {
        let (after, moved) = without_source(&owner, &name, id);
        register::save(db, Some((owner_id, &owner)), &after)?;
        source = Source { moved_to: None, ..moved };
        owner_report = describe_owner(&after);
    }
    let after = linked(&before, &name, source);
    register::save(db, Some((id, &before)), &after)?;
    register::repoint(db, &name, source_hut_id, id)?;
    Ok(describe(&before, &after, &name) + &owner_report)
}

/// The hut with the source added or replaced. Its booking reference does not change, with one exception: if
/// the hut gets an ID back that it had lost to another hut, and has no other ID, it is active and followed
/// again.
fn linked(hut: &Hut, organization: &str, source: Source) -> Hut {
    let mut hut = hut.clone();
    let gets_it_back = hut
        .sources
        .get(organization)
        .is_some_and(|old| old.moved_to.is_some() && old.source_hut_id == source.source_hut_id);
    if gets_it_back && hut.own_sources().next().is_none() {
        hut.fields.booking_ref = Some(organization.to_owned());
        hut.fields.is_active = true;
    }
    hut.sources.insert(organization.to_owned(), source);
    hut
}

/// The hut after another hut took its ID, and the source that it lost. Without another source, the hut is a
/// duplicate of the other one: it keeps its data, but becomes inactive.
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

/// The line about the hut that had the ID before.
fn describe_owner(hut: &Hut) -> String {
    let slug = &hut.fields.slug;
    let state = match &hut.fields.booking_ref {
        _ if hut.own_sources().next().is_none() => {
            "is inactive, because it has no other ID".to_owned()
        }
        None => format!(
            "is not followed; run `hut-availability huts set {slug} booking_ref=ORG` to follow it"
        ),
        Some(organization) => format!("is still followed at {organization}"),
    };
    format!("{slug}: had this ID before; it keeps its history, and {state}\n")
}

/// The line about the hut that got the ID.
fn describe(before: &Hut, after: &Hut, organization: &str) -> String {
    let slug = &after.fields.slug;
    let id = |hut: &Hut| hut.source(organization).map(|source| source.source_hut_id.clone());
    let was = id(before).map(|id| format!(" (was {id})")).unwrap_or_default();
    let followed = match &after.fields.booking_ref {
        Some(_) if !after.fields.is_active => {
            format!(
                "it is inactive; run `hut-availability huts activate {slug}` to follow its bookings"
            )
        }
        Some(organization) => format!("its bookings are followed at {organization}"),
        None => format!(
            "its bookings are not followed; run `hut-availability huts set {slug} \
             booking_ref={organization}` to follow them"
        ),
    };
    let id = id(after).unwrap_or_default();
    format!("{slug}: has the ID {id} at {organization}{was}; {followed}\n")
}
