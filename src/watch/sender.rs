//! Sends the pending messages, each channel on its own, so that one that fails holds up no other.
//!
//! Several senders may share the outbox. Each takes a message in hand before it sends it, for a limited time; if it dies,
//! another one sends the message again, with the same ID.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::future::join_all;

use super::tally::Tally;
use crate::db::resilient::{DbError, ResilientDb};
use crate::db::watch::delivery::{Attempted, Delivery, due, finish, take};
use crate::db::watch::outbox;
use crate::domain::delivery::{Courier, GIVE_UP_AFTER, Sent, Undelivered, wait_after};
use crate::text::clean::one_line;
use crate::text::humanize::pluralize;

/// A message in hand is nobody else's for this long. Longer than any attempt takes.
const HOLD: TimeDelta = TimeDelta::seconds(120);

/// The longest attempt, whatever the channel does.
const MAX_ATTEMPT: Duration = Duration::from_secs(60);

// Nobody else takes a message that is still being sent.
const _: () = assert!(MAX_ATTEMPT.as_secs() < HOLD.num_seconds().unsigned_abs());

/// The longest stored error, in characters.
const MAX_ERROR_LEN: usize = 300;

/// Messages that are read at once.
const PAGE: i64 = 100;

/// Sends messages under a name that no other sender has.
#[derive(Clone)]
pub struct Sender {
    db: ResilientDb,
    courier: Arc<dyn Courier>,
    name: String,
    /// No message says anything of arrivals before this date.
    today: NaiveDate,
}

impl Sender {
    #[must_use]
    pub fn new(db: ResilientDb, courier: Arc<dyn Courier>, today: NaiveDate) -> Self {
        Self { db, courier, name: uuid::Uuid::new_v4().to_string(), today }
    }

    /// Sends all messages whose time has come, and counts them. After a failure of a channel, the rest of its messages
    /// waits for the next call.
    ///
    /// # Errors
    /// The database fails.
    pub async fn send_due(&self, tally: &Tally) -> Result<(), DbError> {
        let mut troubled: Vec<String> = Vec::new();
        loop {
            let except = troubled.clone();
            let deliveries = self.db.run(move |db, _| due(db, &except, PAGE)).await?;
            let is_last = deliveries.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
            if deliveries.is_empty() {
                return Ok(());
            }
            let mut by_channel: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
            for delivery in deliveries {
                by_channel.entry(delivery.channel.clone()).or_default().push(delivery);
            }
            let channels = by_channel
                .iter()
                .map(|(channel, deliveries)| self.send_to_channel(channel, deliveries, tally));
            for (channel, is_troubled) in by_channel.keys().zip(join_all(channels).await) {
                if is_troubled? {
                    troubled.push(channel.clone());
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Sends messages to one channel, one after the other, up to the first failure. Returns whether there was one.
    async fn send_to_channel(
        &self,
        channel: &str,
        deliveries: &[Delivery],
        tally: &Tally,
    ) -> Result<bool, DbError> {
        for delivery in deliveries {
            let sent = match self.send(delivery).await? {
                // Another sender has it, its watch was removed, or its arrivals are past.
                None => continue,
                Some(Attempted::Sent) => Sent { sent: 1, ..Sent::default() },
                Some(Attempted::Later { .. }) => Sent { delayed: 1, ..Sent::default() },
                Some(Attempted::Failed { .. }) => Sent { failed: 1, ..Sent::default() },
            };
            tally.add_sent(channel, sent);
            if sent.sent == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn send(&self, delivery: &Delivery) -> Result<Option<Attempted>, DbError> {
        let (wanted, name, today) = (delivery.clone(), self.name.clone(), self.today);
        let message = self.db.run(move |db, _| {
            let is_taken = take(db, &wanted, &name, HOLD)?;
            if is_taken { outbox::message(db, &wanted.message_id, today) } else { Ok(None) }
        });
        let Some(message) = message.await? else { return Ok(None) };
        let is_past = message.opened.count + message.closed.count == 0;
        let age = Utc::now() - DateTime::<Utc>::from(delivery.created_at);
        let attempted = if is_past {
            Attempted::Failed { error: "all of its arrivals are past".into() }
        } else if age >= GIVE_UP_AFTER {
            let last = delivery.last_error.as_deref().unwrap_or("no attempt was made in time");
            Attempted::Failed {
                error: one_line(&format!("not sent within a day: {last}"), MAX_ERROR_LEN),
            }
        } else {
            let delivered = self.courier.deliver(&delivery.channel, &message);
            let delivered = match tokio::time::timeout(MAX_ATTEMPT, delivered).await {
                Ok(delivered) => delivered,
                Err(_) => Err(Undelivered {
                    message: format!("no answer within {} s", MAX_ATTEMPT.as_secs()),
                    retry_after: None,
                    is_permanent: false,
                }),
            };
            if let Ok(answer) = &delivered {
                let Delivery { channel, message_id, .. } = delivery;
                tracing::debug!("sent the message {message_id} to {channel:?}: {answer}");
            }
            attempted(delivery, delivered.as_ref(), Utc::now())
        };
        if !is_past {
            report(delivery, &message.watch, &attempted);
        }
        let (done, name, what) = (delivery.clone(), self.name.clone(), attempted.clone());
        self.db.run(move |db, _| finish(db, &done, &name, &what)).await?;
        // That its arrivals are past is no fault of the channel.
        Ok(Some(attempted).filter(|_| !is_past))
    }
}

/// What is stored of an attempt that ended at `now`.
fn attempted(
    delivery: &Delivery,
    delivered: Result<&String, &Undelivered>,
    now: DateTime<Utc>,
) -> Attempted {
    let Err(why) = delivered else { return Attempted::Sent };
    let error = one_line(&why.message, MAX_ERROR_LEN);
    let attempts = delivery.attempts.unsigned_abs() + 1;
    match wait_after(attempts, now - DateTime::<Utc>::from(delivery.created_at), why) {
        Some(wait) => Attempted::Later { error, wait },
        None => Attempted::Failed { error },
    }
}

fn report(delivery: &Delivery, watch: &str, attempted: &Attempted) {
    let channel = &delivery.channel;
    match attempted {
        Attempted::Sent => {}
        Attempted::Later { error, wait } => {
            let wait = pluralize(usize::try_from(wait.num_seconds()).unwrap_or_default(), "second");
            tracing::warn!(
                "cannot send a message of the watch {watch:?} to the channel {channel:?}: {error}; trying again in {wait}"
            );
        }
        Attempted::Failed { error } => {
            tracing::error!(
                "gave up a message of the watch {watch:?} to the channel {channel:?}: {error}"
            );
        }
    }
}
