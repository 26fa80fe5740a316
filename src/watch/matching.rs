//! Matches a watch with what has room now. One transaction a watch: which arrivals are open, and what is to be sent.
//!
//! A match compares the current state with the arrivals that are stored as open, and not with what a check changed.
//! So nothing is missed or found twice, however many runs match, and wherever they are killed.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryResult;
use uuid::Uuid;

use super::visits::{Huts, closed, open_visits, opened};
use crate::db::connection::{Db, write_transaction};
use crate::db::reading::for_stays::{huts_of, rooms};
use crate::db::watch::outbox::{Event, News};
use crate::db::watch::stored::StoredWatch;
use crate::db::watch::{arrival, delivery, nights, outbox, stored};
use crate::domain::full_since::Nights;
use crate::domain::message::MAX_LISTED;
use crate::domain::opening::{Decision, Known, Send, Situation, decide};
use crate::domain::stay::nights_of_tour;
use crate::domain::watch::WatchState;

/// The time of a match.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub now: DateTime<Utc>,
    /// The first arrival that is not past.
    pub today: NaiveDate,
}

/// Which watches are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Those whose huts have changed since their last match.
    Changes,
    /// All. This also finds changes that no check made, and openings whose wait is over.
    Always,
}

/// What a match of a watch found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    pub opened: usize,
    pub closed: usize,
    /// Whether there is a message to send.
    pub is_queued: bool,
}

/// Matches a watch in one transaction. Finds nothing if the watch was removed, is paused or has ended.
pub fn match_watch(
    db: &mut Db,
    watch_id: i32,
    moment: Moment,
    trigger: Trigger,
) -> QueryResult<Matched> {
    write_transaction(db, |db| match stored::lock(db, watch_id)? {
        Some(watch) if watch.state(moment.today) == WatchState::Active => {
            match_locked(db, &watch, moment, trigger)
        }
        _ => Ok(Matched::default()),
    })
}

/// Matches a watch that this transaction has locked.
fn match_locked(
    db: &mut Db,
    stored: &StoredWatch,
    moment: Moment,
    trigger: Trigger,
) -> QueryResult<Matched> {
    let watch = &stored.watch;
    let ids: Vec<i32> = stored.matched.keys().copied().collect();
    // Before the nights: a check that is stored in between is matched once more.
    let changes = stored::changes(db, &ids)?;
    let has_changed =
        stored.is_starting || ids.iter().any(|id| stored.matched[id] != changes.get(id).copied());
    if trigger == Trigger::Changes && !has_changed {
        return Ok(Matched::default());
    }
    let huts = huts_of(db, &ids)?;
    let huts: Huts<'_> = huts.iter().map(|hut| (hut.hut.id, hut)).collect();
    let followed: Vec<i32> = huts.keys().copied().collect();
    let dates = watch.group.nights(nights_of_tour(watch.goal.stages()));
    let dates = (*dates.start()).max(moment.today)..=*dates.end();
    let rooms = rooms(db, &followed, &dates, watch.group.places)?;
    let visits = open_visits(watch, &rooms);
    let open: BTreeSet<_> = visits.keys().copied().collect();
    let known = arrival::known(db, stored.id)?;
    let situation = Situation {
        now: moment.now,
        today: moment.today,
        is_starting: stored.is_starting,
        quiet_start: watch.quiet_start,
        closings: watch.closings,
        cooldown: watch.cooldown,
    };
    let decision = decide(&known, &open, &situation);
    let listed = decision.opened.iter().filter(|opened| opened.send != Send::Never);
    let listed: BTreeSet<_> = listed.take(MAX_LISTED).map(|opened| opened.arrival).collect();
    let history = match listed.is_empty() || stored.is_starting {
        // A summary does not say how long the nights had been full: they were free before the watch.
        true => Nights::new(),
        false => nights::history(db, &followed, &dates, watch.group.places)?,
    };
    let news = news(&decision, moment.now, |arrival, event| match event {
        Event::Opened => {
            let none = Nights::new();
            let history = if listed.contains(&arrival) { &history } else { &none };
            opened(watch, arrival, &visits[&arrival], &huts, history)
        }
        Event::Closed => closed(watch, arrival, &huts),
    });
    write(db, stored, &decision, &known, &news, moment.now)?;
    stored::set_matched(db, stored, &changes)?;
    Ok(Matched {
        opened: decision.opened.len(),
        closed: decision.closed.len(),
        is_queued: is_queued(&decision, &news),
    })
}

fn is_queued(decision: &Decision, news: &[News]) -> bool {
    !decision.released.is_empty() || news.iter().any(|news| news.is_queued)
}

/// The rows of the outbox.
fn news(
    decision: &Decision,
    now: DateTime<Utc>,
    visit: impl Fn(crate::domain::opening::Arrival, Event) -> crate::domain::message::Visit,
) -> Vec<News> {
    let opened = decision.opened.iter().filter_map(|opened| {
        let due_at = match opened.send {
            Send::Now => now,
            Send::At(due_at) => due_at,
            Send::Never => return None,
        };
        Some((opened.arrival, opened.opening, Event::Opened, due_at))
    });
    let closed = decision.closed.iter().filter(|closed| closed.is_sent);
    let closed = closed.map(|closed| (closed.arrival, closed.opening, Event::Closed, now));
    let news = |(arrival, opening, event, due_at): (_, _, Event, DateTime<Utc>)| News {
        arrival,
        opening,
        event,
        due_at,
        visit: visit(arrival, event),
        is_queued: due_at <= now,
    };
    opened.chain(closed).map(news).collect()
}

fn write(
    db: &mut Db,
    stored: &StoredWatch,
    decision: &Decision,
    known: &std::collections::BTreeMap<crate::domain::opening::Arrival, Known>,
    news: &[News],
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let message_id = Uuid::new_v4().to_string();
    arrival::open(db, stored.id, &decision.opened, known, now)?;
    arrival::close(db, stored.id, &decision.closed, now)?;
    arrival::notified(db, stored.id, &decision.released, now)?;
    outbox::insert(db, stored.id, &message_id, now, news)?;
    for released in &decision.released {
        outbox::end_wait(db, stored.id, *released, Some(&message_id))?;
    }
    for dropped in &decision.dropped {
        outbox::end_wait(db, stored.id, *dropped, None)?;
    }
    if is_queued(decision, news) {
        let channels = &stored.watch.channels;
        delivery::insert(db, stored.id, &message_id, channels, stored.is_starting, now)?;
    }
    Ok(())
}

/// Matches all watches, one after the other, and returns the active ones by hut, and whether there is any watch. Without
/// one, this is one statement.
pub fn match_all(
    db: &mut Db,
    moment: Moment,
) -> QueryResult<(Matched, HashMap<i32, Vec<i32>>, bool)> {
    let mut by_hut: HashMap<i32, Vec<i32>> = HashMap::new();
    let mut total = Matched::default();
    let watches = stored::all(db)?;
    let has_watches = !watches.is_empty();
    for watch in watches {
        if watch.state(moment.today) != WatchState::Active {
            continue;
        }
        let matched = match_watch(db, watch.id, moment, Trigger::Always)?;
        total.opened += matched.opened;
        total.closed += matched.closed;
        total.is_queued |= matched.is_queued;
        for hut in watch.matched.keys() {
            by_hut.entry(*hut).or_default().push(watch.id);
        }
    }
    Ok((total, by_hut, has_watches))
}
