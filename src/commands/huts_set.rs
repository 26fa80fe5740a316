//! `hut-availability huts set`, `unset`, `activate` and `deactivate`: change and pin fields of huts.

use anyhow::{Context, bail};

use super::find_hut::find_to_write;
use crate::db::connection::Db;
use crate::db::open::{Access, Opened, open_file};
use crate::db::register::{self, register_transaction};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::field::Field;
use crate::domain::organization::Organizations;
use crate::domain::register::Hut;
use crate::runtime::console::print_text;

/// Sets and pins fields of huts, all or none, and prints the old and new values.
pub fn set(
    url: &DatabaseUrl,
    slugs: &[String],
    assignments: &[(Field, String)],
    organizations: &Organizations,
) -> anyhow::Result<()> {
    change(url, slugs, |db, slug, hut| {
        let mut report = String::new();
        for (field, value) in assignments {
            let before = field.text(&hut.fields);
            field.set(&mut hut.fields, value, organizations).map_err(anyhow::Error::msg)?;
            let is_newly_pinned = field.is_discovered() && hut.set_by_hand.insert(*field);
            let after = field.text(&hut.fields);
            report += &format!("{slug}: {}\n", describe(*field, &before, &after, is_newly_pinned));
        }
        ensure_slug_is_free(db, slug, hut)?;
        ensure_booking_ref_is_known(hut)?;
        Ok(report)
    })
}

/// Unpins fields of a hut, so that discoveries update them again.
pub fn unset(url: &DatabaseUrl, slug: String, fields: &[Field]) -> anyhow::Result<()> {
    change(url, &[slug], |_, slug, hut| {
        let mut report = String::new();
        for field in fields.iter().flat_map(|field| pinned_together(*field)) {
            if !hut.set_by_hand.remove(&field) {
                report += &format!("{slug}: {field} was not pinned\n");
                continue;
            }
            // Discoveries set a hut's type only if it is unknown.
            match field {
                Field::HutTypeOpen => hut.fields.hut_type_open = None,
                Field::HutTypeClosed => hut.fields.hut_type_closed = None,
                _ => {}
            }
            report += &format!("{slug}: {field} unpinned; discoveries update it again\n");
        }
        Ok(report)
    })
}

/// The fields that discoveries only set together: latitude and longitude.
fn pinned_together(field: Field) -> Vec<Field> {
    match field {
        Field::Latitude | Field::Longitude => vec![Field::Latitude, Field::Longitude],
        field => vec![field],
    }
}

/// Changes huts with `body`, all or none, and prints the lines that it returns.
fn change(
    url: &DatabaseUrl,
    slugs: &[String],
    body: impl Fn(&mut Db, &str, &mut Hut) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    let Opened { mut db, file } = open_file(url, Access::ReadWrite)?;
    let report = register_transaction(&mut db, |db| {
        let mut report = String::new();
        for slug in slugs {
            let (id, before) = find_to_write(db, slug)?;
            let mut after = before.clone();
            report += &body(db, slug, &mut after)
                .with_context(|| format!("nothing was changed: cannot change the hut {slug:?}"))?;
            register::save(db, Some((id, &before)), &after)?;
        }
        Ok::<_, anyhow::Error>(report)
    })?;
    file.ensure_in_place()?;
    print_text(&report)?;
    Ok(())
}

fn ensure_slug_is_free(db: &mut Db, before: &str, hut: &Hut) -> anyhow::Result<()> {
    let slug = &hut.fields.slug;
    if slug != before && register::find(db, slug)?.is_some() {
        bail!("another hut already has the slug {slug:?}");
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
    let known = if known.is_empty() { "no organization".into() } else { known.join(", ") };
    let slug = &hut.fields.slug;
    bail!(
        "the hut has an ID at {known}, but not at {organization}: add it with `hut-availability huts link \
         {slug} {organization} ID`"
    )
}

/// `elevation 1930 → 1931`, or what happened to a field whose value stays the same.
fn describe(field: Field, before: &str, after: &str, is_newly_pinned: bool) -> String {
    let or_unknown = |text: &str| if text.is_empty() { "unknown" } else { text }.to_owned();
    let (before, after) = (or_unknown(before), or_unknown(after));
    if before != after {
        format!("{field} {before} → {after}")
    } else if is_newly_pinned {
        format!("{field} pinned at {after}")
    } else {
        format!("{field} is already {after}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_keeps_its_value_is_pinned_or_unchanged() {
        let describe =
            |after, is_newly_pinned| describe(Field::Elevation, "1930", after, is_newly_pinned);
        assert_eq!(describe("1931", true), "elevation 1930 → 1931");
        assert_eq!(describe("", false), "elevation 1930 → unknown");
        assert_eq!(describe("1930", true), "elevation pinned at 1930");
        assert_eq!(describe("1930", false), "elevation is already 1930");
    }
}
