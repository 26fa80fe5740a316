//! `hut-availability watches`: what its verbs share.

use std::collections::BTreeSet;

use anyhow::{anyhow, bail};
use diesel::QueryResult;

use super::find_hut::find_to_write;
use crate::cli::day::DayArgs;
use crate::commands::config;
use crate::db::connection::Db;
use crate::db::register;
use crate::db::watch::stored::{self, StoredWatch};
use crate::domain::watch::{Goal, Watch};
use crate::notify::channels::Channels;
use crate::runtime::console::say;
use crate::text::humanize::pluralize;
use crate::text::suggest::suggest;
use crate::watch::matching::{Matched, Moment, Trigger, match_watch};

/// The time of a command.
#[must_use]
pub fn moment(day: &DayArgs) -> Moment {
    let clock = config::clock(day);
    Moment { now: clock.now(), today: clock.today(day.timezone) }
}

/// The watch with this name.
///
/// # Errors
/// There is none. The error suggests similar names.
pub fn find(db: &mut Db, name: &str) -> anyhow::Result<StoredWatch> {
    let watches = stored::all(db)?;
    let names: Vec<String> = watches.iter().map(|watch| watch.watch.name.clone()).collect();
    watches.into_iter().find(|watch| watch.watch.name == name.trim()).ok_or_else(|| match suggest(
        name,
        names.iter().map(String::as_str),
    )
    .as_slice()
    {
        [] => {
            anyhow!("there is no watch {name:?}: `hut-availability watches list` lists all watches")
        }
        similar => anyhow!("there is no watch {name:?}: did you mean {}?", similar.join(", ")),
    })
}

/// The watch with the IDs of its huts.
///
/// # Errors
/// A slug is not that of a hut whose bookings are followed.
pub fn with_ids(db: &mut Db, watch: &Watch<String>) -> anyhow::Result<Watch<i32>> {
    let mut goal = watch.goal.try_map(|slug| {
        // Whoever types a slug may write capitals that it does not have.
        let found = find_to_write(db, slug);
        let (id, hut) = match (found, register::find(db, &slug.to_lowercase())?) {
            (Err(_), Some(found)) => found,
            (found, _) => found?,
        };
        if hut.fields.booking_ref.is_none() {
            bail!(
                "the bookings of the hut {slug:?} are not followed, so it never opens: set a source with \
                 `hut-availability huts set {slug} booking_ref=…`"
            );
        }
        Ok(id)
    })?;
    let stages = match &mut goal {
        Goal::Stay(stage) => std::slice::from_mut(stage),
        Goal::Tour(stages) => stages,
    };
    for stage in stages {
        let mut seen = BTreeSet::new();
        stage.huts.retain(|id| seen.insert(*id));
    }
    let Watch { name, group, channels, quiet_start, closings, cooldown, .. } = watch.clone();
    Ok(Watch { name, goal, group, channels, quiet_start, closings, cooldown })
}

/// Returns an error if a watch names a channel that there is not.
pub fn ensure_channels(channels: &Channels, watch: &Watch<String>) -> anyhow::Result<()> {
    for name in &watch.channels {
        channels.find(name)?;
    }
    Ok(())
}

/// Returns an error if nothing can open any more.
pub fn ensure_not_ended<Hut>(watch: &Watch<Hut>, moment: Moment) -> anyhow::Result<()> {
    if watch.has_ended(moment.today) {
        let last = watch.group.arrivals.end();
        bail!("the last arrival {last} is past, so nothing can open: give a later date");
    }
    Ok(())
}

/// Matches a watch for the first time, in the transaction that starts it, so that no run matches it before.
pub fn begin(db: &mut Db, watch_id: i32, moment: Moment) -> QueryResult<Matched> {
    match_watch(db, watch_id, moment, Trigger::Always)
}

/// Says what was open when a watch started.
pub fn say_begun(name: &str, matched: Matched) {
    say(&match (matched.opened, matched.is_queued) {
        (0, _) => format!("watch {name:?}: nothing is open now"),
        (opened, true) => format!(
            "watch {name:?}: {} open now; the next run of `update-availability`, or `hut-availability notify`, sends them",
            are(opened)
        ),
        (opened, false) => {
            format!("watch {name:?}: {} open now, and not sent (quiet start)", are(opened))
        }
    });
}

fn are(count: usize) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", pluralize(count, "arrival"))
}
