//! `hut-availability huts import`: adds and updates huts from a file.

use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;

use anyhow::{Context, anyhow};

use crate::db::connection::is_unconfirmed;
use crate::db::open::{Access, Opened, open_file};
use crate::db::takeover;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::organization::Organizations;
use crate::register::file::{self, RecordError};
use crate::register::import::{self, ImportError};
use crate::runtime::console::print_text;
use crate::text::humanize::pluralize;

/// Maximum number of bad lines to print. In a file of another format, every line is bad.
const MAX_ERRORS_SHOWN: usize = 20;

/// Imports the huts of a file, `-` for stdin, and prints how many were added and updated. With `pin`,
/// discoveries do not change the imported fields later.
///
/// # Errors
/// Any line of the file is bad. The error lists the bad lines, and nothing is imported.
pub fn run(
    url: &DatabaseUrl,
    file: &Path,
    pin: bool,
    organizations: &Organizations,
) -> anyhow::Result<()> {
    let reader = open(file)?;
    let context = format!("nothing was imported from {}", file.display());
    let mut file = file::read(reader, organizations)
        .map_err(|errors| describe(&errors))
        .with_context(|| context.clone())?;
    if pin {
        file.pin_fields();
    }
    let Opened { mut db, file: held } = open_file(url, Access::ReadWrite)?;
    takeover::ensure_none(&mut db).with_context(|| context.clone())?;
    let imported = import::import(&mut db, &file, organizations).map_err(|error| match error {
        ImportError::Database(error) => not_stored(error, context),
        error => anyhow::Error::new(error).context(context),
    })?;
    held.ensure_in_place()?;
    let import::Imported { added, updated, unchanged } = imported;
    let huts = pluralize(file.huts.len(), "hut");
    print_text(&format!("{huts}: {added} added, {updated} updated, {unchanged} unchanged\n"))?;
    Ok(())
}

/// Opens a file, `-` for stdin.
pub(super) fn open(file: &Path) -> anyhow::Result<Box<dyn Read>> {
    if file == Path::new("-") {
        return Ok(Box::new(stdin().lock()));
    }
    let opened = File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    Ok(Box::new(opened))
}

/// The error of an import that the database did not store, or may have stored.
pub(super) fn not_stored(error: diesel::result::Error, context: String) -> anyhow::Error {
    if is_unconfirmed(&error) {
        anyhow!("{error}; import the file once more: huts that are stored already stay as they are")
    } else {
        anyhow::Error::new(error).context(context)
    }
}

pub(super) fn describe(errors: &[RecordError]) -> anyhow::Error {
    let mut lines: Vec<_> =
        errors.iter().take(MAX_ERRORS_SHOWN).map(|error| format!("\n  {error}")).collect();
    if errors.len() > MAX_ERRORS_SHOWN {
        lines.push(format!("\n  and {} more", errors.len() - MAX_ERRORS_SHOWN));
    }
    anyhow!("{}{}", pluralize(errors.len(), "bad line"), lines.concat())
}
