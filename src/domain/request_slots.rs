//! Pure: the start times of requests to a site, shared by all runs.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;

/// A number of requests. All runs together reserve at most this many intervals ahead of now. A time farther
/// ahead was reserved before the clock was set back, and is ignored.
const MAX_RESERVED: i32 = 1000;

/// Times up to this far ahead are always accepted, however short the interval is, because another run may
/// have a longer interval.
const MIN_HORIZON: TimeDelta = TimeDelta::minutes(15);

/// The longest pause that a site can ask for. A mistake of the site must not stop our requests for ever.
pub const MAX_SITE_PAUSE: TimeDelta = TimeDelta::hours(24);

/// The shared state of the request times of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestSlots {
    /// The first time that no run has reserved.
    pub next_request: DateTime<Utc>,
    /// The site asked for no requests until this time.
    pub paused_until: Option<DateTime<Utc>>,
}

/// Request times that a run has reserved, one interval apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// From now to the first of the times.
    pub first_in: TimeDelta,
    /// How long the site wants no requests, from now on. All reserved times are later.
    pub paused_for: TimeDelta,
}

impl RequestSlots {
    /// Reserves `count` times, one interval apart.
    pub fn take(&mut self, count: i32, interval: TimeDelta, now: DateTime<Utc>) -> Reservation {
        let horizon = (interval * MAX_RESERVED).max(MIN_HORIZON);
        let paused_until =
            self.paused_until.filter(|until| *until > now && *until <= now + MAX_SITE_PAUSE);
        let next = if self.next_request <= now + horizon { self.next_request } else { now };
        let first = next.max(now).max(paused_until.unwrap_or(now));
        *self = Self { next_request: first + interval * count, paused_until };
        Reservation {
            first_in: first - now,
            paused_for: paused_until.map_or(TimeDelta::zero(), |until| until - now),
        }
    }

    /// Pauses all requests, because the site asked for it.
    pub fn pause(&mut self, duration: TimeDelta, now: DateTime<Utc>) {
        self.paused_until = self.paused_until.max(Some(now + duration.min(MAX_SITE_PAUSE)));
    }
}

/// Reserves the times of requests to a site, in one place for all runs.
pub trait RequestSlotStore: Send + Sync {
    /// Reserves `count` times for requests to the site of an organization, one interval apart. Also returns
    /// the instant, by the clock of this process, from which `first_in` and `paused_for` count.
    ///
    /// # Errors
    /// Why no times could be reserved.
    fn take<'a>(
        &'a self,
        organization: &'a str,
        count: i32,
        interval: TimeDelta,
    ) -> BoxFuture<'a, Result<(Reservation, Instant), String>>;

    /// Stores that a site asked for no requests for `duration`.
    ///
    /// # Errors
    /// Why the pause could not be stored for the other runs.
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
    fn times_do_not_overlap_whichever_run_reserves_them() {
        let mut slots = RequestSlots { next_request: at(0), paused_until: None };
        let reserved =
            |first, paused| Reservation { first_in: millis(first), paused_for: millis(paused) };
        assert_eq!(slots.take(3, INTERVAL, at(1000)), reserved(0, 0), "unused time is lost");
        assert_eq!(slots.take(1, INTERVAL, at(1010)), reserved(290, 0));
        assert_eq!(slots.take(1, INTERVAL * 5, at(1400)), reserved(0, 0));
        assert_eq!(slots.take(1, INTERVAL, at(1400)), reserved(500, 0), "each keeps its interval");
    }

    #[test]
    fn a_pause_holds_for_all_runs() {
        let mut slots = RequestSlots { next_request: at(0), paused_until: None };
        slots.pause(millis(5000), at(0));
        slots.pause(millis(1000), at(0));
        let reserved = slots.take(2, INTERVAL, at(1000));
        assert_eq!(reserved, Reservation { first_in: millis(4000), paused_for: millis(4000) });
        assert_eq!(slots.take(1, INTERVAL, at(1000)).first_in, millis(4200));
        assert_eq!(slots.take(1, INTERVAL, at(6000)).paused_for, millis(0));
        slots.pause(TimeDelta::days(400), at(6000));
        assert_eq!(slots.paused_until, Some(at(6000) + MAX_SITE_PAUSE));
    }

    #[test]
    fn a_clock_that_was_set_back_stops_no_requests() {
        let mut slots = RequestSlots { next_request: at(0), paused_until: None };
        slots.take(3, INTERVAL, at(100_000_000_000));
        slots.pause(millis(5000), at(100_000_000_000));
        assert_eq!(slots.take(1, INTERVAL, at(0)).first_in, millis(0));
        assert_eq!(slots.take(1, INTERVAL, at(0)).first_in, millis(100));
    }
}
