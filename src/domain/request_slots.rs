//! Pure: the times at which requests to a site start, when several runs ask it.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;

/// How far ahead of now the next time for a request can be, by what all runs together have taken: so many
/// requests. What is further was taken before the clock was set back.
const MAX_TAKEN: i32 = 1000;

/// However short the interval is, times are believed if they are no further ahead than this: another run
/// may have a longer one.
const MIN_BELIEVED: TimeDelta = TimeDelta::minutes(15);

/// The longest a site is left alone, whatever it said: a slip of its makers must not silence us for ever.
pub const MAX_SILENCE: TimeDelta = TimeDelta::hours(24);

/// What all runs know of the pace at which a site is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestSlots {
    /// The first time that nobody has taken.
    pub next_request: DateTime<Utc>,
    /// Until when the site wants no requests.
    pub paused_until: Option<DateTime<Utc>>,
}

/// Times that a run has taken, an interval apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// From now to the first of them.
    pub first_in: TimeDelta,
    /// For how long from now the site wants no requests. The times are after that.
    pub paused_for: TimeDelta,
}

impl RequestSlots {
    /// Takes `count` times, an interval apart, and says which.
    pub fn take(&mut self, count: i32, interval: TimeDelta, now: DateTime<Utc>) -> Reservation {
        let believed = (interval * MAX_TAKEN).max(MIN_BELIEVED);
        let paused_until =
            self.paused_until.filter(|until| *until > now && *until <= now + MAX_SILENCE);
        let next = if self.next_request <= now + believed { self.next_request } else { now };
        let first = next.max(now).max(paused_until.unwrap_or(now));
        *self = Self { next_request: first + interval * count, paused_until };
        Reservation {
            first_in: first - now,
            paused_for: paused_until.map_or(TimeDelta::zero(), |until| until - now),
        }
    }

    /// Obeys a site that said how long it wants to be left alone.
    pub fn pause(&mut self, duration: TimeDelta, now: DateTime<Utc>) {
        self.paused_until = self.paused_until.max(Some(now + duration.min(MAX_SILENCE)));
    }
}

/// Where all runs that ask a site take the times of their requests.
pub trait RequestSlotStore: Send + Sync {
    /// Takes `count` times for requests to the site of an organization, an interval apart. Also returns
    /// the instant, by the clock of this program, from which they are pluralize.
    ///
    /// # Errors
    /// Why nothing could be taken.
    fn take<'a>(
        &'a self,
        organization: &'a str,
        count: i32,
        interval: TimeDelta,
    ) -> BoxFuture<'a, Result<(Reservation, Instant), String>>;

    /// Notes that a site asked for no requests for so long.
    ///
    /// # Errors
    /// Why other runs do not know of it.
    fn pause<'a>(
        &'a self,
        organization: &'a str,
        duration: TimeDelta,
    ) -> BoxFuture<'a, Result<(), String>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(millis).unwrap()
    }

    fn millis(millis: i64) -> TimeDelta {
        TimeDelta::milliseconds(millis)
    }

    const INTERVAL: TimeDelta = TimeDelta::milliseconds(100);

    #[test]
    fn times_follow_each_other_whoever_takes_them() {
        let mut pace = RequestSlots { next_request: at(0), paused_until: None };
        let taken =
            |first, paused| Reservation { first_in: millis(first), paused_for: millis(paused) };
        assert_eq!(pace.take(3, INTERVAL, at(1000)), taken(0, 0), "a rest is not made up for");
        assert_eq!(pace.take(1, INTERVAL, at(1010)), taken(290, 0));
        assert_eq!(pace.take(1, INTERVAL * 5, at(1400)), taken(0, 0));
        assert_eq!(pace.take(1, INTERVAL, at(1400)), taken(500, 0), "each to its own interval");
    }

    #[test]
    fn a_pause_holds_for_all() {
        let mut pace = RequestSlots { next_request: at(0), paused_until: None };
        pace.pause(millis(5000), at(0));
        pace.pause(millis(1000), at(0));
        let taken = pace.take(2, INTERVAL, at(1000));
        assert_eq!(taken, Reservation { first_in: millis(4000), paused_for: millis(4000) });
        assert_eq!(pace.take(1, INTERVAL, at(1000)).first_in, millis(4200));
        assert_eq!(pace.take(1, INTERVAL, at(6000)).paused_for, millis(0));
        pace.pause(TimeDelta::days(400), at(6000));
        assert_eq!(pace.paused_until, Some(at(6000) + MAX_SILENCE));
    }

    #[test]
    fn a_clock_that_was_set_back_silences_nobody() {
        let mut pace = RequestSlots { next_request: at(0), paused_until: None };
        pace.take(3, INTERVAL, at(100_000_000_000));
        pace.pause(millis(5000), at(100_000_000_000));
        assert_eq!(pace.take(1, INTERVAL, at(0)).first_in, millis(0));
        assert_eq!(pace.take(1, INTERVAL, at(0)).first_in, millis(100));
    }
}
