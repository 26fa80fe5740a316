//! The time limit of one request. The time in which the program makes the site wait does not count.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::error::SourceError;

/// The time limit of one request, until its whole answer has arrived.
pub struct Deadline {
    at: Instant,
    timeout: Duration,
    suspended: Duration,
}

impl Deadline {
    #[must_use]
    pub fn after(timeout: Duration) -> Self {
        Self { at: Instant::now() + timeout, timeout, suspended: Duration::ZERO }
    }

    /// Waits for the site.
    ///
    /// # Errors
    /// `Timeout` if the site takes too long.
    pub async fn wait_for<T>(&self, site: impl Future<Output = T>) -> Result<T, SourceError> {
        timeout_at(self.at, site).await.map_err(|_| SourceError::Timeout(self.timeout))
    }

    /// Waits for something of this program. The time limit is extended by the time that this takes.
    pub async fn suspend<T>(&mut self, wait: impl Future<Output = T>) -> T {
        let begin = Instant::now();
        let result = wait.await;
        self.suspended += begin.elapsed();
        self.at += begin.elapsed();
        result
    }

    /// How long the program has made the site wait.
    #[must_use]
    pub fn suspended(&self) -> Duration {
        self.suspended
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_the_time_of_the_site_counts() {
        let seconds = Duration::from_secs;
        let mut deadline = Deadline::after(seconds(30));
        assert!(deadline.wait_for(sleep(seconds(20))).await.is_ok());
        deadline.suspend(sleep(seconds(300))).await;
        assert_eq!(deadline.suspended(), seconds(300));
        assert!(deadline.wait_for(sleep(seconds(9))).await.is_ok());
        let late = deadline.wait_for(sleep(seconds(2))).await;
        assert_eq!(late, Err(SourceError::Timeout(seconds(30))));
    }
}
