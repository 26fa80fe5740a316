//! `hut-availability watches pause`, `resume` and `remove`.

use super::watches::{begin, ensure_not_ended, find, moment, say_begun};
use crate::cli::watches::NamedArgs;
use crate::db::connection::write_transaction;
use crate::db::open::{Access, open_existing};
use crate::db::watch::stored;
use crate::domain::database_url::DatabaseUrl;
use crate::runtime::console::say;

/// Pauses a watch.
pub fn pause(url: &DatabaseUrl, args: &NamedArgs) -> anyhow::Result<()> {
    let mut opened = open_existing(url, Access::ReadWrite)?;
    let watch = find(&mut opened.db, &args.name)?;
    let name = &watch.watch.name;
    if watch.paused_at.is_some() {
        say(&format!("watch {name:?} is paused already"));
        return Ok(());
    }
    stored::pause(&mut opened.db, watch.id, moment(&args.day).now)?;
    say(&format!(
        "watch {name:?} is paused; `hut-availability watches resume {name:?}` resumes it"
    ));
    Ok(())
}

/// Resumes a watch, and matches it.
pub fn resume(url: &DatabaseUrl, args: &NamedArgs) -> anyhow::Result<()> {
    let mut opened = open_existing(url, Access::ReadWrite)?;
    let watch = find(&mut opened.db, &args.name)?;
    let name = &watch.watch.name;
    if watch.paused_at.is_none() {
        say(&format!("watch {name:?} is not paused"));
        return Ok(());
    }
    ensure_not_ended(&watch.watch, moment(&args.day))?;
    let matched = write_transaction(&mut opened.db, |db| {
        stored::resume(db, watch.id)?;
        begin(db, watch.id, moment(&args.day))
    })?;
    say_begun(name, matched);
    Ok(())
}

/// Removes a watch.
pub fn remove(url: &DatabaseUrl, args: &NamedArgs) -> anyhow::Result<()> {
    let mut opened = open_existing(url, Access::ReadWrite)?;
    let watch = find(&mut opened.db, &args.name)?;
    stored::remove(&mut opened.db, watch.id)?;
    let name = &watch.watch.name;
    match &watch.file {
        None => say(&format!("watch {name:?} is removed")),
        Some(file) => {
            say(&format!("watch {name:?} is removed; `watches apply {file}` adds it again"));
        }
    }
    Ok(())
}
