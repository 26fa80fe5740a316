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
use crate::query::audience::Audience;
use crate::query::paging::{Cursor, Page};
use crate::query::watch_fields::{DeliveryFields, OpenArrival, WatchFields};

/// All watches, by name, with the arrivals that are open from today on. Four statements.
pub fn for_watches(db: &mut Db, today: NaiveDate) -> QueryResult<Vec<WatchFields>> {
    let stored = stored::all(db)?;
    fields_of(db, &stored, today, Audience::Operators)
}

/// A page of the watches, by name, and the number of all. Huts that are not public are left out. Four statements.
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
    let rows = fields_of(db, &rows, today, Audience::Public)?;
    Ok((Page { rows, has_previous, has_next }, count))
}

fn fields_of(
    db: &mut Db,
    watches: &[StoredWatch],
    today: NaiveDate,
    audience: Audience,
) -> QueryResult<Vec<WatchFields>> {
    if watches.is_empty() {
        return Ok(Vec::new());
    }
    let huts: BTreeSet<i32> =
        watches.iter().flat_map(|watch| watch.matched.keys().copied()).collect();
    let mut slugs =
        hut::table.filter(hut::id.eq_any(huts)).select((hut::id, hut::slug)).into_boxed();
    if audience == Audience::Public {
        slugs = slugs.filter(hut::is_public);
    }
    let slugs: HashMap<i32, String> = slugs.load::<(i32, String)>(db)?.into_iter().collect();
    let ids: Vec<i32> = watches.iter().map(|watch| watch.id).collect();
    let open = open_from(db, &ids, today)?;
    let open_of = |watch: &StoredWatch| open.get(&watch.id).map(Vec::as_slice).unwrap_or_default();
    Ok(watches.iter().map(|watch| fields(watch, open_of(watch), &slugs, today)).collect())
}

/// A stage of which the reader may see no hut.
const NOT_PUBLIC: &str = "not public";

fn fields(
    stored: &StoredWatch,
    open: &[Arrival],
    slugs: &HashMap<i32, String>,
    today: NaiveDate,
) -> WatchFields {
    let watch = &stored.watch;
    let named = |stage: &Stage<i32>| Stage {
        huts: stage.huts.iter().filter_map(|id| slugs.get(id).cloned()).collect(),
        nights: stage.nights,
    };
    let stage_text = |stage: &Stage<i32>| match named(stage) {
        stage if stage.huts.is_empty() => NOT_PUBLIC.to_owned(),
        stage => stage.to_string(),
    };
    let (hut, stage, nights) = match &watch.goal {
        Goal::Stay(stay) => (named(stay).huts, Vec::new(), Some(stay.nights)),
        Goal::Tour(stages) => (Vec::new(), stages.iter().map(stage_text).collect(), None),
    };
    let is_hidden = stage.iter().any(|stage| stage == NOT_PUBLIC);
    let open_arrival = |arrival: &Arrival| {
        let hut = match arrival.hut_id {
            Some(id) => Some(slugs.get(&id)?.clone()),
            None => None,
        };
        Some(OpenArrival { arrival: arrival.date, hut })
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
        // A search for a tour must name huts of each stage.
        open: match is_hidden {
            true => Vec::new(),
            false => open.iter().filter_map(open_arrival).collect(),
        },
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
