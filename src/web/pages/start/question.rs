//! The question of the start page: who wants to sleep where, on which nights. Pure functions.

use std::ops::RangeInclusive;

use chrono::{NaiveDate, Weekday, WeekdaySet};
use strum::{Display, VariantArray};

use crate::db::pages::huts::ListedHut;
use crate::domain::stay::{Group, MAX_NIGHTS, after, parse_weekdays};
use crate::query::date;
use crate::query::paging::Cursor;
use crate::web::pages::format::{Label, linkable_date};
use crate::web::pages::group;
use crate::web::pages::page_links::cursor;
use crate::web::pages::params::Params;
use crate::web::pages::place_field::{self, PlaceField};
use crate::web::problem::Problem;

/// The nights that the grid shows at least: a week.
const MIN_COLUMNS: u16 = 7;

/// For how many days a group that may arrive on some weekdays looks ahead: three weeks.
const DAYS_OF_WEEKDAYS: u16 = 21;

/// The names of parameters of earlier addresses, with those of today.
const OLD_NAMES: [(&str, &str); 4] =
    [("date", "from"), ("min_free", "places"), ("q", "where"), ("hut", "where")];

/// The order of the huts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum SortBy {
    Distance,
    /// The most free places first.
    Free,
    Name,
}

impl Label for SortBy {
    const TEXTS: &'static str = "sort";
}

/// The parsed question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub group: Group,
    pub nights: u16,
    pub place: PlaceField,
    pub sort: SortBy,
    /// Whether huts without room are listed too.
    pub shows_all: bool,
    pub cursor: Cursor<String>,
}

impl Question {
    /// Parses the parameters of a URL. The default is one person who arrives on the coming Saturday.
    ///
    /// # Errors
    /// A parameter is not valid; the problem names it.
    pub fn read(params: &Params, huts: &[ListedHut], today: NaiveDate) -> Result<Self, Problem> {
        let from = params.parsed("from", |text| date::parse(text, today))?;
        let from = from.unwrap_or_else(|| default_night(today));
        let nights = group::number(params, "nights", MAX_NIGHTS)?;
        let places = group::number(params, "places", group::MAX_PLACES)?;
        let weekdays = params.parsed("weekday", |_| parse_weekdays(&params.list("weekday")))?;
        let place = place_field::read(params, huts)?;
        let sort = params.one_of("sort")?;
        let default_sort =
            if place.filter.near.is_some() { SortBy::Distance } else { SortBy::Free };
        if sort == Some(SortBy::Distance) && place.filter.near.is_none() {
            let detail = "sort: a distance needs a place: fill in where";
            return Err(Problem::bad_parameter("sort", detail));
        }
        Ok(Self {
            group: group_of(from, weekdays, places),
            nights,
            place,
            sort: sort.unwrap_or(default_sort),
            shows_all: params.text("all") == "1",
            cursor: cursor(params, |slug| Ok(slug.to_owned()))?,
        })
    }

    /// The question that an empty form asks.
    #[must_use]
    pub fn default_on(today: NaiveDate) -> Self {
        Self {
            group: group_of(default_night(today), None, 1),
            nights: 1,
            place: PlaceField::default(),
            sort: SortBy::Free,
            shows_all: false,
            cursor: Cursor::Start,
        }
    }

    #[must_use]
    pub fn from(&self) -> NaiveDate {
        *self.group.arrivals.start()
    }

    /// The nights to read: those of every stay, and those of the grid.
    #[must_use]
    pub fn dates(&self) -> RangeInclusive<NaiveDate> {
        let week = after(self.from(), MIN_COLUMNS - 1);
        let nights = self.group.nights(self.nights);
        *nights.start()..=week.max(*nights.end())
    }

    /// The nights of the grid, in order: those of every stay, or a week if the stay is shorter.
    #[must_use]
    pub fn columns(&self) -> Vec<NaiveDate> {
        let nights_of = |arrival| (0..self.nights).map(move |night| after(arrival, night));
        let mut dates: Vec<NaiveDate> = if self.group.weekdays == WeekdaySet::ALL {
            self.dates().start().iter_days().take_while(|date| date <= self.dates().end()).collect()
        } else {
            self.group.days().flat_map(nights_of).collect()
        };
        dates.sort_unstable();
        dates.dedup();
        // Each has a page of its own.
        dates.retain(|date| linkable_date(Some(*date)).is_some());
        dates
    }
}

impl Question {
    /// The parameters with which the API answers the same question.
    #[must_use]
    pub fn api_params(&self) -> Params {
        let mut params = self.place.api.clone();
        let arrivals = &self.group.arrivals;
        params.set("from", &arrivals.start().to_string());
        params.set("to", &arrivals.end().to_string());
        params.set("nights", &self.nights.to_string());
        params.set("places", &self.group.places.to_string());
        if self.group.weekdays != WeekdaySet::ALL {
            let days = self.group.weekdays.iter(Weekday::Mon);
            let days: Vec<String> = days.map(|day| day.to_string().to_lowercase()).collect();
            params.set("weekday", &days.join(","));
        }
        params
    }
}

fn group_of(from: NaiveDate, weekdays: Option<WeekdaySet>, places: u16) -> Group {
    match weekdays {
        Some(weekdays) if weekdays != WeekdaySet::ALL => {
            let last = after(from, DAYS_OF_WEEKDAYS - 1);
            Group { arrivals: from..=last, weekdays, places }
        }
        _ => Group { arrivals: from..=from, weekdays: WeekdaySet::ALL, places },
    }
}

fn default_night(today: NaiveDate) -> NaiveDate {
    date::parse("weekend", today).unwrap_or(today)
}

/// The query of the same question with absolute dates, with today's names, and without empty parameters. None if the
/// address has it already. A date that cannot be read stays as it is, so that the page can say so.
#[must_use]
pub fn canonical(params: &Params, today: NaiveDate) -> Option<String> {
    let mut renamed = params.clone();
    for (old, new) in OLD_NAMES {
        renamed.rename(old, new);
    }
    // The slider of earlier pages counted days.
    if let Ok(day) = renamed.text("day").parse() {
        renamed.rename("day", "from");
        renamed.set("from", &after(today, day).to_string());
    }
    if let Some(Ok(date)) = renamed.given("from").map(|text| date::parse(text, today)) {
        renamed.set("from", &date.to_string());
    }
    let cursors = ["after", "before"].map(|name| (name, renamed.text(name)));
    (renamed != *params || params.has_empty()).then(|| renamed.link_with(&cursors))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        "2026-07-15".parse().unwrap()
    }

    fn params(query: &str) -> Params {
        Params::of(&format!("/?{query}").parse().unwrap()).unwrap()
    }

    fn question(query: &str) -> Question {
        Question::read(&params(query), &[], today()).unwrap()
    }

    fn first_and_last(question: &Question) -> (String, String, usize) {
        let columns = question.columns();
        let text = |date: Option<&NaiveDate>| date.unwrap().to_string();
        (text(columns.first()), text(columns.last()), columns.len())
    }

    #[test]
    fn the_grid_shows_a_week_or_the_nights_of_every_stay() {
        let grid = |query: &str| first_and_last(&question(query));
        assert_eq!(grid(""), ("2026-07-18".into(), "2026-07-24".into(), 7));
        assert_eq!(grid("from=2026-08-01&nights=9"), ("2026-08-01".into(), "2026-08-09".into(), 9));
        // Three Fridays, with their Saturdays.
        let weekends = grid("from=2026-08-01&nights=2&weekday=fri");
        assert_eq!(weekends, ("2026-08-07".into(), "2026-08-22".into(), 6));
        assert_eq!(question("weekday=mon,tue,wed,thu,fri,sat,sun").columns().len(), 7);
    }

    #[test]
    fn an_address_has_absolute_dates_and_no_empty_parameters() {
        let canonical = |query: &str| canonical(&params(query), today());
        assert_eq!(canonical("from=2026-07-18&places=4"), None);
        assert_eq!(
            canonical("from=today&where=&nights=2").as_deref(),
            Some("?from=2026-07-15&nights=2")
        );
        assert_eq!(canonical("from=bald"), None);
        let old = canonical("date=weekend&min_free=3&q=blau&country=").unwrap();
        assert_eq!(old, "?from=2026-07-18&places=3&where=blau");
        assert_eq!(canonical("day=17").as_deref(), Some("?from=2026-08-01"));
    }

    #[test]
    fn a_distance_needs_a_place() {
        let error = Question::read(&params("sort=distance"), &[], today()).unwrap_err();
        assert_eq!(error.parameter.as_deref(), Some("sort"));
        assert_eq!(question("").sort, SortBy::Free);
        assert_eq!(question("where=47.4,12.1").sort, SortBy::Distance);
    }
}
