//! How a night filled up, day by day, and how similar nights filled up before. Pure functions.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::views::Entry;
use crate::domain::state::State;

/// The most days before a night that are compared: sites list a year of nights.
pub const MAX_DAYS_BEFORE: usize = 365;

/// The number of years whose nights are compared, with the year of the night itself.
const MAX_YEARS: i32 = 10;

/// Fewer nights are chance and no pattern.
pub const MIN_NIGHTS: usize = 3;

/// From this number of nights on, the band leaves out the tenth with the lowest and the tenth with the highest values.
/// Of fewer nights it has all.
pub const MIN_FOR_PERCENTILES: usize = 10;

/// The percentiles at the edges of the band, as shares of 1.
const LOW: f64 = 0.1;
const HIGH: f64 = 0.9;

/// The past nights that are comparable to a night: those on the same weekday of the same month, in the same year or
/// one of the years before. The newest comes first.
#[must_use]
pub fn similar_nights(night: NaiveDate, today: NaiveDate) -> Vec<NaiveDate> {
    let of_year = |year: i32| {
        let first = NaiveDate::from_ymd_opt(year, night.month(), 1);
        let days = first.into_iter().flat_map(|first| first.iter_days());
        days.take_while(|day| day.month() == night.month()).collect::<Vec<_>>()
    };
    let years = (0..MAX_YEARS).map(|ago| night.year() - ago);
    let mut nights: Vec<NaiveDate> = years.flat_map(of_year).collect();
    nights.retain(|day| day.weekday() == night.weekday() && *day < night.min(today));
    nights.sort_unstable_by(|a, b| b.cmp(a));
    nights
}

/// How a night filled up: the free places in percent of all places, by the number of days before the night. A day has
/// the last value that is known of it, or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Filling(Vec<Option<f64>>);

impl Filling {
    /// Reads the entries of a night's history, which are in the order of time. Days are those of a time zone.
    #[must_use]
    pub fn new(entries: &[Entry], night: NaiveDate, timezone: Tz) -> Self {
        let mut days = vec![None; MAX_DAYS_BEFORE + 1];
        for Entry { state, first_checked, last_checked } in entries {
            let [from, until] =
                [first_checked, last_checked].map(|at| at.with_timezone(&timezone).date_naive());
            let (first, last) = ((night - until).num_days(), (night - from).num_days());
            for day in first.max(0)..=last {
                let Some(value) = usize::try_from(day).ok().and_then(|day| days.get_mut(day))
                else {
                    break;
                };
                *value = free_percent(*state);
            }
        }
        Self(days)
    }

    /// The free places on a day, in percent; none if they are not known.
    #[must_use]
    pub fn on(&self, days_before: usize) -> Option<f64> {
        self.0.get(days_before).copied().flatten()
    }

    /// Whether no day has a value: the night was closed, or its site publishes no numbers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

/// The free places in percent of all places; none if the hut is closed, or if one of the numbers is not known.
#[must_use]
pub fn free_percent(state: State) -> Option<f64> {
    Some(100.0 - state.occupancy_percent().filter(|_| !state.is_closed())?)
}

/// Free places on one day before some nights, in percent: `low <= median <= high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

/// How several nights filled up.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The number of nights that have values.
    pub nights: usize,
    /// By the number of days before the night. A day with values of too few nights has none.
    days: Vec<Option<Spread>>,
}

impl Band {
    /// The band of some nights.
    ///
    /// # Errors
    /// Fewer than [`MIN_NIGHTS`] nights have values; the error is their number.
    pub fn new(fillings: &[Filling]) -> Result<Self, usize> {
        let known: Vec<&Filling> = fillings.iter().filter(|filling| !filling.is_empty()).collect();
        let nights = known.len();
        if nights < MIN_NIGHTS {
            return Err(nights);
        }
        let has_all = nights < MIN_FOR_PERCENTILES;
        let spread = |day: usize| {
            let mut values: Vec<f64> = known.iter().filter_map(|filling| filling.on(day)).collect();
            values.sort_unstable_by(f64::total_cmp);
            let [low, high] = if has_all { [0.0, 1.0] } else { [LOW, HIGH] };
            let at = |share| percentile(&values, share);
            (values.len() >= MIN_NIGHTS)
                .then(|| Some(Spread { low: at(low)?, median: at(0.5)?, high: at(high)? }))?
        };
        Ok(Self { nights, days: (0..=MAX_DAYS_BEFORE).map(spread).collect() })
    }

    /// Whether the band has all nights, and not only those between the percentiles.
    #[must_use]
    pub fn has_all(&self) -> bool {
        self.nights < MIN_FOR_PERCENTILES
    }

    /// The values on a day; none if too few nights have one.
    #[must_use]
    pub fn on(&self, days_before: usize) -> Option<Spread> {
        self.days.get(days_before).copied().flatten()
    }

    /// How many days before the night at most this percentage of the places was usually still free, which means in
    /// the median; none if more were free up to the end.
    #[must_use]
    pub fn days_before(&self, percent: f64) -> Option<usize> {
        let is_reached = |day: &usize| self.on(*day).is_some_and(|spread| spread.median <= percent);
        (0..self.days.len()).rev().find(is_reached)
    }
}

/// A percentile of sorted values, between two of them in proportion; none of no values. This is method 7 of Hyndman
/// and Fan (1996), the default of R and NumPy.
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    #[expect(clippy::cast_precision_loss, reason = "there are some dozens of nights")]
    let position = share * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to `last`")]
    let below = position.floor() as usize;
    let (low, high) = (sorted.get(below)?, sorted[(below + 1).min(last)]);
    // Rounding may lead past the next value.
    Some((low + (high - low) * position.fract()).min(high))
}

#[cfg(test)]
mod tests;
