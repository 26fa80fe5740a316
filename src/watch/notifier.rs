//! Matches and sends during a run, beside the checks.
//!
//! ```text
//! run ─ results of huts ─▶ matcher ─ wakes ─▶ sender ─▶ channels
//! ```
//!
//! The matcher takes the huts that changed, as soon as they are stored. The sender works beside it, so that a slow channel
//! delays no match.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::match_all::{Matches, match_all};
use super::matching::{Matched, Moment, Trigger, match_watch};
use super::sender::Sender;
use super::tally::Tally;
use super::watched::WatchedHuts;
use crate::db::connection::Db;
use crate::db::resilient::ResilientDb;
use crate::db::watch::stored;
use crate::domain::delivery::{Courier, Notified};
use crate::domain::signal::Signal;
use crate::runtime::shutdown::stopped;

/// At the end of a run, messages that are being sent have this long.
const FINISH_TIMEOUT: Duration = Duration::from_secs(90);

/// The same after a signal. The whole run must end within 5 seconds.
const STOP_TIMEOUT: Duration = Duration::from_millis(500);

/// Huts that are matched together if they are stored faster than matches take.
const MAX_BATCH: usize = 100;

/// A watch that is added during a run is known this long after a hut has changed. What opens must be on its way within 5
/// seconds.
const RELOAD_INTERVAL: Duration = Duration::from_secs(2);

/// Matches and sends beside a run.
pub struct Notifier {
    changed: mpsc::UnboundedSender<i32>,
    work: JoinHandle<()>,
    tally: Tally,
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

/// Tells the time.
type Now = Arc<dyn Fn() -> Moment + Send + Sync>;

impl Notifier {
    /// Matches all watches, and begins to send. Watches that are added later are matched, too. Without a `courier`,
    /// messages are left pending.
    pub async fn start(
        db: ResilientDb,
        courier: Option<Arc<dyn Courier>>,
        now: Now,
    ) -> Option<Self> {
        let tally = Tally::default();
        let matches = match match_all(&db, now()).await {
            Ok(matches) => matches,
            Err(error) => {
                // The run goes on: what opens stays to be found by the next one.
                tracing::error!("cannot match the watches: {error}");
                return None;
            }
        };
        let Matches { found, pairs, has_watches } = matches;
        if has_watches {
            tally.add_matched(&found);
        }
        let (changed, huts) = mpsc::unbounded_channel();
        let watched = WatchedHuts::new(pairs, Instant::now());
        let work = Work {
            db,
            courier,
            now,
            tally: tally.clone(),
            watched,
            sending: None,
            is_queued: found.is_queued,
        };
        let work = tokio::spawn(work.run(huts, has_watches));
        Some(Self { changed, work, tally })
    }

    /// Passes the huts that changed to the matcher. All of these must be dropped before [`Self::finish`].
    #[must_use]
    pub fn changes(&self) -> ChangedHuts {
        ChangedHuts(self.changed.clone())
    }

    /// Matches what is left, and waits for what is being sent. Returns what was found and sent, also if the time is over;
    /// none if there is no watch.
    pub async fn finish(self, stop: watch::Receiver<Option<Signal>>) -> Option<Notified> {
        self.finish_within(FINISH_TIMEOUT, stop).await
    }

    /// The same with another time limit.
    pub async fn finish_within(
        self,
        limit: Duration,
        stop: watch::Receiver<Option<Signal>>,
    ) -> Option<Notified> {
        drop(self.changed);
        let abort = self.work.abort_handle();
        let timeout = async {
            tokio::select! {
                () = tokio::time::sleep(limit) => {}
                () = async { stopped(stop).await; tokio::time::sleep(STOP_TIMEOUT).await } => {}
            }
        };
        tokio::select! {
            done = self.work => {
                if let Err(error) = done && !error.is_cancelled() {
                    tracing::error!("matching the watches failed, which is a bug: {error}");
                }
            }
            () = timeout => {
                abort.abort();
                tracing::warn!("messages are still pending: the next run, or `hut-availability notify`, sends them");
            }
        }
        self.tally.total()
    }
}

/// What the matcher works with.
struct Work {
    db: ResilientDb,
    courier: Option<Arc<dyn Courier>>,
    now: Now,
    tally: Tally,
    watched: WatchedHuts,
    /// Once there is a watch.
    sending: Option<Sending>,
    /// Whether there was a message to send.
    is_queued: bool,
}

/// The sender beside the matcher.
struct Sending {
    wake: Arc<Notify>,
    ended: watch::Sender<bool>,
    /// Dropping the set aborts its task.
    task: JoinSet<()>,
}

impl Work {
    async fn run(mut self, mut huts: mpsc::UnboundedReceiver<i32>, has_watches: bool) {
        if has_watches {
            self.wake();
        }
        let mut batch = Vec::new();
        loop {
            let received = tokio::select! {
                biased;
                received = huts.recv_many(&mut batch, MAX_BATCH) => Some(received),
                () = sleep_until(self.watched.read_at() + RELOAD_INTERVAL), if self.watched.is_stale() => None,
            };
            let mut watches = self.watched.changed(&batch);
            batch.clear();
            let is_end = received == Some(0);
            let is_due = is_end || self.watched.read_at().elapsed() >= RELOAD_INTERVAL;
            if self.watched.is_stale() && is_due {
                watches.extend(self.new_watches().await);
            }
            for watch_id in watches {
                self.match_changes(watch_id).await;
            }
            if is_end {
                break;
            }
        }
        self.finish().await;
    }

    /// Reads once more which huts are watched, and returns the watches that were added since.
    async fn new_watches(&mut self) -> BTreeSet<i32> {
        let today = (self.now)().today;
        match self.db.run(move |db, _| stored::watched(db, today)).await {
            Ok(pairs) => self.watched.replace(pairs, Instant::now()),
            Err(error) => {
                tracing::error!("cannot read the watches: {error}");
                BTreeSet::new()
            }
        }
    }

    async fn match_changes(&mut self, watch_id: i32) {
        let moment = (self.now)();
        let matching = move |db: &mut Db, attempt| {
            // An earlier attempt may have been stored, and only its answer was lost.
            let matched = match_watch(db, watch_id, moment, Trigger::Changes)?;
            Ok(Matched { is_queued: matched.is_queued || attempt > 0, ..matched })
        };
        match self.db.run(matching).await {
            Ok(matched) => {
                self.tally.add_matched(&matched);
                self.is_queued |= matched.is_queued;
                if matched.is_queued {
                    self.wake();
                }
            }
            Err(error) => tracing::error!("cannot match a watch: {error}"),
        }
    }

    /// Wakes the sender, if there is one to start.
    fn wake(&mut self) {
        let Some(courier) = &self.courier else { return };
        let sending = self.sending.get_or_insert_with(|| {
            let sender = Sender::new(self.db.clone(), Arc::clone(courier), (self.now)().today);
            let (wake, (ended, is_ended)) = (Arc::new(Notify::new()), watch::channel(false));
            let mut task = JoinSet::new();
            task.spawn(send(sender, self.tally.clone(), Arc::clone(&wake), is_ended));
            Sending { wake, ended, task }
        });
        sending.wake.notify_one();
    }

    /// Waits until the sender has sent what is due.
    async fn finish(self) {
        if let Some(Sending { wake, ended, mut task }) = self.sending {
            ended.send_replace(true);
            wake.notify_one();
            while task.join_next().await.is_some() {}
        }
        if self.is_queued && self.courier.is_none() {
            tracing::warn!(
                "there are messages to send, but no file of channels: name it with --channels or AVAILABILITY_CHANNELS"
            );
        }
    }
}

/// Sends each time it is woken, and once more at the end. What is still being sent to a slow channel delays no other:
/// each time is a task of its own, which takes only messages that no other has in hand.
async fn send(sender: Sender, tally: Tally, wake: Arc<Notify>, is_ended: watch::Receiver<bool>) {
    let mut tasks = JoinSet::new();
    loop {
        wake.notified().await;
        let is_last = *is_ended.borrow();
        let (sender, tally) = (sender.clone(), tally.clone());
        tasks.spawn(async move {
            if let Err(error) = sender.send_due(&tally).await {
                tracing::error!("cannot read what is to be sent: {error}");
            }
        });
        while tasks.try_join_next().is_some() {}
        if is_last {
            break;
        }
    }
    while tasks.join_next().await.is_some() {}
}
