//! The current time. With `--as-of`, a run uses a fixed instant instead.

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound, TimeDelta, Utc};
use chrono_tz::Tz;
use std::time::Duration;

use crate::text::humanize::pluralize;

/// How much the clock may differ from the monotonic one over a request. NTP moves a clock by less.
const MAX_JUMP: TimeDelta = TimeDelta::minutes(1);

/// The clocks of a run and of its database may differ by this much.
pub const MAX_DIFFERENCE: TimeDelta = crate::text::humanize::MAX_CLOCK_SKEW;

/// The clock of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    System,
    /// `--as-of`: the time stands still, so that a replay gives the same result each time.
    StoppedAt(DateTime<Utc>),
}

impl Clock {
    /// The current instant in microseconds, the precision that both databases store.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now().trunc_subsecs(6),
            Self::StoppedAt(instant) => *instant,
        }
    }

    /// Whether the clock was set, or the machine was suspended, since `begin`: whether the time since then differs
    /// from `elapsed`, the time by the monotonic clock, by more than `MAX_JUMP`.
    #[must_use]
    pub fn has_jumped(&self, begin: DateTime<Utc>, elapsed: Duration) -> bool {
        let Self::System = self else { return false };
        let elapsed = TimeDelta::from_std(elapsed).unwrap_or(TimeDelta::MAX);
        (self.now() - begin - elapsed).abs() > MAX_JUMP
    }

    /// The current date in a time zone.
    #[must_use]
    pub fn today(&self, timezone: Tz) -> NaiveDate {
        self.now().with_timezone(&timezone).date_naive()
    }
}

/// `2 huts were last checked in the future`
#[must_use]
pub fn checked_in_the_future(huts: usize) -> String {
    let were = if huts == 1 { "was" } else { "were" };
    format!("{} {were} last checked in the future", pluralize(huts, "hut"))
}

/// The warning of a run about these huts. `last` is the newest of their checks.
#[must_use]
pub fn clock_warning(huts: usize, last: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let [last, now] = [last, now].map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    format!(
        "{}, the last one at {last}, but the time now is {now}: answers older than a stored check are not \
         stored; is this machine's clock right?",
        checked_in_the_future(huts)
    )
}

/// The message about two clocks that differ by more than [`MAX_DIFFERENCE`].
#[must_use]
pub fn clocks_differ(here: DateTime<Utc>, database: DateTime<Utc>) -> String {
    let [here, database] = [here, database].map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    format!(
        "this machine's clock says {here}, the database's says {database}: set the clock that is wrong, and let \
         NTP keep it right"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_has_jumped_if_it_differs_from_the_monotonic_one() {
        let jumped = |begin_ago, elapsed| {
            let begin = Clock::System.now() - TimeDelta::seconds(begin_ago);
            Clock::System.has_jumped(begin, Duration::from_secs(elapsed))
        };
        assert!(!jumped(30, 30));
        assert!(jumped(2 * 86_400, 1), "the machine was suspended for two days");
        assert!(jumped(-3600, 1), "the clock was set back by an hour");
        let stopped = Clock::StoppedAt(DateTime::UNIX_EPOCH);
        assert!(!stopped.has_jumped(DateTime::UNIX_EPOCH, Duration::from_secs(3600)));
    }

    #[test]
    fn today_is_the_date_in_the_time_zone_of_the_huts() {
        let clock = Clock::StoppedAt("2026-07-01T22:30:00Z".parse().unwrap());
        assert_eq!(clock.today(chrono_tz::Europe::Zurich).to_string(), "2026-07-02");
        assert_eq!(clock.today(Tz::UTC).to_string(), "2026-07-01");
    }
}
