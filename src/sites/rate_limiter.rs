//! Limits the rate of requests to one site, for all runs together, and holds requests while the site wants
//! none.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::error::SourceError;
use super::retry::MAX_PAUSE;
use crate::domain::request_slots::{MAX_SITE_PAUSE, RequestSlotStore, Reservation};

/// The most start times that a run reserves at once. Other runs cannot use a time that was reserved and not
/// used, so a run reserves one time first, and doubles the number as long as it uses all.
const MAX_AT_ONCE: u32 = 8;

/// No further check begins while this many requests wait for their start time. The number is
/// large enough to always have a request ready. It is small, because each waiting check blocks its hut for other
/// runs.
const MAX_WAITING: usize = 4;

/// A request may start late by at most `interval / MAX_DELAY_DIVISOR`. A late request shortens the gap to the next
/// request by its delay.
const MAX_DELAY_DIVISOR: u32 = 20;

/// Decides when the next request to a site may start. The starts are spaced; the answers may overlap.
pub struct RateLimiter {
    interval: Duration,
    state: Mutex<State>,
    shared: Option<SharedSlots>,
    /// The number of requests that wait for their start.
    waiting: watch::Sender<usize>,
}

struct State {
    /// The first start time that is not reserved.
    next_start: Instant,
    /// The site wants no request before this time.
    paused_until: Instant,
}

/// Start times that all runs for the same site reserve in one place.
struct SharedSlots {
    slots: Arc<dyn RequestSlotStore>,
    organization: String,
    /// Locked while this run reserves times, so that its waiting requests use the reserved times and do not
    /// reserve more.
    reserved: tokio::sync::Mutex<ReservedSlots>,
}

/// Counts a request as waiting until this is dropped.
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

/// The start times that this run has reserved and not used yet.
struct ReservedSlots {
    starts: VecDeque<Instant>,
    /// How many times the next reservation reserves.
    next_count: u32,
}

impl RateLimiter {
    /// A limiter for the requests of one run. The first request may start at once.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        let now = Instant::now();
        let state = Mutex::new(State { next_start: now, paused_until: now });
        Self { interval, state, shared: None, waiting: watch::Sender::new(0) }
    }

    /// Spaces the requests together with all other runs that use the same slots. An interval of 0 needs no
    /// spacing, so the slots are not used then.
    #[must_use]
    pub fn shared(self, slots: Arc<dyn RequestSlotStore>, organization: String) -> Self {
        if self.interval.is_zero() {
            return self;
        }
        let reserved = ReservedSlots { starts: VecDeque::new(), next_count: 1 };
        let reserved = tokio::sync::Mutex::new(reserved);
        Self { shared: Some(SharedSlots { slots, organization, reserved }), ..self }
    }

    /// Waits until a request may start.
    ///
    /// # Errors
    /// `Paused`, at once, if the site wants no requests for longer than [`MAX_PAUSE`]. `Database` if the
    /// start times cannot be reserved.
    pub async fn start(&self) -> Result<(), SourceError> {
        let _waiting = WaitGuard::new(&self.waiting);
        loop {
            let start = match &self.shared {
                None => self.reserve()?,
                Some(shared) => self.reserve_shared(shared).await?,
            };
            sleep_until(start).await;
            // A pause that began in the meantime also holds for waiting requests.
            if self.state().paused_until <= Instant::now() {
                return Ok(());
            }
        }
    }

    /// Waits until only a few requests wait for their start.
    pub async fn ready(&self) {
        let mut waiting = self.waiting.subscribe();
        let _ = waiting.wait_for(|waiting| *waiting < MAX_WAITING).await;
    }

    /// Starts no request for `duration`, because the site asked for that.
    pub fn pause(&self, duration: Duration) {
        self.pause_here(duration);
        if let Some(SharedSlots { slots, organization, .. }) = &self.shared {
            let (slots, organization) = (Arc::clone(slots), organization.clone());
            let duration = TimeDelta::from_std(duration).unwrap_or(MAX_SITE_PAUSE);
            tokio::spawn(async move {
                if let Err(error) = slots.pause(&organization, duration).await {
                    tracing::warn!("cannot store the site's pause for other runs: {error}");
                }
            });
        }
    }

    fn pause_here(&self, duration: Duration) {
        // At most a year, because an instant may not be able to express a longer time.
        let until = Instant::now() + duration.min(Duration::from_secs(365 * 24 * 60 * 60));
        let mut state = self.state();
        state.paused_until = state.paused_until.max(until);
    }

    fn reserve(&self) -> Result<Instant, SourceError> {
        self.check_pause()?;
        let mut state = self.state();
        let start = state.next_start.max(state.paused_until).max(Instant::now());
        state.next_start = start + self.interval;
        Ok(start)
    }

    /// Fails if the site wants no requests for longer than [`MAX_PAUSE`].
    fn check_pause(&self) -> Result<(), SourceError> {
        let pause = self.state().paused_until.saturating_duration_since(Instant::now());
        if pause > MAX_PAUSE { Err(SourceError::Paused(pause)) } else { Ok(()) }
    }

    /// Returns the next start time that this run has reserved. Reserves further times if none is left.
    async fn reserve_shared(&self, shared: &SharedSlots) -> Result<Instant, SourceError> {
        let mut reserved = shared.reserved.lock().await;
        self.check_pause()?;
        let latest = Instant::now() - self.interval / MAX_DELAY_DIVISOR;
        let count = reserved.starts.len();
        reserved.starts.retain(|start| *start >= latest);
        if reserved.starts.len() < count {
            reserved.next_count = 1;
        }
        if let Some(start) = reserved.starts.pop_front() {
            return Ok(start);
        }
        let count = reserved.next_count;
        let (reservation, now) = shared.reserve(count, self.interval).await?;
        let Reservation { first_in, paused_for } = reservation;
        self.pause_here(paused_for.to_std().unwrap_or_default());
        self.check_pause()?;
        // The duration of the database call varies. So the start times of two runs may be that much closer
        // together than the interval; those of one run may not.
        let first = Instant::from_std(now) + first_in.to_std().unwrap_or_default();
        let first = {
            let mut state = self.state();
            let first = first.max(state.next_start).max(Instant::now());
            state.next_start = first + self.interval * count;
            first
        };
        reserved.starts.extend((1..count).map(|number| first + self.interval * number));
        reserved.next_count = (count * 2).min(MAX_AT_ONCE);
        Ok(first)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SharedSlots {
    async fn reserve(
        &self,
        count: u32,
        interval: Duration,
    ) -> Result<(Reservation, std::time::Instant), SourceError> {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let interval = TimeDelta::from_std(interval).unwrap_or(MAX_SITE_PAUSE);
        let reserved = self.slots.take(&self.organization, count, interval).await;
        reserved.map_err(SourceError::Database)
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
        let after_idle_time = Instant::now();
        rate_limiter.start().await.unwrap();
        assert_eq!(after_idle_time.elapsed(), Duration::ZERO);
        rate_limiter.start().await.unwrap();
        assert_eq!(after_idle_time.elapsed().as_millis(), 100, "idle time allows no burst");
    }

    #[tokio::test(start_paused = true)]
    async fn no_further_check_begins_while_a_few_requests_wait() {
        let rate_limiter = RateLimiter::new(Duration::from_millis(100));
        let begin = Instant::now();
        rate_limiter.ready().await;
        let starts = futures_util::future::join_all((0..6).map(|_| rate_limiter.start()));
        let ready = async {
            tokio::task::yield_now().await;
            rate_limiter.ready().await;
            begin.elapsed().as_millis()
        };
        // Six requests wait. The first starts at once; after the start of the third one, three still wait.
        assert_eq!(tokio::join!(starts, ready).1, 200);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_for_waiting_requests() {
        let rate_limiter = RateLimiter::new(Duration::from_millis(100));
        let begin = Instant::now();
        rate_limiter.start().await.unwrap();
        let waiting = rate_limiter.start();
        rate_limiter.pause(Duration::from_secs(5));
        waiting.await.unwrap();
        assert!(begin.elapsed() >= Duration::from_secs(5), "{:?}", begin.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_site_that_asks_for_a_long_pause_gets_no_more_requests() {
        let rate_limiter = RateLimiter::new(Duration::ZERO);
        rate_limiter.pause(Duration::MAX);
        assert!(matches!(rate_limiter.start().await, Err(SourceError::Paused(_))));
    }
}
