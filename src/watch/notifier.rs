//! Matches and sends during a run, beside the checks.
//!
//! ```text
//! run ─ results of huts ─▶ matcher ─ wakes ─▶ sender ─▶ channels
//! ```
//!
//! The matcher takes the huts that changed, as soon as they are stored. The sender works beside it, so that a slow channel
//! delays no match.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::matching::{Matched, Moment, Trigger, match_watch};
use super::sender::Sender;
use crate::db::connection::Db;
use crate::db::resilient::{DbError, ResilientDb};
use crate::db::watch::stored;
use crate::domain::delivery::{Courier, Notified, SentByChannel};
use crate::domain::signal::Signal;
use crate::domain::watch::WatchState;
use crate::runtime::shutdown::stopped;

/// At the end of a run, messages that are being sent have this long.
const FINISH_TIMEOUT: Duration = Duration::from_secs(90);

/// The same after a signal. The whole run must end within 5 seconds.
const STOP_TIMEOUT: Duration = Duration::from_millis(500);

/// Huts that are matched together if they are stored faster than matches take.
const MAX_BATCH: usize = 100;

/// Matches and sends beside a run.
pub struct Notifier {
    changed: mpsc::UnboundedSender<i32>,
    work: JoinHandle<Notified>,
}

/// Passes huts to the matcher of a run.
#[derive(Clone)]
pub struct ChangedHuts(mpsc::UnboundedSender<i32>);

impl ChangedHuts {
    /// Takes a hut whose check was stored and may have changed something.
    pub fn add(&self, hut_id: i32) {
        // The receiver is gone only if it has failed.
        let _ = self.0.send(hut_id);
    }
}

impl Notifier {
    /// Matches all watches, and begins to send. Returns none if there is no watch. Without a
    /// `courier`, messages are left pending.
    pub async fn start(
        db: ResilientDb,
        courier: Option<Arc<dyn Courier>>,
        now: Arc<dyn Fn() -> Moment + Send + Sync>,
    ) -> Option<Self> {
        let moment = now();
        let Matches { found: first, by_hut, has_watches } = match match_all(&db, moment).await {
            Ok(matched) => matched,
            Err(error) => {
                // The run goes on: what opens stays to be found by the next one.
                tracing::error!("cannot match the watches: {error}");
                return None;
            }
        };
        if !has_watches {
            return None;
        }
        let (changed, huts) = mpsc::unbounded_channel();
        let work = tokio::spawn(work(db, courier, first, by_hut, huts, now));
        Some(Self { changed, work })
    }

    /// Passes the huts that changed to the matcher. All of these must be dropped before [`Self::finish`].
    #[must_use]
    pub fn changes(&self) -> ChangedHuts {
        ChangedHuts(self.changed.clone())
    }

    /// Matches what is left, and waits for what is being sent.
    pub async fn finish(self, stop: watch::Receiver<Option<Signal>>) -> Notified {
        drop(self.changed);
        let abort = self.work.abort_handle();
        let timeout = async {
            tokio::select! {
                () = tokio::time::sleep(FINISH_TIMEOUT) => {}
                () = async { stopped(stop).await; tokio::time::sleep(STOP_TIMEOUT).await } => {}
            }
        };
        tokio::select! {
            notified = self.work => notified.unwrap_or_else(|error| {
                if !error.is_cancelled() {
                    tracing::error!("matching the watches failed, which is a bug: {error}");
                }
                Notified::default()
            }),
            () = timeout => {
                abort.abort();
                tracing::warn!("messages are still pending: the next run, or `hut-availability notify`, sends them");
                Notified::default()
            }
        }
    }
}

async fn work(
    db: ResilientDb,
    courier: Option<Arc<dyn Courier>>,
    first: Matched,
    by_hut: HashMap<i32, Vec<i32>>,
    mut huts: mpsc::UnboundedReceiver<i32>,
    now: Arc<dyn Fn() -> Moment + Send + Sync>,
) -> Notified {
    let mut notified =
        Notified { opened: first.opened, closed: first.closed, ..Notified::default() };
    let wake = Arc::new(Notify::new());
    let (ended, is_ended) = watch::channel(false);
    let has_courier = courier.is_some();
    // Dropping the set aborts its task.
    let mut sending = JoinSet::new();
    if let Some(courier) = courier {
        let sender = Sender::new(db.clone(), courier, now().today);
        sending.spawn(send(sender, Arc::clone(&wake), is_ended));
    }
    wake.notify_one();
    let mut is_queued = first.is_queued;
    let mut batch = Vec::new();
    while huts.recv_many(&mut batch, MAX_BATCH).await > 0 {
        let watches: BTreeSet<i32> =
            batch.drain(..).filter_map(|hut| by_hut.get(&hut)).flatten().copied().collect();
        for watch_id in watches {
            let moment = now();
            let matching = move |db: &mut Db, attempt| {
                // An earlier attempt may have been stored, and only its answer was lost.
                let matched = match_watch(db, watch_id, moment, Trigger::Changes)?;
                Ok(Matched { is_queued: matched.is_queued || attempt > 0, ..matched })
            };
            match db.run(matching).await {
                Ok(matched) => {
                    notified.opened += matched.opened;
                    notified.closed += matched.closed;
                    is_queued |= matched.is_queued;
                    if matched.is_queued {
                        wake.notify_one();
                    }
                }
                Err(error) => tracing::error!("cannot match a watch: {error}"),
            }
        }
    }
    ended.send_replace(true);
    wake.notify_one();
    while let Some(sent) = sending.join_next().await {
        notified.sent = sent.unwrap_or_default();
    }
    if is_queued && !has_courier {
        tracing::warn!(
            "there are messages to send, but no file of channels: name it with --channels or AVAILABILITY_CHANNELS"
        );
    }
    notified
}

/// Sends each time it is woken, and once more at the end. What is still being sent to a slow channel delays no other:
/// each time is a task of its own, which takes only messages that no other has in hand.
async fn send(sender: Sender, wake: Arc<Notify>, is_ended: watch::Receiver<bool>) -> SentByChannel {
    let mut total = SentByChannel::new();
    let mut add = |sent: SentByChannel| {
        for (channel, sent) in sent {
            *total.entry(channel).or_default() += sent;
        }
    };
    let mut tasks = JoinSet::new();
    loop {
        wake.notified().await;
        let is_last = *is_ended.borrow();
        let sender = sender.clone();
        tasks.spawn(async move {
            let mut sent = SentByChannel::new();
            if let Err(error) = sender.send_due(&mut sent).await {
                tracing::error!("cannot read what is to be sent: {error}");
            }
            sent
        });
        while let Some(done) = tasks.try_join_next() {
            add(done.unwrap_or_default());
        }
        if is_last {
            break;
        }
    }
    while let Some(done) = tasks.join_next().await {
        add(done.unwrap_or_default());
    }
    total
}

/// What a match of all watches found.
#[derive(Debug, Default)]
pub struct Matches {
    pub found: Matched,
    /// The active watches of each hut.
    pub by_hut: HashMap<i32, Vec<i32>>,
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
        for hut in watch.matched.keys() {
            matches.by_hut.entry(*hut).or_default().push(id);
        }
    }
    Ok(matches)
}
