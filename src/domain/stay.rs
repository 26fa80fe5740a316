//! Stays and tours: consecutive nights on which huts have room for a group. Pure.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate, Weekday, WeekdaySet};

use crate::domain::calendar::LAST_DATE;

/// The most nights of a stay, and of a stage of a tour.
pub const MAX_NIGHTS: u16 = 30;
/// The most stages of a tour.
pub const MAX_STAGES: usize = 30;
/// The most alternatives of a stage.
pub const MAX_ALTERNATIVES: usize = 20;
/// The most arrivals of a query: two years of them.
pub const MAX_ARRIVALS: i64 = 731;

/// The number of arrivals of a query that gives no last one.
pub const DEFAULT_ARRIVALS: u16 = 90;

/// When a group may arrive, and how many places it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub arrivals: RangeInclusive<NaiveDate>,
    /// The weekdays of the arrival.
    pub weekdays: WeekdaySet,
    /// At least 1.
    pub places: u16,
}

/// Why two dates are no range of arrivals.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidArrivals {
    #[error("the last arrival {last} is before the first one {first}: give a later date")]
    Reversed { first: NaiveDate, last: NaiveDate },
    #[error("from {first} to {last} there are more than {MAX_ARRIVALS} days: give fewer")]
    TooMany { first: NaiveDate, last: NaiveDate },
}

impl Group {
    /// A group that may arrive from one date to another.
    ///
    /// # Errors
    /// The second date is before the first one, or much later.
    pub fn new(
        (first, last): (NaiveDate, NaiveDate),
        weekdays: WeekdaySet,
        places: u16,
    ) -> Result<Self, InvalidArrivals> {
        if last < first {
            return Err(InvalidArrivals::Reversed { first, last });
        }
        if (last - first).num_days() >= MAX_ARRIVALS {
            return Err(InvalidArrivals::TooMany { first, last });
        }
        Ok(Self { arrivals: first..=last, weekdays, places })
    }

    /// The dates of arrival, in order.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let (last, weekdays) = (*self.arrivals.end(), self.weekdays);
        let days = self.arrivals.start().iter_days().take_while(move |day| *day <= last);
        days.filter(move |day| weekdays.contains(day.weekday()))
    }

    /// All nights of visits that last this many nights.
    #[must_use]
    pub fn nights(&self, count: u16) -> RangeInclusive<NaiveDate> {
        *self.arrivals.start()..=last_night(*self.arrivals.end(), count)
    }
}

fn last_night(arrival: NaiveDate, nights: u16) -> NaiveDate {
    after(arrival, nights.saturating_sub(1))
}

/// The date this many nights later, or the last one that the databases store.
#[must_use]
pub fn after(date: NaiveDate, nights: u16) -> NaiveDate {
    let later = date.checked_add_days(Days::new(nights.into()));
    later.map_or(LAST_DATE, |later| later.min(LAST_DATE))
}

/// The nights of one hut that have room for a group, with the free places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rooms(Vec<(NaiveDate, i16)>);

impl FromIterator<(NaiveDate, i16)> for Rooms {
    /// The nights in any order, each at most once.
    fn from_iter<I: IntoIterator<Item = (NaiveDate, i16)>>(nights: I) -> Self {
        let mut nights: Vec<_> = nights.into_iter().collect();
        nights.sort_unstable();
        Self(nights)
    }
}

impl Rooms {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The free places of each night of a stay; none if a night has no room.
    fn of_stay(&self, arrival: NaiveDate, nights: u16) -> Option<&[(NaiveDate, i16)]> {
        let first = self.0.binary_search_by_key(&arrival, |(date, _)| *date).ok()?;
        let stay = self.0.get(first..first + usize::from(nights))?;
        // The dates are in order and differ, so that there is no gap if the last one fits.
        (stay.last()?.0 == last_night(arrival, nights)).then_some(stay)
    }
}

/// Nights in one hut, each with room for the group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    pub hut_id: i32,
    pub arrival: NaiveDate,
    pub departure: NaiveDate,
    /// The free places of each night.
    pub free: Vec<i16>,
}

impl Stay {
    /// The places that are free on every night.
    #[must_use]
    pub fn places(&self) -> i16 {
        self.free.iter().copied().min().unwrap_or(0)
    }

    fn at(hut_id: i32, rooms: &Rooms, arrival: NaiveDate, nights: u16) -> Option<Self> {
        let free = rooms.of_stay(arrival, nights)?.iter().map(|(_, free)| *free).collect();
        Some(Self { hut_id, arrival, departure: after(arrival, nights), free })
    }
}

/// The first results of a search, and the number of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    pub first: Vec<T>,
    pub count: usize,
}

impl<T> Found<T> {
    /// Keeps at most `limit` of the results, and counts the others.
    fn of(mut all: impl Iterator<Item = T>, limit: usize) -> Self {
        let first: Vec<T> = all.by_ref().take(limit).collect();
        let count = first.len() + all.count();
        Self { first, count }
    }
}

/// The stays of a group, by arrival, then in the order of `huts`.
#[must_use]
pub fn stays(
    group: &Group,
    nights: u16,
    huts: &[i32],
    rooms: &HashMap<i32, Rooms>,
    limit: usize,
) -> Found<Stay> {
    let rooms: Vec<_> = huts.iter().filter_map(|hut| Some((*hut, rooms.get(hut)?))).collect();
    let at = |arrival| {
        rooms.iter().filter_map(move |(hut, rooms)| Stay::at(*hut, rooms, arrival, nights))
    };
    Found::of(group.days().flat_map(at), limit)
}

/// The stays of a group in one hut, by arrival.
#[must_use]
pub fn stays_of(group: &Group, nights: u16, hut_id: i32, rooms: &Rooms) -> Vec<Stay> {
    group.days().filter_map(|arrival| Stay::at(hut_id, rooms, arrival, nights)).collect()
}

/// A stage of a tour: nights in one of some huts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage<Hut> {
    /// At least one.
    pub huts: Vec<Hut>,
    pub nights: u16,
}

/// Stages on consecutive nights, each with the huts that have room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tour {
    pub start: NaiveDate,
    /// The stays of each stage in its alternative huts. None of the stages is empty.
    pub stages: Vec<Vec<Stay>>,
}

impl Tour {
    /// The morning after the last night.
    #[must_use]
    pub fn end(&self) -> NaiveDate {
        let last = self.stages.last().and_then(|stays| stays.first());
        last.map_or(self.start, |stay| stay.departure)
    }
}

/// The nights of all stages of a tour.
#[must_use]
pub fn nights_of_tour<Hut>(stages: &[Stage<Hut>]) -> u16 {
    stages.iter().map(|stage| stage.nights).sum()
}

/// The tours of a group, by their start.
#[must_use]
pub fn tours(
    group: &Group,
    stages: &[Stage<i32>],
    rooms: &HashMap<i32, Rooms>,
    limit: usize,
) -> Found<Tour> {
    let tour = |start| {
        let mut arrival = start;
        let stages = stages.iter().map(|stage| {
            let at = |hut: &i32| Stay::at(*hut, rooms.get(hut)?, arrival, stage.nights);
            let stays: Vec<Stay> = stage.huts.iter().filter_map(at).collect();
            arrival = after(arrival, stage.nights);
            (!stays.is_empty()).then_some(stays)
        });
        let stages = stages.collect::<Option<Vec<_>>>()?;
        Some(Tour { start, stages })
    };
    Found::of(group.days().filter_map(tour), limit)
}

/// Why a text is no stage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidStage {
    #[error("expected a stage such as memminger-huette or hut-a,hut-b:2, got {0:?}")]
    Form(String),
    #[error("a stage has at most {MAX_ALTERNATIVES} huts, got {0}")]
    TooMany(usize),
    #[error("expected 1 to {MAX_NIGHTS} nights after the colon of the stage {0:?}")]
    Nights(String),
}

impl std::str::FromStr for Stage<String> {
    type Err = InvalidStage;

    /// Reads `SLUG[,SLUG…][:NIGHTS]`.
    fn from_str(text: &str) -> Result<Self, InvalidStage> {
        let (slugs, nights) = match text.rsplit_once(':') {
            None => (text, 1),
            Some((slugs, nights)) => {
                let nights = nights.trim().parse().ok();
                let nights = nights.filter(|nights| (1..=MAX_NIGHTS).contains(nights));
                (slugs, nights.ok_or_else(|| InvalidStage::Nights(text.to_owned()))?)
            }
        };
        let mut huts: Vec<String> = Vec::new();
        for slug in slugs.split(',').map(|slug| slug.trim().to_owned()) {
            // Written twice, it would be found twice.
            if !huts.contains(&slug) {
                huts.push(slug);
            }
        }
        if huts.iter().any(|slug| slug.is_empty() || slug.contains(char::is_whitespace)) {
            return Err(InvalidStage::Form(text.to_owned()));
        }
        if huts.len() > MAX_ALTERNATIVES {
            return Err(InvalidStage::TooMany(huts.len()));
        }
        Ok(Self { huts, nights })
    }
}

/// Reads weekdays such as `fri,sat`. An empty text means all of them.
///
/// # Errors
/// The text that is no weekday.
pub fn parse_weekdays(text: &str) -> Result<WeekdaySet, String> {
    let words: Vec<&str> = text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Ok(WeekdaySet::ALL);
    }
    let weekday = |word: &str| {
        word.parse().map_err(|_| format!("expected weekdays such as fri,sat, got {word:?}"))
    };
    words.into_iter().map(weekday).collect()
}

/// The weekdays as [`parse_weekdays`] reads them; an empty text for all of them.
#[must_use]
pub fn format_weekdays(weekdays: WeekdaySet) -> String {
    if weekdays == WeekdaySet::ALL {
        return String::new();
    }
    let names = weekdays.iter(Weekday::Mon).map(|day| day.to_string().to_lowercase());
    names.collect::<Vec<_>>().join(",")
}

/// The stage as its parser reads it: `hut-a,hut-b:2`.
impl std::fmt::Display for Stage<String> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.huts.join(","))?;
        if self.nights == 1 { Ok(()) } else { write!(out, ":{}", self.nights) }
    }
}

#[cfg(test)]
mod tests;
