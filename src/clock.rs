//! What time it is, for a run that may be one of another day.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use chrono_tz::Tz;

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
