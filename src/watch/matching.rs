//! Matches a watch with what has room now. One transaction a watch: which arrivals are open, and what is to be sent.
//!
//! A match compares the current state with the arrivals that are stored as open, and not with what a check changed.
//! So nothing is missed or found twice, however many runs match, and wherever they are killed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryResult;
use uuid::Uuid;

use super::visits::{Huts, closed, open_visits, opened};
use crate::db::connection::{Db, write_transaction};
use crate::db::reading::for_stays::{huts_of, rooms};
use crate::db::update_run::wait_for_disk;
use crate::db::watch::outbox::{Event, News};
use crate::db::watch::stored::StoredWatch;
use crate::db::watch::{arrival, delivery, nights, outbox, stored};
use crate::domain::full_since::Nights;
use crate::domain::message::{MAX_LISTED, Visit};
use crate::domain::opening::{Arrival, Decision, Known, SendTime, Situation, decide};
use crate::domain::stay::{after, nights_of_tour};
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
    let history = history(db, stored, &decision)?;
    let visit = |arrival: Arrival, event| match event {
        Event::Opened => {
            let visit = opened(watch, arrival, &visits[&arrival], &huts, &history);
            // What was free all the time, but not listed, had not been full.
            let closed_at = known.get(&arrival).and_then(|known| known.closed_at);
            let is_older =
                visit.full_since.is_some() && closed_at.is_some() && visit.full_since < closed_at;
            let full_since = if is_older { closed_at } else { visit.full_since };
            Visit { full_since, ..visit }
        }
        Event::Closed => closed(watch, arrival, &huts),
    };
    let news = news(&decision, moment.now, visit);
    let released: Vec<_> = decision
        .released
        .iter()
        .map(|(arrival, opening)| ((*arrival, *opening), visit(*arrival, Event::Opened)))
        .collect();
    write(db, stored, &decision, &known, (&news, &released), moment.now)?;
    stored::set_matched(db, stored, &changes)?;
    Ok(Matched {
        opened: decision.opened.len(),
        closed: decision.closed.len(),
        is_queued: is_queued(&decision, &news),
    })
}

/// The history of the nights whose arrivals the message lists. A summary does not say how long the nights had been full:
/// they were free before the watch.
fn history(db: &mut Db, stored: &StoredWatch, decision: &Decision) -> QueryResult<Nights> {
    let opened = decision.opened.iter().filter(|opened| opened.send != SendTime::Never);
    let opened = opened.map(|opened| opened.arrival);
    let released = decision.released.iter().map(|(arrival, _)| *arrival);
    let listed: Vec<Arrival> = opened.chain(released).take(MAX_LISTED).collect();
    let dates = listed.iter().map(|arrival| arrival.date);
    let (Some(first), Some(last)) = (dates.clone().min(), dates.max()) else {
        return Ok(Nights::new());
    };
    if stored.is_starting {
        return Ok(Nights::new());
    }
    let mut huts: Vec<i32> = listed.iter().filter_map(|arrival| arrival.hut_id).collect();
    if huts.is_empty() {
        huts = stored.matched.keys().copied().collect();
    }
    huts.sort_unstable();
    huts.dedup();
    let nights = nights_of_tour(stored.watch.goal.stages());
    nights::history(db, &huts, &(first..=after(last, nights)), stored.watch.group.places)
}

fn is_queued(decision: &Decision, news: &[News]) -> bool {
    !decision.released.is_empty() || news.iter().any(|news| news.is_queued)
}

/// An opening whose wait is over, with its number, and how it is by now.
type Released = ((Arrival, i32), Visit);

/// The rows of the outbox.
fn news(
    decision: &Decision,
    now: DateTime<Utc>,
    visit: impl Fn(Arrival, Event) -> Visit,
) -> Vec<News> {
    let opened = decision.opened.iter().filter_map(|opened| {
        let due_at = match opened.send {
            SendTime::Now => now,
            SendTime::At(due_at) => due_at,
            SendTime::Never => return None,
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
    // Without an offer, its hut is not followed any more.
    let names_a_hut = |news: &News| news.visit.stages.iter().any(|stage| !stage.is_empty());
    opened.chain(closed).map(news).filter(names_a_hut).collect()
}

fn write(
    db: &mut Db,
    stored: &StoredWatch,
    decision: &Decision,
    known: &BTreeMap<Arrival, Known>,
    (news, released): (&[News], &[Released]),
    now: DateTime<Utc>,
) -> QueryResult<()> {
    if decision.is_empty() {
        return Ok(());
    }
    // A crash of the server must not lose an opening whose message was sent: it would be found and sent once more.
    wait_for_disk(db)?;
    let message_id = Uuid::new_v4().to_string();
    arrival::open(db, stored.id, &decision.opened, known, now)?;
    arrival::close(db, stored.id, &decision.closed, now)?;
    arrival::notified(db, stored.id, &decision.released, now)?;
    outbox::insert(db, stored.id, &message_id, now, news)?;
    for (opening, visit) in released {
        outbox::release(db, stored.id, *opening, &message_id, visit)?;
    }
    for dropped in &decision.dropped {
        outbox::drop_waiting(db, stored.id, *dropped)?;
    }
    if is_queued(decision, news) {
        let channels = &stored.watch.channels;
        delivery::insert(db, stored.id, &message_id, channels, stored.is_starting, now)?;
    }
    Ok(())
}
