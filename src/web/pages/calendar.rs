//! A year of a hut as a calendar, month by month. Pure functions.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::format::{self, Label};
use crate::domain::availability::{OccupancyStatus, State};
use crate::text::humanize;

/// The number of months in the calendar: a year.
const MONTHS: u32 = 12;

/// A month; its weeks go from Monday to Sunday.
pub struct Month {
    pub title: String,
    pub weeks: Vec<[Option<Cell>; 7]>,
}

/// A day of a month.
pub struct Cell {
    pub day: u32,
    pub url: String,
    /// The accessible name: the date and the state in words.
    pub name: String,
    /// The free places; `?` if the site does not publish them, `–` if no state is stored.
    pub sign: String,
    /// The CSS class: the status, or `none` if no state is stored.
    pub class: String,
    pub is_today: bool,
}

/// The first day of the month of a date.
#[must_use]
pub fn first_of_month(date: NaiveDate) -> NaiveDate {
    date - Days::new(date.day0().into())
}

/// The day after a year that starts at `first`; none after the end of the calendar.
#[must_use]
pub fn end(first: NaiveDate) -> Option<NaiveDate> {
    first.checked_add_months(Months::new(MONTHS))
}

/// The day a year before `first`; none before the start of the calendar.
#[must_use]
pub fn year_before(first: NaiveDate) -> Option<NaiveDate> {
    first.checked_sub_months(Months::new(MONTHS))
}

/// The months of the year that starts at `first`, without those whose dates a URL cannot contain.
#[must_use]
pub fn months(
    slug: &str,
    first: NaiveDate,
    states: &BTreeMap<NaiveDate, State>,
    today: NaiveDate,
) -> Vec<Month> {
    let first_days = (0..MONTHS).map(|months| first.checked_add_months(Months::new(months)));
    let first_days = first_days.filter_map(format::linkable_date);
    first_days.map(|first| month(slug, first, states, today)).collect()
}

fn month(
    slug: &str,
    first: NaiveDate,
    states: &BTreeMap<NaiveDate, State>,
    today: NaiveDate,
) -> Month {
    let mut weeks: Vec<[Option<Cell>; 7]> = Vec::new();
    let days = first.iter_days().take_while(|date| date.month() == first.month());
    for date in days {
        let weekday = date.weekday().num_days_from_monday() as usize;
        if weekday == 0 || weeks.is_empty() {
            weeks.push([const { None }; 7]);
        }
        if let Some(week) = weeks.last_mut() {
            week[weekday] = Some(cell(slug, date, states.get(&date), today));
        }
    }
    Month { title: first.format("%B %Y").to_string(), weeks }
}

fn cell(slug: &str, date: NaiveDate, state: Option<&State>, today: NaiveDate) -> Cell {
    let day = humanize::day(date);
    let (name, sign, class) = match state {
        Some(state) => {
            let status = state.occupancy_status();
            let sign = match status {
                OccupancyStatus::Unknown => "?".to_owned(),
                _ => state.free.to_string(),
            };
            let name = format!("{day}: {} free, {}", format::places(state), status.label());
            (name, sign, status.to_string())
        }
        None => (format!("{day}: no data"), "–".to_owned(), "none".to_owned()),
    };
    let url = format::night_url(slug, date);
    Cell { day: date.day(), url, name, sign, class, is_today: date == today }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_day_of_a_year_is_once_in_the_column_of_its_weekday() {
        for (first, days) in [("2026-11-01", 365), ("2027-03-01", 366), ("2028-02-01", 366)] {
            let months = months("hut", date(first), &BTreeMap::new(), date(first));
            assert_eq!(months.len(), 12);
            let mut next = date(first);
            for month in &months {
                for week in &month.weeks {
                    for (weekday, cell) in week.iter().enumerate() {
                        let Some(cell) = cell else { continue };
                        assert_eq!(cell.url, format!("/huts/hut/{next}"));
                        assert_eq!(weekday, next.weekday().num_days_from_monday() as usize);
                        next = next + Days::new(1);
                    }
                }
            }
            assert_eq!((next - date(first)).num_days(), days);
            assert_eq!(Some(next), end(date(first)));
        }
    }

    #[test]
    fn months_whose_dates_cannot_be_in_a_url_are_left_out() {
        let years = |first| months("hut", date(first), &BTreeMap::new(), date(first)).len();
        assert_eq!((years("9999-12-01"), years("9999-01-01"), years("0000-12-01")), (1, 12, 11));
    }

    #[test]
    fn the_accessible_name_of_a_cell_has_the_date_and_the_state() {
        let state = State {
            free: 3,
            total: 40,
            hut_type: crate::domain::hut::HutType::Hut,
            reservation_status: crate::domain::availability::ReservationStatus::Possible,
        };
        let day = date("2026-11-28");
        let months = months("hut", first_of_month(day), &[(day, state)].into(), day);
        assert_eq!(months[0].title, "November 2026");
        let cell = months[0].weeks[4][5].as_ref().unwrap();
        assert_eq!(cell.name, "Sat 28 Nov 2026: 3 of 40 free, high");
        assert_eq!((cell.sign.as_str(), cell.class.as_str()), ("3", "high"));
        assert!(cell.is_today);
        let other = months[0].weeks[4][6].as_ref().unwrap();
        assert_eq!(other.name, "Sun 29 Nov 2026: no data");
        assert!(months[0].weeks[0][5].is_none(), "the first is a Sunday");
    }
}
