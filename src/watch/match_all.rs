//! Matches all watches, at the start of a run and before pending messages are sent.

use std::collections::BTreeSet;

use super::matching::{Matched, Moment, Trigger, match_watch};
use crate::db::resilient::{DbError, ResilientDb};
use crate::db::watch::stored;
use crate::domain::watch::WatchState;

/// What a match of all watches found.
#[derive(Debug, Default)]
pub struct Matches {
    pub found: Matched,
    /// The active watches, each with each of its huts.
    pub pairs: BTreeSet<(i32, i32)>,
    /// Whether there is any watch.
    pub has_watches: bool,
}

/// Matches all watches, each in a transaction of its own. A watch that fails keeps no other from being matched. Without a
/// watch, this is one statement.
///
/// # Errors
/// The watches cannot be read.
pub async fn match_all(db: &ResilientDb, moment: Moment) -> Result<Matches, DbError> {
    let watches = db.run(|db, _| stored::all(db)).await?;
    let mut matches = Matches { has_watches: !watches.is_empty(), ..Matches::default() };
    for watch in watches {
        if watch.state(moment.today) != WatchState::Active {
            continue;
        }
        let id = watch.id;
        match db.run(move |db, _| match_watch(db, id, moment, Trigger::Always)).await {
            Ok(matched) => {
                matches.found.opened += matched.opened;
                matches.found.closed += matched.closed;
                matches.found.is_queued |= matched.is_queued;
            }
            Err(error) => tracing::error!("cannot match the watch {:?}: {error}", watch.watch.name),
        }
        matches.pairs.extend(watch.matched.keys().map(|hut| (id, *hut)));
    }
    Ok(matches)
}
