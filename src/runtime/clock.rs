//! What time it is, for a run that may be one of another day.

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::text::humanize::pluralize;

/// By no more than this the clocks of machines that work on one database differ without a word.
pub const SKEW: TimeDelta = TimeDelta::minutes(1);

/// The time by which a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    System,
    /// `--as-of`: it is always then, so that a replay gives the same result each time.
    StoppedAt(DateTime<Utc>),
}

impl Clock {
    /// As fine as the databases store it.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now().trunc_subsecs(6),
            Self::StoppedAt(instant) => *instant,
        }
    }

    /// The calendar day in a time zone.
    #[must_use]
    pub fn today(&self, timezone: Tz) -> NaiveDate {
        self.now().with_timezone(&timezone).date_naive()
    }
}

/// Huts that were last checked in the future, in words.
#[must_use]
pub fn checked_in_the_future(huts: usize) -> String {
    let were = if huts == 1 { "was" } else { "were" };
    format!("{} {were} last checked in the future", pluralize(huts, "hut"))
}

/// What a run says of them, the last of which was checked at `last`.
#[must_use]
pub fn doubt(huts: usize, last: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let [last, now] = [last, now].map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    format!(
        "{}, the last one at {last}, and it is {now}: what is older is not stored over that; is \
         this machine's clock right?",
        checked_in_the_future(huts)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_the_day_where_the_huts_are() {
        let clock = Clock::StoppedAt("2026-07-01T22:30:00Z".parse().unwrap());
        assert_eq!(clock.today(chrono_tz::Europe::Zurich).to_string(), "2026-07-02");
        assert_eq!(clock.today(Tz::UTC).to_string(), "2026-07-01");
    }
}
