//! `hut-availability huts types`: how clients show the types of huts.

use std::path::Path;

use anyhow::Context;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use strum::VariantArray;

use super::huts_import::{describe, not_stored, open};
use crate::db::hut_type;
use crate::db::open::{Access, Opened, open_file, open_to_read};
use crate::db::register::register_transaction;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::hut::HutType;
use crate::domain::type_style::TypeStyles;
use crate::query::type_names::type_name;
use crate::register::file::{read_styles, styles_to_csv, styles_to_json};
use crate::runtime::console::{print, print_text};
use crate::text::format::{Format, Printout};
use crate::text::humanize::pluralize;
use crate::text::language::Language;
use crate::text::visible::visible;

/// Prints the symbol, the colour and the order of each type.
pub fn list(url: &DatabaseUrl, output: Format) -> anyhow::Result<()> {
    let styles = hut_type::load(&mut open_to_read(url)?)?;
    print(&Types(styles), output)?;
    Ok(())
}

/// Imports a file of such values, `-` for stdin, all or none, and prints how many types changed.
///
/// # Errors
/// Any line of the file is bad. The error lists the bad lines, and nothing is imported.
pub fn import(url: &DatabaseUrl, file: &Path) -> anyhow::Result<()> {
    let context = format!("nothing was imported from {}", file.display());
    let changes = read_styles(open(file)?)
        .map_err(|errors| describe(&errors))
        .with_context(|| context.clone())?;
    let Opened { mut db, file: held } = open_file(url, Access::ReadWrite)?;
    let updated = register_transaction(&mut db, |db| {
        let stored = hut_type::load(db)?;
        let mut updated = 0;
        for change in &changes {
            let Some(style) = stored.of(change.hut_type) else { continue };
            let new = change.applied(style);
            if new != *style {
                updated += hut_type::save(db, change.hut_type, &new)?;
            }
        }
        diesel::QueryResult::Ok(updated)
    });
    let updated = updated.map_err(|error| not_stored(error, context))?;
    held.ensure_in_place()?;
    let types = pluralize(changes.len(), "type");
    print_text(&format!("{types}: {updated} updated, {} unchanged\n", changes.len() - updated))?;
    Ok(())
}

struct Types(TypeStyles);

impl Printout for Types {
    fn text(&self) -> String {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled)
            .set_header(["SLUG", "NAME", "IDENTIFIER", "COLOR", "ORDER"]);
        if let Some(order) = table.column_mut(4) {
            order.set_cell_alignment(CellAlignment::Right);
        }
        let mut types: Vec<_> = HutType::VARIANTS
            .iter()
            .filter_map(|hut_type| Some((*hut_type, self.0.of(*hut_type)?)))
            .collect();
        types.sort_by_key(|(_, style)| style.order);
        for (hut_type, style) in &types {
            table.add_row([
                hut_type.to_string(),
                type_name(Language::English, *hut_type).to_owned(),
                visible(&style.identifier),
                visible(&style.color),
                style.order.to_string(),
            ]);
        }
        format!("{}\n{}\n", table.trim_fmt(), pluralize(types.len(), "type"))
    }

    fn csv(&self) -> String {
        styles_to_csv(&self.0)
    }

    fn json(&self) -> String {
        styles_to_json(&self.0)
    }
}
