//! The spacing of requests to one site, and its word to stop.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::SourceError;
use super::retry::LONGEST_PAUSE;

/// When the next request to a site may start. Answers may overlap; starts are spaced.
pub struct Spacing {
    interval: Duration,
    state: Mutex<State>,
}

struct State {
    /// The next start that nobody has yet.
    next_start: Instant,
    /// The site wants no request before.
    paused_until: Instant,
}

impl Spacing {
    /// The first request may start at once.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        let now = Instant::now();
        Self { interval, state: Mutex::new(State { next_start: now, paused_until: now }) }
    }

    /// Waits until a request may start.
    ///
    /// # Errors
    /// At once, when the site has told us to stop for longer than we wait.
    pub async fn start(&self) -> Result<(), SourceError> {
        loop {
            let start = self.reserve()?;
            sleep_until(start).await;
            // A pause that began in the meantime holds for those who were waiting, too.
            if self.state().paused_until <= Instant::now() {
                return Ok(());
            }
        }
    }

    /// Obeys a site that said how long it wants to be left alone.
    pub fn pause(&self, duration: Duration) {
        // A year stands for any longer time, which an instant may not be able to express.
        let until = Instant::now() + duration.min(Duration::from_secs(365 * 24 * 60 * 60));
        let mut state = self.state();
        state.paused_until = state.paused_until.max(until);
    }

    fn reserve(&self) -> Result<Instant, SourceError> {
        let mut state = self.state();
        let now = Instant::now();
        let pause = state.paused_until.saturating_duration_since(now);
        if pause > LONGEST_PAUSE {
            return Err(SourceError::ToldToStop(pause));
        }
        let start = state.next_start.max(state.paused_until).max(now);
        state.next_start = start + self.interval;
        Ok(start)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn starts_are_an_interval_apart() {
        let spacing = Spacing::new(Duration::from_millis(100));
        let begin = Instant::now();
        for _ in 0..5 {
            spacing.start().await.unwrap();
        }
        assert_eq!(begin.elapsed().as_millis(), 400);
        tokio::time::sleep(Duration::from_secs(1)).await;
        let after_a_rest = Instant::now();
        spacing.start().await.unwrap();
        assert_eq!(after_a_rest.elapsed(), Duration::ZERO);
        spacing.start().await.unwrap();
        assert_eq!(after_a_rest.elapsed().as_millis(), 100, "a rest is not made up for");
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_for_those_who_are_waiting() {
        let spacing = Spacing::new(Duration::from_millis(100));
        let begin = Instant::now();
        spacing.start().await.unwrap();
        let waiting = spacing.start();
        spacing.pause(Duration::from_secs(5));
        waiting.await.unwrap();
        assert!(begin.elapsed() >= Duration::from_secs(5), "{:?}", begin.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_site_that_wants_a_long_rest_is_not_asked_again() {
        let spacing = Spacing::new(Duration::ZERO);
        spacing.pause(Duration::MAX);
        assert!(matches!(spacing.start().await, Err(SourceError::ToldToStop(_))));
    }
}
