//! Sends messages to channels: the trait of what sends, and when a message is sent again. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use serde::Serialize;

use crate::domain::message::Message;

/// A message is given up this long after it was made.
pub const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);

/// How long a message waits after its first failed attempt; twice as long after each further one.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
/// A channel that works again has its messages within this time.
const MAX_WAIT: TimeDelta = TimeDelta::hours(1);

/// Sends messages to channels, which have names.
pub trait Courier: Send + Sync {
    /// Sends a message once. Returns what the receiver answered.
    ///
    /// # Errors
    /// The message may not have arrived.
    fn deliver<'a>(
        &'a self,
        channel: &'a str,
        message: &'a Message,
    ) -> BoxFuture<'a, Result<String, Undelivered>>;
}

/// Why a message was not delivered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Undelivered {
    /// Without secrets.
    pub message: String,
    /// The receiver asked to wait for this long.
    pub retry_after: Option<Duration>,
    /// The receiver refuses such messages: it is no passing trouble.
    pub is_permanent: bool,
}

/// What came of sending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sent {
    pub sent: usize,
    /// Failed, and to be sent again later.
    pub delayed: usize,
    /// Given up.
    pub failed: usize,
}

impl std::ops::AddAssign for Sent {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.delayed += other.delayed;
        self.failed += other.failed;
    }
}

/// By channel.
pub type SentByChannel = BTreeMap<String, Sent>;

/// What a run found and sent for the watches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Notified {
    pub opened: usize,
    pub closed: usize,
    pub sent: SentByChannel,
}

/// How long a message waits for its next attempt after it has failed this many times; none if it is given up. `age` is
/// the time since it was made.
#[must_use]
pub fn wait_after(attempts: u32, age: TimeDelta, why: &Undelivered) -> Option<TimeDelta> {
    let left = GIVE_UP_AFTER - age;
    let asked = why.retry_after.and_then(|wait| TimeDelta::from_std(wait).ok()).unwrap_or_default();
    if left <= TimeDelta::zero() || asked > left {
        return None;
    }
    let doubled = if why.is_permanent {
        // People may mend a channel within the day. Until then it is not worth many attempts.
        MAX_WAIT
    } else {
        let factor = 2_i32.checked_pow(attempts.saturating_sub(1)).unwrap_or(i32::MAX);
        FIRST_WAIT.checked_mul(factor).unwrap_or(MAX_WAIT).min(MAX_WAIT)
    };
    Some(doubled.max(asked).min(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(retry_after: Option<u64>, is_permanent: bool) -> Undelivered {
        let retry_after = retry_after.map(Duration::from_secs);
        Undelivered { message: "503".into(), retry_after, is_permanent }
    }

    fn seconds(attempts: u32, age: i64, why: &Undelivered) -> Option<i64> {
        wait_after(attempts, TimeDelta::seconds(age), why).map(|wait| wait.num_seconds())
    }

    #[test]
    fn the_wait_doubles_up_to_an_hour() {
        let waits: Vec<_> = (1..=9).filter_map(|n| seconds(n, 0, &why(None, false))).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(seconds(u32::MAX, 0, &why(None, false)), Some(3600));
        assert_eq!(seconds(1, 0, &why(None, true)), Some(3600), "a refusal is not worth many");
    }

    #[test]
    fn the_receiver_may_ask_for_a_longer_wait() {
        assert_eq!(seconds(1, 0, &why(Some(100), false)), Some(100));
        assert_eq!(seconds(3, 0, &why(Some(100), false)), Some(120));
        assert_eq!(seconds(1, 0, &why(Some(90_000), false)), None, "longer than the message lives");
    }

    #[test]
    fn a_message_is_given_up_after_a_day() {
        assert_eq!(seconds(30, 86_399, &why(None, false)), Some(1), "the last attempt");
        assert_eq!(seconds(31, 86_400, &why(None, false)), None);
    }
}
