//! `hut-availability watches apply`: makes the watches of a file those of the database.

use anyhow::{Context, bail};
use diesel::QueryResult;

use super::channels::require_channels;
use super::watches::{begin, ensure_channels, moment, say_begun, with_ids};
use crate::cli::watches::ApplyArgs;
use crate::db::connection::{Db, write_transaction};
use crate::db::open::{Access, open_file, open_to_read};
use crate::db::watch::stored::{self, StoredWatch};
use crate::domain::database_url::DatabaseUrl;
use crate::domain::watch::{Watch, WatchState};
use crate::runtime::console::print_text;
use crate::watch::file::parse;
use crate::watch::matching::{Matched, Moment};

/// What the file changes of a watch.
enum Change {
    Add(Watch<i32>),
    Replace(Box<StoredWatch>, Watch<i32>),
    Remove(Box<StoredWatch>),
}

/// Adds, changes and removes the watches that came from a file.
pub fn run(url: &DatabaseUrl, args: &ApplyArgs) -> anyhow::Result<()> {
    let shown = args.file.display();
    let text =
        std::fs::read_to_string(&args.file).with_context(|| format!("cannot read {shown}"))?;
    let wanted = parse(&text).with_context(|| shown.to_string())?;
    let channels = require_channels(&args.channels)?;
    for watch in &wanted {
        ensure_channels(&channels, watch)
            .with_context(|| format!("{shown}: watches.{}", watch.name))?;
    }
    // Symbolic links stay: those of a mounted ConfigMap lead elsewhere after each change.
    let file = std::path::absolute(&args.file)?.display().to_string();
    let moment = moment(&args.day);
    if args.dry_run {
        let changes = changes(&mut open_to_read(url)?, &file, &wanted)?;
        print_text(&describe(&changes))?;
        return Ok(());
    }
    let mut opened = open_file(url, Access::ReadWrite)?;
    let (changes, begun) = write_transaction(&mut opened.db, |db| {
        let changes = changes(db, &file, &wanted)?;
        apply(db, &file, &changes, moment)?;
        anyhow::Ok((changes, begin_all(db, &file, moment)?))
    })?;
    opened.file.ensure_in_place()?;
    print_text(&describe(&changes))?;
    for (name, matched) in begun {
        say_begun(&name, matched);
    }
    Ok(())
}

/// Matches the watches of the file that start, and returns what each found, by name.
fn begin_all(db: &mut Db, file: &str, moment: Moment) -> QueryResult<Vec<(String, Matched)>> {
    let starts = |stored: &StoredWatch| {
        let is_active = stored.state(moment.today) == WatchState::Active;
        stored.is_starting && is_active && stored.file.as_deref() == Some(file)
    };
    let starting = stored::all(db)?.into_iter().filter(starts);
    starting.map(|stored| Ok((stored.watch.name, begin(db, stored.id, moment)?))).collect()
}

fn changes(db: &mut Db, file: &str, wanted: &[Watch<String>]) -> anyhow::Result<Vec<Change>> {
    let stored = stored::all(db)?;
    let mut changes = Vec::new();
    for watch in wanted {
        let name = &watch.name;
        let new = with_ids(db, watch).with_context(|| format!("watches.{name}"))?;
        match stored.iter().find(|other| other.watch.name == *name) {
            None => changes.push(Change::Add(new)),
            Some(was) if was.file.as_deref() != Some(file) => {
                let from = was.file.as_deref().unwrap_or("by hand");
                bail!(
                    "watches.{name}: there is a watch {name:?} already, which did not come from this file ({from}): choose \
                     another name, or remove it with `hut-availability watches remove {name:?}`"
                );
            }
            Some(was) if was.watch != new => {
                changes.push(Change::Replace(Box::new(was.clone()), new));
            }
            Some(_) => {}
        }
    }
    let is_gone = |was: &&StoredWatch| {
        was.file.as_deref() == Some(file) && wanted.iter().all(|watch| watch.name != was.watch.name)
    };
    changes.extend(stored.iter().filter(is_gone).map(|was| Change::Remove(Box::new(was.clone()))));
    Ok(changes)
}

fn apply(db: &mut Db, file: &str, changes: &[Change], moment: Moment) -> anyhow::Result<()> {
    for change in changes {
        match change {
            Change::Add(new) => {
                stored::insert(db, new, Some(file), moment.now)?;
            }
            Change::Replace(was, new) => stored::replace(db, was, new)?,
            Change::Remove(was) => {
                stored::remove(db, was.id)?;
            }
        }
    }
    Ok(())
}

fn describe(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "nothing to change\n".into();
    }
    let line = |change: &Change| match change {
        Change::Add(new) => format!("add {}\n", new.name),
        Change::Replace(_, new) => format!("change {}\n", new.name),
        Change::Remove(was) => format!("remove {}\n", was.watch.name),
    };
    changes.iter().map(line).collect()
}
