//! `hut-availability watches add`: adds a watch.

use anyhow::bail;

use super::channels::require_channels;
use super::config;
use super::watches::{begin, ensure_channels, ensure_not_ended, moment, say_begun, with_ids};
use crate::cli::watches::AddArgs;
use crate::db::connection::write_transaction;
use crate::db::open::{Access, open_file};
use crate::db::watch::stored;
use crate::domain::database_url::DatabaseUrl;
use crate::domain::stay::{Group, Stage};
use crate::domain::watch::{Goal, Watch};

/// Adds a watch, and matches it for the first time.
pub fn run(url: &DatabaseUrl, args: AddArgs) -> anyhow::Result<()> {
    let moment = moment(&args.day);
    let channels = require_channels(&args.channels)?;
    let arrivals = (config::date(&args.day, &args.from)?, config::date(&args.day, &args.to)?);
    let goal = if args.stages.is_empty() {
        Goal::Stay(Stage { huts: args.hut, nights: args.nights })
    } else {
        Goal::Tour(args.stages)
    };
    let watch = Watch {
        name: args.name,
        goal,
        group: Group::new(arrivals, args.weekday, args.places)?,
        channels: args.notify,
        quiet_start: args.quiet_start,
        closings: args.closings,
        cooldown: args.cooldown,
    };
    let watch = watch.checked()?;
    ensure_channels(&channels, &watch)?;
    ensure_not_ended(&watch, moment)?;
    let mut opened = open_file(url, Access::ReadWrite)?;
    let matched = write_transaction(&mut opened.db, |db| {
        if stored::all(db)?.iter().any(|other| other.watch.name == watch.name) {
            let name = &watch.name;
            bail!(
                "there is a watch {name:?} already: choose another name, or remove it with `hut-availability watches \
                 remove {name:?}`"
            );
        }
        let watch = with_ids(db, &watch)?;
        let id = stored::insert(db, &watch, None, moment.now)?;
        Ok(begin(db, id, moment)?)
    })?;
    opened.file.ensure_in_place()?;
    say_begun(&watch.name, matched);
    Ok(())
}
