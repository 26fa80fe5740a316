//! `hut-availability huts list`

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::db::hut::{self, ListedHut};
use crate::db::open::{Access, open};
use crate::db::url::DatabaseUrl;
use crate::report::{counted, print_text, say};

/// Prints the huts as a table.
pub fn run(url: &DatabaseUrl) -> anyhow::Result<()> {
    let mut db = open(url, Access::ReadWrite)?;
    let huts = hut::list(&mut db)?;
    if huts.is_empty() {
        say("no huts yet: `hut-availability huts import FILE.csv` adds some");
        return Ok(());
    }
    print_text(&format(&huts))?;
    Ok(())
}

fn format(huts: &[ListedHut]) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(["ID", "SLUG", "NAME", "COUNTRY", "M", "OPEN", "CLOSED", "FOLLOWED", "ACTIVE"]);
    for column in [0, 4, 5, 6] {
        table
            .column_mut(column)
            .expect("a column of the header")
            .set_cell_alignment(CellAlignment::Right);
    }
    for hut in huts {
        let followed = match (&hut.booking_ref, &hut.source_hut_id) {
            (Some(organization), Some(id)) => format!("{organization} {id}"),
            _ => String::new(),
        };
        table.add_row([
            hut.id.to_string(),
            hut.slug.clone(),
            hut.name.clone(),
            hut.country.clone().unwrap_or_default(),
            number(hut.elevation),
            number(hut.capacity_open),
            number(hut.capacity_closed),
            followed,
            if hut.is_active { "yes".into() } else { "no".into() },
        ]);
    }
    format!("{}\n{}\n", table.trim_fmt(), counted(huts.len(), "hut"))
}

fn number(value: Option<i16>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
