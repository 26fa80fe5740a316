//! The parsed parameters of the page. Pure functions.

use std::ops::RangeInclusive;

use chrono::{NaiveDate, WeekdaySet};

use crate::domain::calendar::{FIRST_DATE, LAST_DATE};
use crate::domain::stay::{Group, MAX_NIGHTS, after};
use crate::query::date;
use crate::web::pages::calendar;
use crate::web::pages::group::{MAX_PLACES, number};
use crate::web::pages::params::Params;
use crate::web::problem::Problem;

/// The number of days in which free stays are looked for: sites list a year of nights.
const DAYS_OF_STAYS: u16 = 365;

/// The parsed parameters of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The night whose neighbours and history are shown.
    pub night: NaiveDate,
    /// The first day of the calendar.
    pub first: NaiveDate,
    /// How many people look for a bed.
    pub places: u16,
    /// How many nights they stay.
    pub nights: u16,
}

impl Query {
    /// Parses the parameters of a URL.
    ///
    /// # Errors
    /// A parameter is not valid; the problem names it.
    pub fn read(params: &Params, today: NaiveDate) -> Result<Self, Problem> {
        let default = Self::default_on(today);
        let parse = |text: &str| date::parse(text, today);
        Ok(Self {
            night: params.parsed("night", parse)?.unwrap_or(default.night),
            first: params.parsed("from", parse)?.map_or(default.first, calendar::first_of_month),
            places: number(params, "places", MAX_PLACES)?,
            nights: number(params, "nights", MAX_NIGHTS)?,
        })
    }

    /// The coming Saturday, a year that starts with this month, and one person for one night.
    #[must_use]
    pub fn default_on(today: NaiveDate) -> Self {
        let night = date::parse("weekend", today).unwrap_or(today);
        Self { night, first: calendar::first_of_month(today), places: 1, nights: 1 }
    }

    /// The last day of the calendar.
    fn last(&self) -> NaiveDate {
        calendar::end(self.first).and_then(|end| end.pred_opt()).unwrap_or(LAST_DATE)
    }

    /// The dates that the page needs of the hut.
    #[must_use]
    pub fn dates(&self, today: NaiveDate) -> RangeInclusive<NaiveDate> {
        let last = after(today, DAYS_OF_STAYS + self.nights);
        let (first, last) = (self.first.min(today), self.last().max(last));
        first.min(self.night).max(FIRST_DATE)..=last.max(self.night).min(LAST_DATE)
    }

    /// The group, with arrivals from today on.
    #[must_use]
    pub fn group(&self, today: NaiveDate) -> Group {
        let arrivals = today..=after(today, DAYS_OF_STAYS - 1);
        Group { arrivals, weekdays: WeekdaySet::ALL, places: self.places }
    }

    /// The group, with arrivals up to the end of the calendar too.
    #[must_use]
    pub fn group_in_calendar(&self, today: NaiveDate) -> Group {
        let group = self.group(today);
        Group { arrivals: today..=self.last().max(*group.arrivals.end()), ..group }
    }

    /// The first night for which neighbours are looked for. Nobody looks for a bed in the past.
    #[must_use]
    pub fn night_of_neighbours(&self, today: NaiveDate) -> NaiveDate {
        if self.night < today { Self::default_on(today).night } else { self.night }
    }
}

/// The parameters of the group, as the links of the page keep them: `?nights=2&places=4`. Empty if none is given.
#[must_use]
pub fn of_group(params: &Params) -> String {
    let query = params.only(&[], &["places", "nights"]).link_with(&[]);
    if query == "?" { String::new() } else { query }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Params {
        Params::of(&format!("/huts/a{query}").parse().unwrap()).unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_group_is_kept_in_links_and_nothing_else_is() {
        assert_eq!(of_group(&params("?night=today&places=4&nights=2&x=1")), "?nights=2&places=4");
        assert_eq!(of_group(&params("?night=today&places=")), "");
    }

    #[test]
    fn the_page_reads_the_calendar_the_night_and_a_year_of_stays() {
        let today = date("2026-06-30");
        let dates = |query: &str| Query::read(&params(query), today).unwrap().dates(today);
        assert_eq!(dates(""), date("2026-06-01")..=date("2027-07-01"));
        assert_eq!(dates("?from=2025-01-15&nights=3").start(), &date("2025-01-01"));
        assert_eq!(dates("?from=2030-01-15").end(), &date("2030-12-31"));
        assert_eq!(dates("?night=2024-07-06").start(), &date("2024-07-06"));
        assert_eq!(dates("?from=9999-12-01&night=0000-01-01"), FIRST_DATE..=LAST_DATE);
    }

    #[test]
    fn a_number_that_is_none_is_named_and_quoted() {
        for (name, value) in [("places", "0"), ("places", "many"), ("nights", "31")] {
            let query = format!("?{name}={value}");
            let problem = Query::read(&params(&query), date("2026-06-30")).unwrap_err();
            assert_eq!(problem.parameter.as_deref(), Some(name));
            assert!(problem.detail.contains(&format!("{value:?}")), "{}", problem.detail);
        }
    }

    #[test]
    fn neighbours_of_a_past_night_are_those_of_the_coming_saturday() {
        let today = date("2026-06-30");
        let night =
            |text: &str| Query::read(&params(text), today).unwrap().night_of_neighbours(today);
        assert_eq!(night("?night=2025-07-05"), date("2026-07-04"));
        assert_eq!(night("?night=2026-07-01"), date("2026-07-01"));
    }
}
