//! `hut-availability huts set`, `unset`, `activate`, `deactivate`

use anyhow::{Context, anyhow, bail};

use crate::db::connection::Db;
use crate::db::open::{Access, open};
use crate::db::register::{self, register_transaction};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::field::Field;
use crate::domain::organization::Organizations;
use crate::domain::register::Hut;
use crate::runtime::console::print_text;
use crate::text::suggest::suggest;

/// Sets fields of huts by hand, all or none, and says what they were.
pub fn set(
    url: &DatabaseUrl,
    slugs: &[String],
    assignments: &[(Field, String)],
    organizations: &Organizations,
) -> anyhow::Result<()> {
    change(url, slugs, |db, slug, hut| {
        let mut said = String::new();
        for (field, value) in assignments {
            let before = field.text(&hut.fields);
            field.set(&mut hut.fields, value, organizations).map_err(anyhow::Error::msg)?;
            if field.is_discovered() {
                hut.set_by_hand.insert(*field);
            }
            let (before, after) = (shown(&before), field.text(&hut.fields));
            said += &format!("{slug}: {field} {before} → {}\n", shown(&after));
        }
        ensure_slug_is_free(db, slug, hut)?;
        ensure_booking_ref_is_known(hut)?;
        Ok(said)
    })
}

/// Leaves fields of a hut to discoveries again.
pub fn unset(url: &DatabaseUrl, slug: String, fields: &[Field]) -> anyhow::Result<()> {
    change(url, &[slug], |_, slug, hut| {
        let mut said = String::new();
        for field in fields.iter().flat_map(|field| together(*field)) {
            if !hut.set_by_hand.remove(&field) {
                said += &format!("{slug}: {field} was not set by hand\n");
                continue;
            }
            // Discoveries tell a hut's type only where it is unknown.
            match field {
                Field::HutTypeOpen => hut.fields.hut_type_open = None,
                Field::HutTypeClosed => hut.fields.hut_type_closed = None,
                _ => {}
            }
            said += &format!("{slug}: {field} left to discoveries again\n");
        }
        Ok(said)
    })
}

/// The fields that are one to discoveries: a place has two.
fn together(field: Field) -> Vec<Field> {
    match field {
        Field::Latitude | Field::Longitude => vec![Field::Latitude, Field::Longitude],
        field => vec![field],
    }
}

/// Changes huts, all or none, and prints what `body` says of each.
fn change(
    url: &DatabaseUrl,
    slugs: &[String],
    body: impl Fn(&mut Db, &str, &mut Hut) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    let mut db = open(url, Access::ReadWrite)?;
    let said = register_transaction(&mut db, |db| {
        let mut said = String::new();
        for slug in slugs {
            let (id, before) = find(db, slug)?;
            let mut after = before.clone();
            said += &body(db, slug, &mut after)
                .with_context(|| format!("nothing is set, because of {slug:?}"))?;
            register::save(db, Some((id, &before)), &after)?;
        }
        Ok::<_, anyhow::Error>(said)
    })?;
    print_text(&said)?;
    Ok(())
}

/// The hut with a slug, which must be there.
pub fn find(db: &mut Db, slug: &str) -> anyhow::Result<(i32, Hut)> {
    match register::find(db, slug)? {
        Some(hut) => Ok(hut),
        None => Err(no_such_hut(db, slug)?),
    }
}

/// That there is no hut with a slug, and which may be meant.
fn no_such_hut(db: &mut Db, slug: &str) -> anyhow::Result<anyhow::Error> {
    let slugs = register::slugs_with_prefix(db, "")?;
    if slugs.is_empty() {
        return Ok(anyhow!(
            "there is no hut with the slug {slug:?}, nor any other: `hut-availability huts discover` \
             finds those of the booking sites"
        ));
    }
    let meant = match suggest(slug, slugs.iter().map(String::as_str)).as_slice() {
        [] => String::new(),
        near => format!("did you mean {}? ", near.join(", ")),
    };
    Ok(anyhow!(
        "there is no hut with the slug {slug:?}: {meant}`hut-availability huts list` shows them"
    ))
}

fn ensure_slug_is_free(db: &mut Db, before: &str, hut: &Hut) -> anyhow::Result<()> {
    let slug = &hut.fields.slug;
    if slug != before && register::find(db, slug)?.is_some() {
        bail!("there is a hut with the slug {slug:?} already");
    }
    Ok(())
}

fn ensure_booking_ref_is_known(hut: &Hut) -> anyhow::Result<()> {
    let Some(organization) = &hut.fields.booking_ref else { return Ok(()) };
    if hut.source(organization).is_some() {
        return Ok(());
    }
    let known: Vec<&str> =
        hut.own_sources().map(|(organization, _)| organization.as_str()).collect();
    let known = if known.is_empty() { "nobody".into() } else { known.join(", ") };
    let slug = &hut.fields.slug;
    bail!(
        "the hut is known to {known}, not to {organization}: `hut-availability huts link {slug} \
         {organization} ID` says by which ID"
    )
}

fn shown(text: &str) -> &str {
    if text.is_empty() { "unknown" } else { text }
}
