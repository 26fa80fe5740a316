//! Pure: how long an outage of the database may last, however it shows and however many operations meet it.

use std::time::{Duration, Instant};

/// How long to wait for an unavailable database. A server restarts, or fails over, in seconds. The time counts
/// from the start of the outage, so a later operation waits only for the rest of it.
pub const OUTAGE_TIMEOUT: Duration = Duration::from_secs(60);

/// How long a database may be silent before its connection is given up. Our transactions take milliseconds, and a wait
/// for a lock ends earlier. Half of the outage, so that a second connection gets its chance.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// The time limits of an outage.
#[derive(Clone, Copy, Debug)]
pub struct TimeLimits {
    pub outage: Duration,
    /// Of one try.
    pub answer: Duration,
    /// After the limit of the outage, operations fail at once. But this time after the last failure one of them tries.
    pub next_probe: Duration,
    /// How long that may take.
    pub probe: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        let (next_probe, probe) = (Duration::from_secs(1), Duration::from_secs(5));
        Self { outage: OUTAGE_TIMEOUT, answer: ANSWER_TIMEOUT, next_probe, probe }
    }
}

/// The current outage, if there is one. Connections of one run share it.
#[derive(Debug, Default)]
pub struct Outage(Option<Current>);

#[derive(Debug)]
struct Current {
    since: Instant,
    last_failure: Instant,
    message: String,
}

impl Outage {
    /// How long a try that begins now may take.
    ///
    /// # Errors
    /// The last error, if the outage has lasted too long.
    pub fn time_for_a_try(&self, limits: &TimeLimits, now: Instant) -> Result<Duration, String> {
        let Some(current) = &self.0 else { return Ok(limits.answer) };
        let rest = limits.outage.saturating_sub(now.duration_since(current.since));
        match rest {
            Duration::ZERO if now.duration_since(current.last_failure) < limits.next_probe => {
                Err(current.message.clone())
            }
            rest => Ok(rest.max(limits.probe).min(limits.answer)),
        }
    }

    /// Records that a try failed which began at `begin`. Returns whether another one may begin after `wait`.
    pub fn allows_another_try(
        &mut self,
        limits: &TimeLimits,
        begin: Instant,
        wait: Duration,
        message: &str,
    ) -> bool {
        let now = Instant::now().max(begin);
        let since = self.0.as_ref().map_or(begin, |current| current.since);
        self.0 = Some(Current { since, last_failure: now, message: message.to_owned() });
        now.duration_since(since) + wait <= limits.outage
    }

    /// Records that a try succeeded. Returns whether there was an outage.
    pub fn end(&mut self) -> bool {
        self.0.take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn all_operations_share_the_time_of_an_outage() {
        let limits = TimeLimits::default();
        // Long ago, so that "now" is after all of these instants.
        let Some(begin) = Instant::now().checked_sub(100 * SECOND) else { return };
        let mut outage = Outage::default();
        assert_eq!(outage.time_for_a_try(&limits, begin), Ok(30 * SECOND));
        assert!(!outage.allows_another_try(&limits, begin, SECOND, "down"), "100 s have passed");
        assert_eq!(outage.time_for_a_try(&limits, begin + 10 * SECOND), Ok(30 * SECOND));
        assert_eq!(outage.time_for_a_try(&limits, begin + 50 * SECOND), Ok(10 * SECOND));
        assert_eq!(outage.time_for_a_try(&limits, begin + 58 * SECOND), Ok(5 * SECOND));
        // The failure was recorded with the time of now.
        let late = begin + 100 * SECOND;
        assert_eq!(outage.time_for_a_try(&limits, late), Err("down".into()));
        let probe = late + 60 * SECOND;
        assert_eq!(outage.time_for_a_try(&limits, probe), Ok(5 * SECOND));
        assert!(outage.end() && !outage.end());
        assert_eq!(outage.time_for_a_try(&limits, probe), Ok(30 * SECOND));
    }
}
