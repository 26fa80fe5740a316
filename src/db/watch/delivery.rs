//! `delivery`: messages, one row for each channel.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::dsl::{count_star, min};
use diesel::expression::AsExpression;
use diesel::prelude::*;
use strum::{Display, EnumString, IntoStaticStr};

use crate::db::connection::Db;
use crate::db::schema::{delivery, watch};
use crate::db::text::text_column;
use crate::db::timestamp::{self, Timestamp};
use crate::query::status::{ChannelCounts, Notifications};

/// How far a message to a channel is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Display,
    EnumString,
    IntoStaticStr,
    serde::Serialize,
    AsExpression,
    FromSqlRow,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum DeliveryState {
    Pending,
    Sent,
    /// Given up.
    Failed,
}

text_column!(DeliveryState);

/// A message to a channel.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = delivery)]
pub struct Delivery {
    pub message_id: String,
    pub channel: String,
    pub attempts: i32,
    pub created_at: Timestamp,
    pub last_error: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = delivery, treat_none_as_default_value = false)]
struct DeliveryRow<'a> {
    message_id: &'a str,
    channel: &'a str,
    watch_id: i32,
    is_summary: bool,
    found_at: Timestamp,
    created_at: Timestamp,
    state: DeliveryState,
    next_attempt_at: Timestamp,
}

/// Adds a message to each of some channels.
pub fn insert(
    db: &mut Db,
    watch_id: i32,
    message_id: &str,
    channels: &[String],
    is_summary: bool,
    found_at: DateTime<Utc>,
) -> QueryResult<()> {
    let now = timestamp::now(db)?;
    for channel in channels {
        let row = DeliveryRow {
            message_id,
            channel,
            watch_id,
            is_summary,
            found_at: found_at.into(),
            created_at: now,
            state: DeliveryState::Pending,
            next_attempt_at: now,
        };
        diesel::insert_into(delivery::table).values(row).execute(db)?;
    }
    Ok(())
}

/// The pending messages that no sender has in hand and whose time has come, the oldest first. Those of paused watches
/// wait, and so do those to the channels `except`.
pub fn due(db: &mut Db, except: &[String], limit: i64) -> QueryResult<Vec<Delivery>> {
    let now = timestamp::now(db)?;
    delivery::table
        .inner_join(watch::table)
        .filter(watch::paused_at.is_null())
        .filter(delivery::channel.ne_all(except))
        .filter(delivery::state.eq(DeliveryState::Pending))
        .filter(delivery::next_attempt_at.le(now))
        .filter(delivery::held_until.is_null().or(delivery::held_until.le(now)))
        .order((delivery::created_at, delivery::message_id, delivery::channel))
        .limit(limit)
        .select(Delivery::as_select())
        .load(db)
}

/// How long the next pending message waits for its attempt, or for another sender to lose it. None without one.
pub fn next_attempt(db: &mut Db) -> QueryResult<Option<Duration>> {
    let now = DateTime::<Utc>::from(timestamp::now(db)?);
    let pending: Vec<(Timestamp, Option<Timestamp>)> = delivery::table
        .inner_join(watch::table)
        .filter(watch::paused_at.is_null())
        .filter(delivery::state.eq(DeliveryState::Pending))
        .select((delivery::next_attempt_at, delivery::held_until))
        .load(db)?;
    let due = |(next, held): (Timestamp, Option<Timestamp>)| {
        DateTime::<Utc>::from(next).max(held.map_or(DateTime::UNIX_EPOCH, DateTime::from))
    };
    let next = pending.into_iter().map(due).min();
    Ok(next.map(|next| (next - now).to_std().unwrap_or_default()))
}

/// Takes a message in hand, unless another sender did. No other sends it before `lease` has passed.
pub fn take(db: &mut Db, delivery: &Delivery, holder: &str, lease: TimeDelta) -> QueryResult<bool> {
    let now = timestamp::now(db)?;
    let until = Timestamp::from(DateTime::<Utc>::from(now) + lease);
    let free = delivery::table
        .find((&delivery.message_id, &delivery.channel))
        .filter(delivery::state.eq(DeliveryState::Pending))
        .filter(delivery::attempts.eq(delivery.attempts))
        .filter(delivery::held_until.is_null().or(delivery::held_until.le(now)));
    let taken = (
        delivery::held_until.eq(Some(until)),
        delivery::holder.eq(Some(holder)),
        delivery::attempts.eq(delivery.attempts + 1),
    );
    Ok(diesel::update(free).set(taken).execute(db)? == 1)
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempted {
    Sent,
    /// It is tried again after this time.
    Later {
        error: String,
        wait: TimeDelta,
    },
    /// It is given up.
    Failed {
        error: String,
    },
}

/// Stores what came of an attempt, if the message is still in hand.
pub fn finish(
    db: &mut Db,
    delivery: &Delivery,
    holder: &str,
    attempted: &Attempted,
) -> QueryResult<bool> {
    let now = timestamp::now(db)?;
    let (state, error, wait) = match attempted {
        Attempted::Sent => (DeliveryState::Sent, None, TimeDelta::zero()),
        Attempted::Later { error, wait } => (DeliveryState::Pending, Some(error), *wait),
        Attempted::Failed { error } => (DeliveryState::Failed, Some(error), TimeDelta::zero()),
    };
    let held = delivery::table
        .find((&delivery.message_id, &delivery.channel))
        .filter(delivery::state.eq(DeliveryState::Pending))
        .filter(delivery::holder.eq(holder));
    let is_finished = state != DeliveryState::Pending;
    let done = (
        delivery::state.eq(state),
        delivery::last_error.eq(error),
        delivery::next_attempt_at.eq(Timestamp::from(DateTime::<Utc>::from(now) + wait)),
        delivery::finished_at.eq(is_finished.then_some(now)),
        delivery::held_until.eq(None::<Timestamp>),
        delivery::holder.eq(None::<String>),
    );
    Ok(diesel::update(held).set(done).execute(db)? == 1)
}

/// The messages by channel, and how long the oldest pending one waits.
pub fn notifications(db: &mut Db) -> QueryResult<Notifications> {
    let counts: Vec<(String, DeliveryState, i64)> = delivery::table
        .group_by((delivery::channel, delivery::state))
        .select((delivery::channel, delivery::state, count_star()))
        .load(db)?;
    let mut channels: BTreeMap<String, ChannelCounts> = BTreeMap::new();
    for (name, state, count) in counts {
        let channel = channels.entry(name.clone()).or_default();
        channel.name = name;
        let count = count.unsigned_abs();
        match state {
            DeliveryState::Pending => channel.pending = count,
            DeliveryState::Sent => channel.sent = count,
            DeliveryState::Failed => channel.failed = count,
        }
    }
    let oldest_age = match oldest_pending(db)? {
        None => None,
        Some(oldest) => Some(DateTime::<Utc>::from(timestamp::now(db)?) - oldest),
    };
    Ok(Notifications { channels: channels.into_values().collect(), oldest_age })
}

/// When the oldest pending message was made.
pub fn oldest_pending(db: &mut Db) -> QueryResult<Option<DateTime<Utc>>> {
    let pending = delivery::table.filter(delivery::state.eq(DeliveryState::Pending));
    let oldest: Option<Timestamp> = pending.select(min(delivery::created_at)).first(db)?;
    Ok(oldest.map(DateTime::from))
}

/// The number of messages that are to be sent.
pub fn pending(db: &mut Db) -> QueryResult<usize> {
    let pending = delivery::table.filter(delivery::state.eq(DeliveryState::Pending));
    let count: i64 = pending.count().get_result(db)?;
    Ok(usize::try_from(count).unwrap_or_default())
}
