//! Pure: how often the nights of a hut change, as its checks have seen it, and how much each night matters.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

use crate::domain::diff::ChangedDay;
use crate::domain::state::{OccupancyStatus, State};

/// What was seen long ago counts half after this time, and half of that after twice the time.
const HALF_LIFE_HOURS: f64 = 7.0 * 24.0;

/// The rate of a hut of which nothing is known, per hour. It counts as if it had been observed for a day.
const INITIAL_RATE: f64 = 0.05;
const INITIAL_HOURS: f64 = 24.0;

/// A pause between two checks counts as at most this long: what changes several times in a longer one is seen once.
const MAX_HOURS: f64 = 14.0 * 24.0;

/// The most that one check adds. A site that changes all nights at once, as at the opening of a season, says
/// nothing about the days after it. A fortnight in which each night changes counts less than this.
const MAX_SEEN: f64 = 60.0;

/// Above this occupancy, in percent, a night matters twice as much.
const NEARLY_FULL_ABOVE: f64 = 75.0;

/// How much it matters that the stored state of a night is true, compared with an ordinary night of the coming
/// two weeks. `ahead` is the number of days from today.
#[must_use]
pub fn interest(date: NaiveDate, ahead: i64, is_nearly_full: bool) -> f64 {
    let nearness = match ahead {
        ..=14 => 1.0,
        15..=60 => 0.3,
        _ => 0.1,
    };
    let weekend = if matches!(date.weekday(), Weekday::Fri | Weekday::Sat) { 1.5 } else { 1.0 };
    nearness * weekend * if is_nearly_full { 2.0 } else { 1.0 }
}

/// Whether a state is above 75 % full, as far as it is known.
#[must_use]
pub fn is_nearly_full(state: &State) -> bool {
    let percent = state.occupancy_percent().filter(|percent| *percent > NEARLY_FULL_ABOVE);
    percent.is_some() || state.occupancy_status() == OccupancyStatus::Full
}

/// What a check has seen change since the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    /// Changed nights.
    pub nights: f64,
    /// The sum of their interest.
    pub interest: f64,
}

impl Seen {
    /// The changed nights of a check on the day `today`.
    #[must_use]
    pub fn new<'a>(changed: impl IntoIterator<Item = &'a ChangedDay>, today: NaiveDate) -> Self {
        changed.into_iter().fold(Self::default(), |seen, ChangedDay { date, before, after }| {
            let ahead = (*date - today).num_days();
            let interest = interest(*date, ahead, is_nearly_full(before) || is_nearly_full(after));
            Self { nights: seen.nights + 1.0, interest: seen.interest + interest }
        })
    }
}

/// The changes that the checks of a hut have seen. What is older counts less: all three numbers halve every seven
/// days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ChangeRate {
    /// Interest of the changed nights.
    pub interest: f64,
    /// Changed nights.
    pub nights: f64,
    /// Hours between the checks.
    pub hours: f64,
}

impl ChangeRate {
    /// The rate after one more successful check, which came `since` after the successful one before.
    #[must_use]
    pub fn after_check(self, since: TimeDelta, seen: Seen) -> Self {
        let hours = (since.num_milliseconds() as f64 / 3_600_000.0).clamp(0.0, MAX_HOURS);
        let kept = (-hours / HALF_LIFE_HOURS).exp2();
        Self {
            interest: self.interest * kept + seen.interest.min(MAX_SEEN),
            nights: self.nights * kept + seen.nights.min(MAX_SEEN),
            hours: self.hours * kept + hours,
        }
    }

    /// Changes per hour, weighted by interest. Above 0.
    #[must_use]
    pub fn weighted_per_hour(&self) -> f64 {
        per_hour(self.interest, self.hours)
    }

    /// Changed nights per hour.
    #[must_use]
    pub fn per_hour(&self) -> f64 {
        per_hour(self.nights, self.hours)
    }

    /// Changed nights per day.
    #[must_use]
    pub fn per_day(&self) -> f64 {
        self.per_hour() * 24.0
    }
}

fn per_hour(seen: f64, hours: f64) -> f64 {
    (seen + INITIAL_RATE * INITIAL_HOURS) / (hours + INITIAL_HOURS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::ReservationStatus;

    // A Wednesday.
    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 1).expect("it is a day");

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn near_nights_weekends_and_full_nights_matter_more() {
        let of = |ahead: u64, full| {
            interest(TODAY + chrono::Days::new(ahead), ahead.try_into().unwrap(), full)
        };
        assert!(close(of(0, false), 1.0) && close(of(14, false), 1.0));
        assert!(
            close(of(15, false), 0.3) && close(of(60, false), 0.3) && close(of(61, false), 0.1)
        );
        assert!(close(of(2, false), 1.5) && close(of(3, true), 3.0) && close(of(4, true), 2.0));
    }

    #[test]
    fn a_night_counts_as_full_before_or_after_its_change() {
        let state = |free| State {
            free: Some(free),
            total: Some(40),
            hut_type: HutType::Hut,
            reservation_status: ReservationStatus::Possible,
        };
        let seen = |before, after| {
            Seen::new(
                &[ChangedDay { date: TODAY, before: state(before), after: state(after) }],
                TODAY,
            )
        };
        let interests = [seen(30, 20), seen(30, 9), seen(0, 30), seen(10, 20)];
        assert_eq!(interests.map(|seen| seen.interest), [1.0, 2.0, 2.0, 1.0]);
        assert_eq!(seen(30, 9).nights, 1.0);
    }

    #[test]
    fn a_rate_approaches_what_is_observed() {
        let new = ChangeRate::default();
        assert!(close(new.per_hour(), 0.05) && close(new.weighted_per_hour(), 0.05));
        let seen = Seen { nights: 4.0, interest: 2.0 };
        let rate = (0..400).fold(new, |rate, _| rate.after_check(TimeDelta::hours(6), seen));
        // The day with the initial rate still counts a tenth.
        assert!((rate.per_hour() - 4.0 / 6.0).abs() < 0.07, "{rate:?}");
        assert!((rate.weighted_per_hour() - 2.0 / 6.0).abs() < 0.04, "{rate:?}");
        let week = rate.after_check(TimeDelta::days(7), Seen::default());
        assert!(close(week.nights, rate.nights / 2.0));
    }

    #[test]
    fn odd_pauses_and_mass_changes_are_limited() {
        let rate = ChangeRate { interest: 10.0, nights: 20.0, hours: 100.0 };
        assert_eq!(rate.after_check(TimeDelta::hours(-5), Seen::default()), rate);
        let years = rate.after_check(TimeDelta::days(3000), Seen::default());
        assert!(years.hours < 400.0 && years.interest < 3.0, "{years:?}");
        let all = Seen { nights: 365.0, interest: 400.0 };
        let opened = ChangeRate::default().after_check(TimeDelta::hours(6), all);
        assert_eq!((opened.interest, opened.nights), (60.0, 60.0));
    }
}
