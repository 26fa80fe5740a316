//! Finds the hut that a command names: to read, by any part of its name; to write, by its slug only.

use crate::cli::huts::HutFilterArgs;
use crate::db::connection::Db;
use crate::db::register;
use crate::domain::register::Hut;
use crate::query::audience::Audience;
use crate::query::hut_filter::HutFilter;
use crate::query::hut_name::{NotOneHut, find_by_name, no_such_hut};

/// Finds the hut with this slug, and its ID, for a command that changes it.
///
/// # Errors
/// There is no such hut. The error suggests similar slugs.
pub fn find_to_write(db: &mut Db, slug: &str) -> anyhow::Result<(i32, Hut)> {
    match register::find(db, slug)? {
        Some(hut) => Ok(hut),
        None => Err(no_such_hut(&register::names(db)?, slug).into()),
    }
}

/// Finds the hut with this slug, or the only one whose slug or name contains the text, and its ID.
///
/// # Errors
/// There is no such hut, or there are several.
pub fn find_to_read(db: &mut Db, typed: &str) -> anyhow::Result<(i32, Hut)> {
    if let Some(hut) = register::find(db, typed.trim())? {
        return Ok(hut);
    }
    let slug = find_by_name(&register::names(db)?, typed)?.slug.clone();
    find_to_write(db, &slug)
}

/// The slugs of the huts that these texts name. A text that names no hut stays as it is: the search for it has an error
/// of its own.
///
/// # Errors
/// A text is a part of the names of several huts.
pub fn slugs_to_read(db: &mut Db, typed: &[String]) -> anyhow::Result<Vec<String>> {
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let huts = register::names(db)?;
    let slug = |typed: &String| match find_by_name(&huts, typed) {
        Ok(hut) => Ok(hut.slug.clone()),
        Err(error @ NotOneHut::Several { .. }) => Err(error.into()),
        Err(_) => Ok(typed.trim().to_owned()),
    };
    typed.iter().map(slug).collect()
}

/// The filter of these flags.
///
/// # Errors
/// No hut is in its country.
pub fn filter(db: &mut Db, args: &HutFilterArgs) -> anyhow::Result<HutFilter> {
    let filter = HutFilter::new(args.name.as_deref(), args.country.as_deref());
    if filter.has_country() {
        filter.ensure_huts(&register::countries(db, Audience::Operators)?)?;
    }
    Ok(filter)
}
