//! `hut-availability huts import --organization`: adds facts to the huts of an organization.

use std::path::Path;

use anyhow::{Context, anyhow, bail};

use super::huts_import::{describe, not_stored, open};
use crate::db::open::{Access, Opened, open_file};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::organization::Organizations;
use crate::register::facts::{FactsAdded, add_facts};
use crate::register::file::read_facts;
use crate::runtime::console::{print_text, say};
use crate::text::humanize::pluralize;

/// The most unknown IDs that a message lists.
const MAX_IDS_SHOWN: usize = 10;

/// Adds the facts of a file, `-` for stdin, and prints how many huts changed. Huts that the register does not have are
/// left out: the list may be older than the site's.
///
/// # Errors
/// Any line of the file is bad, or the register has none of its huts.
pub fn run(
    url: &DatabaseUrl,
    file: &Path,
    pin: bool,
    organization: &str,
    organizations: &Organizations,
) -> anyhow::Result<()> {
    let organization = organizations.find("organization", organization).map_err(|e| anyhow!(e))?;
    let context = format!("nothing was imported from {}", file.display());
    let facts = read_facts(open(file)?, organization, organizations)
        .map_err(|errors| describe(&errors))
        .with_context(|| context.clone())?;
    let Opened { mut db, file: held } = open_file(url, Access::ReadWrite)?;
    let added = add_facts(&mut db, &facts, organization, pin);
    let added = added.map_err(|error| not_stored(error, context.clone()))?;
    held.ensure_in_place()?;
    let FactsAdded { updated, unchanged, unknown } = added;
    if !facts.huts.is_empty() && unknown.len() == facts.huts.len() {
        bail!(
            "{context}: no hut of {organization} has one of its IDs, such as {:?}; find the huts first, with: \
             huts discover --organization {organization}",
            unknown[0]
        );
    }
    if !facts.other_columns.is_empty() {
        say(&format!("columns that were not read: {}", facts.other_columns.join(", ")));
    }
    let known = pluralize(updated + unchanged, "hut");
    print_text(&format!("{known}: {updated} updated, {unchanged} unchanged\n"))?;
    if !unknown.is_empty() {
        let more = unknown.len().saturating_sub(MAX_IDS_SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let ids = unknown[..unknown.len().min(MAX_IDS_SHOWN)].join(", ");
        let huts = pluralize(unknown.len(), "hut");
        say(&format!("{huts} of the file left out, which the register does not have: {ids}{more}"));
    }
    Ok(())
}
