//! Whether a figure is older than it should be. Pure functions.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::night::Night;
use crate::domain::schedule::Intervals;
use crate::domain::tier::Tier;
use crate::text::humanize::MAX_CLOCK_SKEW;

/// A figure is old after this many intervals of its hut: one check was missed, and the next one too.
const MAX_INTERVALS: i32 = 2;

/// What a reader must know about the age of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    Current,
    /// The hut should have been checked again since.
    Old,
    /// The check lies in the future: a clock is or was wrong.
    Future,
}

/// The current time, and how often the huts of each tier are polled.
#[derive(Clone, Copy, Debug)]
pub struct AgeLimits {
    pub now: DateTime<Utc>,
    /// The date in the time zone of the huts
    pub today: NaiveDate,
    pub intervals: Intervals,
}

impl Freshness {
    /// The mark of a figure, in a word or two; none for a current one.
    #[must_use]
    pub fn mark(self) -> Option<&'static str> {
        match self {
            Self::Current => None,
            Self::Old => Some("old"),
            Self::Future => Some("wrong clock"),
        }
    }
}

impl AgeLimits {
    /// The freshness of a figure of a hut in this tier.
    fn freshness(&self, last_checked: DateTime<Utc>, tier: Option<Tier>) -> Freshness {
        let age = self.now - last_checked;
        if age < -MAX_CLOCK_SKEW {
            Freshness::Future
        } else if age > self.interval(tier) * MAX_INTERVALS {
            Freshness::Old
        } else {
            Freshness::Current
        }
    }

    /// The freshness of a night. A night that is past is never old, because no check asks for it any more.
    #[must_use]
    pub fn of_night(&self, date: NaiveDate, night: &Night) -> Freshness {
        self.freshness_on(date, night.last_checked, night.tier)
    }

    /// The freshness of a figure for a night.
    #[must_use]
    pub fn freshness_on(
        &self,
        date: NaiveDate,
        last_checked: DateTime<Utc>,
        tier: Option<Tier>,
    ) -> Freshness {
        match self.freshness(last_checked, tier) {
            Freshness::Old if date < self.today => Freshness::Current,
            freshness => freshness,
        }
    }

    /// A hut has no stored tier from a migration to its next check. It then has the interval of the low tier: with
    /// the longest one, two-week-old figures would look current, and with a shorter one, figures that are as they
    /// should be would look old.
    fn interval(&self, tier: Option<Tier>) -> TimeDelta {
        match tier {
            Some(Tier::High) => self.intervals.high,
            Some(Tier::Medium) => self.intervals.medium,
            Some(Tier::Low) | None => self.intervals.low,
            Some(Tier::Inactive) => self.intervals.inactive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::{ReservationStatus, State};

    fn limits() -> AgeLimits {
        AgeLimits {
            now: "2026-06-30T12:00:00Z".parse().unwrap(),
            today: "2026-06-30".parse().unwrap(),
            intervals: Intervals {
                watched: TimeDelta::minutes(30),
                high: TimeDelta::minutes(30),
                medium: TimeDelta::hours(3),
                low: TimeDelta::hours(24),
                inactive: TimeDelta::days(7),
            },
        }
    }

    #[test]
    fn a_figure_is_old_after_twice_the_interval_of_its_tier() {
        for (tier, minutes) in [
            (Some(Tier::High), 60),
            (Some(Tier::Medium), 6 * 60),
            (Some(Tier::Low), 2 * 24 * 60),
            (None, 2 * 24 * 60),
            (Some(Tier::Inactive), 14 * 24 * 60),
        ] {
            let at = |minutes| limits().freshness(limits().now - TimeDelta::minutes(minutes), tier);
            assert_eq!(at(minutes), Freshness::Current, "{tier:?}");
            assert_eq!(at(minutes + 1), Freshness::Old, "{tier:?}");
        }
    }

    #[test]
    fn a_check_in_the_future_is_wrong_unless_clocks_differ_by_that_much() {
        let ahead = |minutes| limits().freshness(limits().now + TimeDelta::minutes(minutes), None);
        assert_eq!((ahead(5), ahead(6)), (Freshness::Current, Freshness::Future));
        assert_eq!(Freshness::Future.mark(), Some("wrong clock"));
    }

    #[test]
    fn a_past_night_is_not_old() {
        let night = Night {
            state: State {
                free: Some(1),
                total: Some(2),
                hut_type: HutType::Hut,
                reservation_status: ReservationStatus::Possible,
            },
            last_checked: limits().now - TimeDelta::days(9),
            tier: Some(Tier::High),
            is_listed: false,
            is_withdrawn: false,
        };
        let yesterday = limits().today.pred_opt().unwrap();
        assert_eq!(limits().of_night(limits().today, &night), Freshness::Old);
        assert_eq!(limits().of_night(yesterday, &night), Freshness::Current);
        let in_future = Night { last_checked: limits().now + TimeDelta::days(9), ..night };
        assert_eq!(limits().of_night(yesterday, &in_future), Freshness::Future);
    }
}
