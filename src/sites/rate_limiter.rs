//! The rate_limiter of requests to one site, by all runs that ask it, and its word to stop.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::error::SourceError;
use super::retry::MAX_PAUSE;
use crate::domain::request_slots::{MAX_SITE_PAUSE, RequestSlotStore, Reservation};

/// The most times for requests that are taken at once. What is taken and not used is lost for other runs,
/// so it begins with one and grows as long as all are used.
pub const MAX_AT_ONCE: u32 = 8;

/// Nothing further is begun while so many requests wait for their time: enough that there is always one, and
/// few, since each has a hut in hand.
const MAX_WAITING: usize = 4;

/// A request may start later than at its time by this part of the interval: by so much less it is apart
/// from the next one.
pub const LATE: u32 = 20;

/// When the next request to a site may start. Answers may overlap; starts are spaced.
pub struct RateLimiter {
    interval: Duration,
    state: Mutex<State>,
    shared: Option<SharedSlots>,
    /// How many wait for their start.
    waiting: watch::Sender<usize>,
}

struct State {
    /// The next start that nobody has yet.
    next_start: Instant,
    /// The site wants no request before.
    paused_until: Instant,
}

/// How a run agrees with others that ask the same site.
struct SharedSlots {
    slots: Arc<dyn RequestSlotStore>,
    organization: String,
    /// Held while times are taken: whoever comes meanwhile uses what was taken.
    taken: tokio::sync::Mutex<ReservedSlots>,
}

/// A request that waits for its start, until this is dropped.
struct WaitGuard<'a>(&'a watch::Sender<usize>);

impl<'a> WaitGuard<'a> {
    fn new(waiting: &'a watch::Sender<usize>) -> Self {
        waiting.send_modify(|waiting| *waiting += 1);
        Self(waiting)
    }
}

impl Drop for WaitGuard<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|waiting| *waiting -= 1);
    }
}

struct ReservedSlots {
    starts: VecDeque<Instant>,
    /// How many are taken the next time.
    at_once: u32,
}

impl RateLimiter {
    /// The first request may start at once.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        let now = Instant::now();
        let state = Mutex::new(State { next_start: now, paused_until: now });
        Self { interval, state, shared: None, waiting: watch::Sender::new(0) }
    }

    /// Spaces requests to the site of an organization together with all runs that use the same slots.
    /// Without an interval there is nothing to agree on.
    #[must_use]
    pub fn shared(self, slots: Arc<dyn RequestSlotStore>, organization: String) -> Self {
        if self.interval.is_zero() {
            return self;
        }
        let taken = ReservedSlots { starts: VecDeque::new(), at_once: 1 };
        let taken = tokio::sync::Mutex::new(taken);
        Self { shared: Some(SharedSlots { slots, organization, taken }), ..self }
    }

    /// WaitGuard until a request may start.
    ///
    /// # Errors
    /// At once, when the site has told us to stop for longer than we wait; and when the database is
    /// gone by which the runs agree.
    pub async fn start(&self) -> Result<(), SourceError> {
        let _waits = WaitGuard::new(&self.waiting);
        loop {
            let start = match &self.shared {
                None => self.reserve()?,
                Some(shared) => self.take(shared).await?,
            };
            sleep_until(start).await;
            // A pause that began in the meantime holds for those who were waiting, too.
            if self.state().paused_until <= Instant::now() {
                return Ok(());
            }
        }
    }

    /// WaitGuard while there are enough that wait for their start.
    pub async fn ready(&self) {
        let mut waiting = self.waiting.subscribe();
        let _ = waiting.wait_for(|waiting| *waiting < MAX_WAITING).await;
    }

    /// Obeys a site that said how long it wants to be left alone.
    pub fn pause(&self, duration: Duration) {
        self.pause_here(duration);
        if let Some(SharedSlots { slots, organization, .. }) = &self.shared {
            let (slots, organization) = (Arc::clone(slots), organization.clone());
            let duration = TimeDelta::from_std(duration).unwrap_or(MAX_SITE_PAUSE);
            tokio::spawn(async move {
                if let Err(error) = slots.pause(&organization, duration).await {
                    tracing::warn!("other runs do not know of the pause: {error}");
                }
            });
        }
    }

    fn pause_here(&self, duration: Duration) {
        // A year stands for any longer time, which an instant may not be able to express.
        let until = Instant::now() + duration.min(Duration::from_secs(365 * 24 * 60 * 60));
        let mut state = self.state();
        state.paused_until = state.paused_until.max(until);
    }

    fn reserve(&self) -> Result<Instant, SourceError> {
        self.is_not_told_to_stop()?;
        let mut state = self.state();
        let start = state.next_start.max(state.paused_until).max(Instant::now());
        state.next_start = start + self.interval;
        Ok(start)
    }

    fn is_not_told_to_stop(&self) -> Result<(), SourceError> {
        let pause = self.state().paused_until.saturating_duration_since(Instant::now());
        if pause > MAX_PAUSE { Err(SourceError::Paused(pause)) } else { Ok(()) }
    }

    /// The next of the times that this run has taken, which takes more where there are none left.
    async fn take(&self, shared: &SharedSlots) -> Result<Instant, SourceError> {
        let mut taken = shared.taken.lock().await;
        self.is_not_told_to_stop()?;
        let latest = Instant::now() - self.interval / LATE;
        let count = taken.starts.len();
        taken.starts.retain(|start| *start >= latest);
        if taken.starts.len() < count {
            taken.at_once = 1;
        }
        if let Some(start) = taken.starts.pop_front() {
            return Ok(start);
        }
        let count = taken.at_once;
        let (Reservation { first_in, paused_for }, now) = shared.take(count, self.interval).await?;
        self.pause_here(paused_for.to_std().unwrap_or_default());
        self.is_not_told_to_stop()?;
        // The way to the database and back takes another time each time: by so much the times of two
        // runs may be off, but not those of one.
        let first = Instant::from_std(now) + first_in.to_std().unwrap_or_default();
        let first = {
            let mut state = self.state();
            let first = first.max(state.next_start).max(Instant::now());
            state.next_start = first + self.interval * count;
            first
        };
        taken.starts.extend((1..count).map(|number| first + self.interval * number));
        taken.at_once = (count * 2).min(MAX_AT_ONCE);
        Ok(first)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SharedSlots {
    async fn take(
        &self,
        count: u32,
        interval: Duration,
    ) -> Result<(Reservation, std::time::Instant), SourceError> {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let interval = TimeDelta::from_std(interval).unwrap_or(MAX_SITE_PAUSE);
        let taken = self.slots.take(&self.organization, count, interval).await;
        taken.map_err(SourceError::Database)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn starts_are_an_interval_apart() {
        let rate_limiter = RateLimiter::new(Duration::from_millis(100));
        let begin = Instant::now();
        for _ in 0..5 {
            rate_limiter.start().await.unwrap();
        }
        assert_eq!(begin.elapsed().as_millis(), 400);
        tokio::time::sleep(Duration::from_secs(1)).await;
        let after_a_rest = Instant::now();
        rate_limiter.start().await.unwrap();
        assert_eq!(after_a_rest.elapsed(), Duration::ZERO);
        rate_limiter.start().await.unwrap();
        assert_eq!(after_a_rest.elapsed().as_millis(), 100, "a rest is not made up for");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_further_is_begun_while_a_few_wait() {
        let rate_limiter = RateLimiter::new(Duration::from_millis(100));
        let begin = Instant::now();
        rate_limiter.ready().await;
        let starts = futures_util::future::join_all((0..6).map(|_| rate_limiter.start()));
        let ready = async {
            tokio::task::yield_now().await;
            rate_limiter.ready().await;
            begin.elapsed().as_millis()
        };
        // Six wait, of whom the first starts at once; three are left when the third one has.
        assert_eq!(tokio::join!(starts, ready).1, 200);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_for_those_who_are_waiting() {
        let rate_limiter = RateLimiter::new(Duration::from_millis(100));
        let begin = Instant::now();
        rate_limiter.start().await.unwrap();
        let waiting = rate_limiter.start();
        rate_limiter.pause(Duration::from_secs(5));
        waiting.await.unwrap();
        assert!(begin.elapsed() >= Duration::from_secs(5), "{:?}", begin.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_site_that_wants_a_long_rest_is_not_asked_again() {
        let rate_limiter = RateLimiter::new(Duration::ZERO);
        rate_limiter.pause(Duration::MAX);
        assert!(matches!(rate_limiter.start().await, Err(SourceError::Paused(_))));
    }
}
