//! `outbox`: what is to be said, one row for each opening of an arrival, and for each closing that is sent.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use strum::{Display, EnumString, IntoStaticStr};

use super::key::key;
use crate::db::connection::Db;
use crate::db::schema::{delivery, outbox, watch};
use crate::db::text::text_column;
use crate::db::timestamp::Timestamp;
use crate::domain::message::{Listed, MAX_LISTED, Message, MessageKind, Visit};
use crate::domain::opening::Arrival;

/// What happened to an arrival.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Display, EnumString, IntoStaticStr, AsExpression, FromSqlRow,
)]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum Event {
    Opened,
    Closed,
}

/// How far a row of the outbox is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Display, EnumString, IntoStaticStr, AsExpression, FromSqlRow,
)]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum OutboxState {
    /// For its due time, because of the cooldown.
    Waiting,
    /// In a message.
    Queued,
    /// Closed again before its due time.
    Dropped,
}

text_column!(Event, OutboxState);

/// A row to be added.
#[derive(Clone, Debug)]
pub struct News {
    pub arrival: Arrival,
    pub opening: i32,
    pub event: Event,
    /// When it is sent. It waits for that time if it is in no message.
    pub due_at: DateTime<Utc>,
    pub visit: Visit,
    /// Whether it is in the message of this match.
    pub is_queued: bool,
}

#[derive(Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
struct NewsRow {
    watch_id: i32,
    arrival: NaiveDate,
    hut_id: i32,
    opening: i32,
    event: Event,
    found_at: Timestamp,
    due_at: Timestamp,
    visit: String,
    state: OutboxState,
    message_id: Option<String>,
}

/// Rows of one INSERT, because the number of its parameters is limited.
const BATCH: usize = 1000;

/// Adds what a match found.
pub fn insert(
    db: &mut Db,
    watch_id: i32,
    message_id: &str,
    found_at: DateTime<Utc>,
    news: &[News],
) -> QueryResult<()> {
    for news in news.chunks(BATCH) {
        let row = |news: &News| {
            let (arrival, hut_id) = key(news.arrival);
            NewsRow {
                watch_id,
                arrival,
                hut_id,
                opening: news.opening,
                event: news.event,
                found_at: found_at.into(),
                due_at: news.due_at.into(),
                visit: serde_json::to_string(&news.visit).unwrap_or_default(),
                state: if news.is_queued { OutboxState::Queued } else { OutboxState::Waiting },
                message_id: news.is_queued.then(|| message_id.to_owned()),
            }
        };
        let rows: Vec<NewsRow> = news.iter().map(row).collect();
        match db {
            Db::Postgres(connection) => {
                diesel::insert_into(outbox::table).values(rows).execute(connection)?
            }
            Db::Sqlite(connection) => {
                diesel::insert_into(outbox::table).values(rows).execute(connection)?
            }
        };
    }
    Ok(())
}

/// Puts an opening that waited into a message, which says how it is by now.
pub fn release(
    db: &mut Db,
    watch_id: i32,
    (arrival, opening): (Arrival, i32),
    message_id: &str,
    visit: &Visit,
) -> QueryResult<()> {
    let (date, hut_id) = key(arrival);
    diesel::update(outbox::table.find((watch_id, date, hut_id, opening, Event::Opened)))
        .set((
            outbox::state.eq(OutboxState::Queued),
            outbox::message_id.eq(Some(message_id)),
            outbox::visit.eq(serde_json::to_string(visit).unwrap_or_default()),
        ))
        .execute(db)?;
    Ok(())
}

/// Drops an opening that waited.
pub fn drop_waiting(
    db: &mut Db,
    watch_id: i32,
    (arrival, opening): (Arrival, i32),
) -> QueryResult<()> {
    let (date, hut_id) = key(arrival);
    diesel::update(outbox::table.find((watch_id, date, hut_id, opening, Event::Opened)))
        .set(outbox::state.eq(OutboxState::Dropped))
        .execute(db)?;
    Ok(())
}

type MessageRow = (String, i16, bool, Timestamp);

/// A message with what it says of arrivals that are not past. None if its watch was removed.
pub fn message(db: &mut Db, message_id: &str, today: NaiveDate) -> QueryResult<Option<Message>> {
    let head: Option<MessageRow> = delivery::table
        .inner_join(watch::table)
        .filter(delivery::message_id.eq(message_id))
        .select((watch::name, watch::places, delivery::is_summary, delivery::found_at))
        .first(db)
        .optional()?;
    let Some((watch, places, is_summary, at)) = head else { return Ok(None) };
    let rows: Vec<(Event, String)> = outbox::table
        .filter(outbox::message_id.eq(message_id))
        .filter(outbox::arrival.ge(today))
        .order((outbox::arrival, outbox::hut_id, outbox::opening))
        .select((outbox::event, outbox::visit))
        .load(db)?;
    let listed = |wanted: Event| {
        let visits = rows.iter().filter(|(event, _)| *event == wanted);
        let first = visits.clone().take(MAX_LISTED);
        let first = first.filter_map(|(_, visit)| serde_json::from_str(visit).ok()).collect();
        Listed { first, count: visits.count() }
    };
    Ok(Some(Message {
        id: message_id.to_owned(),
        watch,
        kind: if is_summary { MessageKind::Summary } else { MessageKind::News },
        places: places.unsigned_abs(),
        at: at.into(),
        opened: listed(Event::Opened),
        closed: listed(Event::Closed),
    }))
}
