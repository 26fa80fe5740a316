//! `hut-availability huts import`

use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;

use anyhow::{Context, anyhow};

use crate::db::open::{Access, open};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::organization::Organizations;
use crate::register::file::{self, RecordError};
use crate::register::import;
use crate::runtime::console::print_text;
use crate::text::humanize::pluralize;

/// Bad lines that are shown; a file of another kind is bad in all of them.
const ERRORS_SHOWN: usize = 20;

/// Imports the huts of a file, `-` for stdin, and says how many were new. What it says is set
/// `by_hand`, or is what discoveries go on from.
///
/// # Errors
/// For a file of which any line is bad: all of them are named, and nothing is imported.
pub fn run(
    url: &DatabaseUrl,
    file: &Path,
    by_hand: bool,
    organizations: &Organizations,
) -> anyhow::Result<()> {
    let reader: Box<dyn Read> = if file == Path::new("-") {
        Box::new(stdin().lock())
    } else {
        let path = file.display();
        Box::new(File::open(file).with_context(|| format!("cannot open {path}"))?)
    };
    let nothing = format!("nothing of {} is imported", file.display());
    let mut file = file::read(reader, organizations)
        .map_err(|errors| describe(&errors))
        .with_context(|| nothing.clone())?;
    if by_hand {
        file.set_by_hand();
    }
    let mut db = open(url, Access::ReadWrite)?;
    let imported = import::import(&mut db, &file, organizations).with_context(|| nothing)?;
    let import::Imported { added, updated, unchanged } = imported;
    let huts = pluralize(file.huts.len(), "hut");
    print_text(&format!("{huts}: {added} added, {updated} updated, {unchanged} unchanged\n"))?;
    Ok(())
}

fn describe(errors: &[RecordError]) -> anyhow::Error {
    let mut lines: Vec<_> =
        errors.iter().take(ERRORS_SHOWN).map(|error| format!("\n  {error}")).collect();
    if errors.len() > ERRORS_SHOWN {
        lines.push(format!("\n  and {} more", errors.len() - ERRORS_SHOWN));
    }
    anyhow!("{}{}", pluralize(errors.len(), "bad line"), lines.concat())
}
