//! Watches, what they found, and the messages.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::of_register::one_page;
use super::row::{CopyRow, continue_numbering, copy_part, insert};
use crate::db::connection::Db;
use crate::db::schema::{delivery, outbox, watch, watch_arrival, watch_hut};
use crate::db::timestamp::Timestamp;

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = watch, treat_none_as_default_value = false)]
pub struct WatchRow {
    id: i32,
    name: String,
    is_tour: bool,
    places: i16,
    first_arrival: NaiveDate,
    last_arrival: NaiveDate,
    weekdays: String,
    channels: String,
    quiet_start: bool,
    closings: bool,
    cooldown_seconds: i32,
    file: Option<String>,
    created_at: Timestamp,
    paused_at: Option<Timestamp>,
    is_starting: bool,
}

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = watch_hut, treat_none_as_default_value = false)]
pub struct WatchHutRow {
    watch_id: i32,
    stage: i16,
    position: i16,
    hut_id: i32,
    nights: i16,
    matched_changes: Option<i32>,
}

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = watch_arrival, treat_none_as_default_value = false)]
pub struct WatchArrivalRow {
    watch_id: i32,
    arrival: NaiveDate,
    hut_id: i32,
    is_open: bool,
    opening: i32,
    opened_at: Timestamp,
    closed_at: Option<Timestamp>,
    notified_at: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub struct OutboxRow {
    watch_id: i32,
    arrival: NaiveDate,
    hut_id: i32,
    opening: i32,
    event: String,
    found_at: Timestamp,
    due_at: Timestamp,
    visit: String,
    state: String,
    message_id: Option<String>,
}

#[derive(Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = delivery, treat_none_as_default_value = false)]
pub struct DeliveryRow {
    message_id: String,
    channel: String,
    watch_id: i32,
    is_summary: bool,
    found_at: Timestamp,
    created_at: Timestamp,
    state: String,
    attempts: i32,
    next_attempt_at: Timestamp,
    held_until: Option<Timestamp>,
    holder: Option<String>,
    finished_at: Option<Timestamp>,
    last_error: Option<String>,
}

one_page! {
    WatchRow of watch {
        key: i32 = |row| row.id,
        may_become: |was, now| (&was.name, was.created_at) == (&now.name, now.created_at),
        may_go: true
    }
    WatchHutRow of watch_hut {
        key: (i32, i16, i16) = |row| (row.watch_id, row.stage, row.position),
        may_become: |_, _| true,
        may_go: true
    }
    WatchArrivalRow of watch_arrival {
        key: (i32, NaiveDate, i32) = |row| (row.watch_id, row.arrival, row.hut_id),
        may_become: |was, now| was.opening <= now.opening,
        may_go: true
    }
    OutboxRow of outbox {
        key: (i32, NaiveDate, i32, i32, String) =
            |row| (row.watch_id, row.arrival, row.hut_id, row.opening, row.event.clone()),
        may_become: |was, now| was.visit == now.visit,
        may_go: true
    }
    DeliveryRow of delivery {
        key: (String, String) = |row| (row.message_id.clone(), row.channel.clone()),
        may_become: |was, now| was.watch_id == now.watch_id && was.attempts <= now.attempts,
        may_go: true
    }
}

/// Replaces all watches.
pub fn copy_watches(from: &mut Db, to: &mut Db) -> QueryResult<()> {
    // With all that belongs to them.
    diesel::delete(watch::table).execute(to)?;
    copy_part::<WatchRow>(from, to, ())?;
    copy_part::<WatchHutRow>(from, to, ())?;
    copy_part::<WatchArrivalRow>(from, to, ())?;
    copy_part::<OutboxRow>(from, to, ())?;
    copy_part::<DeliveryRow>(from, to, ())?;
    continue_numbering(to, WatchRow::TABLE)
}
