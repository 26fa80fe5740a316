//! `hut-availability migrate`: applies pending database migrations.

use anyhow::Context;

use crate::db::open::{Access, Opened, connect_file};
use crate::db::{migrations, organization};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::organization::Organizations;
use crate::runtime::console::print_text;
use crate::text::humanize::pluralize;

/// Runs the pending migrations, and prints their names.
pub fn run(url: &DatabaseUrl, organizations: &Organizations) -> anyhow::Result<()> {
    let Opened { mut db, file } = connect_file(url, Access::ReadWrite)?;
    let names =
        migrations::run_pending(&mut db).with_context(|| format!("cannot migrate {url}"))?;
    organization::insert_missing(&mut db, organizations)?;
    file.ensure_in_place()?;
    let mut text = match names.len() {
        0 => format!("{url} is up to date\n"),
        count => format!("{url}: {} run\n", pluralize(count, "migration")),
    };
    for name in names {
        text += &format!("  {name}\n");
    }
    print_text(&text)?;
    Ok(())
}
