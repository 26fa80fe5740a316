//! The current time. With `--as-of`, a run uses a fixed instant instead.

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::text::humanize::pluralize;

/// Machines that share a database may have clocks that differ by this much. Beyond it, the program warns.
pub const MAX_CLOCK_SKEW: TimeDelta = TimeDelta::minutes(1);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_the_date_in_the_time_zone_of_the_huts() {
        let clock = Clock::StoppedAt("2026-07-01T22:30:00Z".parse().unwrap());
        assert_eq!(clock.today(chrono_tz::Europe::Zurich).to_string(), "2026-07-02");
        assert_eq!(clock.today(Tz::UTC).to_string(), "2026-07-01");
    }
}
