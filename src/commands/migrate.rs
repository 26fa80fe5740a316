//! `hut-availability migrate`: applies pending database migrations.

use anyhow::Context;

use crate::db::open::{Access, connect};
use crate::db::{migrations, organization};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::organization::Organizations;
use crate::runtime::console::print_text;
use crate::text::humanize::pluralize;

/// Runs the pending migrations, and prints their names.
pub fn run(url: &DatabaseUrl, organizations: &Organizations) -> anyhow::Result<()> {
    let mut db = connect(url, Access::ReadWrite)?;
    let names =
        migrations::run_pending(&mut db).with_context(|| format!("cannot migrate {url}"))?;
    organization::insert_missing(&mut db, organizations)?;
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
