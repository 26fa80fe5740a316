//! `for_watches`: watches as people see them, with what is open.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate};
use diesel::prelude::*;

use crate::db::connection::Db;
use crate::db::schema::{delivery, hut, watch};
use crate::db::timestamp::Timestamp;
use crate::db::watch::arrival::open_from;
use crate::db::watch::delivery::DeliveryState;
use crate::db::watch::stored::{self, StoredWatch};
use crate::domain::opening::Arrival;
use crate::domain::stay::{Stage, format_weekdays};
use crate::domain::watch::Goal;
use crate::query::paging::{Cursor, Page};
use crate::query::watch_fields::{DeliveryFields, OpenArrival, WatchFields};

/// All watches, by name, with the arrivals that are open from today on. Four statements.
pub fn for_watches(db: &mut Db, today: NaiveDate) -> QueryResult<Vec<WatchFields>> {
    let stored = stored::all(db)?;
    fields_of(db, &stored, today)
}

/// A page of the watches, by name, and the number of all. Four statements.
pub fn page_of_watches(
    db: &mut Db,
    today: NaiveDate,
    cursor: &Cursor<String>,
    max_rows: usize,
) -> QueryResult<(Page<WatchFields>, usize)> {
    let stored = stored::all(db)?;
    let count = stored.len();
    let by_name = |watch: &StoredWatch, name: &String| watch.watch.name.cmp(name);
    let Page { rows, has_previous, has_next } = Page::of_sorted(stored, cursor, max_rows, by_name);
    let rows = fields_of(db, &rows, today)?;
    Ok((Page { rows, has_previous, has_next }, count))
}

fn fields_of(
    db: &mut Db,
    watches: &[StoredWatch],
    today: NaiveDate,
) -> QueryResult<Vec<WatchFields>> {
    if watches.is_empty() {
        return Ok(Vec::new());
    }
    let huts: BTreeSet<i32> =
        watches.iter().flat_map(|watch| watch.matched.keys().copied()).collect();
    let slugs: Vec<(i32, String)> =
        hut::table.filter(hut::id.eq_any(huts)).select((hut::id, hut::slug)).load(db)?;
    let slugs: HashMap<i32, String> = slugs.into_iter().collect();
    let ids: Vec<i32> = watches.iter().map(|watch| watch.id).collect();
    let open = open_from(db, &ids, today)?;
    let open_of = |watch: &StoredWatch| open.get(&watch.id).map(Vec::as_slice).unwrap_or_default();
    Ok(watches.iter().map(|watch| fields(watch, open_of(watch), &slugs, today)).collect())
}

fn fields(
    stored: &StoredWatch,
    open: &[Arrival],
    slugs: &HashMap<i32, String>,
    today: NaiveDate,
) -> WatchFields {
    let watch = &stored.watch;
    let slug = |id: &i32| slugs.get(id).cloned().unwrap_or_default();
    let named = |stage: &Stage<i32>| Stage {
        huts: stage.huts.iter().map(slug).collect(),
        nights: stage.nights,
    };
    let (hut, stage, nights) = match &watch.goal {
        Goal::Stay(stay) => (named(stay).huts, Vec::new(), Some(stay.nights)),
        Goal::Tour(stages) => {
            (Vec::new(), stages.iter().map(|stage| named(stage).to_string()).collect(), None)
        }
    };
    let open_arrival = |arrival: &Arrival| OpenArrival {
        arrival: arrival.date,
        hut: arrival.hut_id.map(|id| slug(&id)),
    };
    WatchFields {
        name: watch.name.clone(),
        state: stored.state(today),
        hut,
        stage,
        from: *watch.group.arrivals.start(),
        to: *watch.group.arrivals.end(),
        nights,
        places: watch.group.places,
        weekday: format_weekdays(watch.group.weekdays),
        notify: watch.channels.clone(),
        quiet_start: watch.quiet_start,
        closings: watch.closings,
        cooldown_seconds: watch.cooldown.num_seconds(),
        file: stored.file.clone(),
        created_at: stored.created_at,
        paused_at: stored.paused_at,
        open: open.iter().map(open_arrival).collect(),
    }
}

/// Which messages to read.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    All,
    OfWatch(&'a str),
    /// Those that are not sent.
    Unsent,
}

type Row = (String, String, DeliveryState, i32, Timestamp, Option<Timestamp>, Option<String>);

/// The newest messages to channels, at most `limit`, the newest first.
pub fn deliveries(db: &mut Db, which: Which<'_>, limit: i64) -> QueryResult<Vec<DeliveryFields>> {
    let query = delivery::table
        .inner_join(watch::table)
        .order((delivery::created_at.desc(), delivery::message_id, delivery::channel))
        .limit(limit)
        .select((
            watch::name,
            delivery::channel,
            delivery::state,
            delivery::attempts,
            delivery::created_at,
            delivery::finished_at,
            delivery::last_error,
        ))
        .into_boxed();
    let rows: Vec<Row> = match which {
        Which::All => query,
        Which::OfWatch(name) => query.filter(watch::name.eq(name)),
        Which::Unsent => query.filter(delivery::state.ne(DeliveryState::Sent)),
    }
    .load(db)?;
    let fields = |row: Row| {
        let (watch, channel, state, attempts, created_at, finished_at, last_error) = row;
        DeliveryFields {
            watch,
            channel,
            state: state.to_string(),
            attempts,
            created_at: created_at.into(),
            finished_at: finished_at.map(DateTime::from),
            last_error,
        }
    };
    Ok(rows.into_iter().map(fields).collect())
}
