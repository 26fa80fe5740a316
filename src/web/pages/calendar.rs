//! A year of a hut as a calendar, month by month. Pure functions.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};

use super::format;
use super::occupancy::describe;
use super::times::{self, Times};
use crate::query::freshness::Freshness;
use crate::query::night::Night;
use crate::text::texts::Texts;

/// The number of months in the calendar: a year.
const MONTHS: u32 = 12;

const CLOSED: &str = "×";
const UNKNOWN: &str = "?";
/// Follows the sign that the night had.
const WITHDRAWN: &str = "†";

/// The signs that are not a number of places, with their meanings.
#[must_use]
pub fn signs(t: Texts) -> [(String, String); 5] {
    [
        (CLOSED.into(), t.get("night-closed")),
        (t.get("sign-ask"), t.get("meaning-ask")),
        (UNKNOWN.into(), t.get("meaning-unknown")),
        (WITHDRAWN.into(), t.get("meaning-withdrawn")),
        ("!".into(), t.get("meaning-old")),
    ]
}

/// The short and the full names of the weekdays, from Monday on.
#[must_use]
pub fn weekdays(t: Texts) -> Vec<(String, String)> {
    // A Monday.
    let monday = NaiveDate::default() - Days::new(3);
    let name =
        |day: NaiveDate, format| day.format_localized(format, t.language.locale()).to_string();
    monday.iter_days().take(7).map(|day| (name(day, "%a"), name(day, "%A"))).collect()
}

/// A month; its weeks go from Monday to Sunday.
pub struct Month {
    pub title: String,
    pub weeks: Vec<[Option<Cell>; 7]>,
    pub content: Content,
}

/// What a month has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Nights,
    /// All nights that are stored are closed.
    Closed,
    /// No night is stored.
    Nothing,
}

/// Consecutive months.
pub enum Months {
    Open(Vec<Month>),
    /// Months in which nobody can sleep in the hut. The title names them, and says why.
    Folded {
        title: String,
        months: Vec<Month>,
    },
}

/// What a calendar shows of a group.
#[derive(Clone, Copy)]
pub struct Marks<'a> {
    /// The nights that have room for the group.
    pub fits: &'a BTreeSet<NaiveDate>,
    /// The parameters that the links keep, with their question mark; may be empty.
    pub kept: &'a str,
}

/// A day of a month.
pub struct Cell {
    pub day: u32,
    pub url: String,
    /// The accessible name: the date and the state in words.
    pub name: String,
    /// The free places, or a sign of the legend; `–` if no state is stored.
    pub sign: String,
    /// The CSS class: the status, or `none` if no state is stored.
    pub class: String,
    pub is_today: bool,
    /// Whether the night has room for the group that was asked for.
    pub fits: bool,
}

/// The first day of the month of a date.
#[must_use]
pub fn first_of_month(date: NaiveDate) -> NaiveDate {
    date - Days::new(date.day0().into())
}

/// The day after a year that starts at `first`; none after the end of the calendar.
#[must_use]
pub fn end(first: NaiveDate) -> Option<NaiveDate> {
    first.checked_add_months(chrono::Months::new(MONTHS))
}

/// The day a year before `first`; none before the start of the calendar.
#[must_use]
pub fn year_before(first: NaiveDate) -> Option<NaiveDate> {
    first.checked_sub_months(chrono::Months::new(MONTHS))
}

/// The months of the year that starts at `first`, without those whose dates a URL cannot contain.
#[must_use]
pub fn months(
    slug: &str,
    first: NaiveDate,
    states: &BTreeMap<NaiveDate, Night>,
    marks: &Marks<'_>,
    times: &Times,
) -> Vec<Month> {
    let first_days =
        (0..MONTHS).map(|months| first.checked_add_months(chrono::Months::new(months)));
    let first_days = first_days.filter_map(format::linkable_date);
    first_days.map(|first| month(slug, first, states, marks, times)).collect()
}

fn month(
    slug: &str,
    first: NaiveDate,
    states: &BTreeMap<NaiveDate, Night>,
    marks: &Marks<'_>,
    times: &Times,
) -> Month {
    let mut weeks: Vec<[Option<Cell>; 7]> = Vec::new();
    let days = first.iter_days().take_while(|date| date.month() == first.month());
    for date in days {
        let weekday = date.weekday().num_days_from_monday() as usize;
        if weekday == 0 || weeks.is_empty() {
            weeks.push([const { None }; 7]);
        }
        if let Some(week) = weeks.last_mut() {
            let cell = cell(slug, date, states.get(&date), times);
            week[weekday] = Some(marked(cell, date, marks, times.t));
        }
    }
    let end = first.checked_add_months(chrono::Months::new(1)).unwrap_or(NaiveDate::MAX);
    let title = first.format_localized("%B %Y", times.t.language.locale()).to_string();
    Month { title, weeks, content: content(states.range(first..end).map(|(_, night)| night)) }
}

/// What the stored nights of a month have to show.
fn content<'a>(nights: impl Iterator<Item = &'a Night>) -> Content {
    let mut content = Content::Nothing;
    for night in nights {
        if !night.state.is_closed() {
            return Content::Nights;
        }
        content = Content::Closed;
    }
    content
}

/// The cell with the mark and the link of a group.
fn marked(cell: Cell, date: NaiveDate, marks: &Marks<'_>, t: Texts) -> Cell {
    let fits = marks.fits.contains(&date);
    let name = match fits {
        true => format!("{}, {}", cell.name, t.get("fits-group")),
        false => cell.name,
    };
    Cell { url: cell.url + marks.kept, name, fits, ..cell }
}

/// Folds consecutive months in which nobody can sleep in the hut.
#[must_use]
pub fn fold(t: Texts, months: Vec<Month>) -> Vec<Months> {
    let is_open = |month: &Month| month.content == Content::Nights;
    let mut groups: Vec<Vec<Month>> = Vec::new();
    for month in months {
        match groups.last_mut().filter(|group| group.last().map(is_open) == Some(is_open(&month))) {
            Some(group) => group.push(month),
            None => groups.push(vec![month]),
        }
    }
    let fold = |months: Vec<Month>| match months.iter().all(is_open) {
        true => Months::Open(months),
        false => Months::Folded { title: title_of_folded(t, &months), months },
    };
    groups.into_iter().map(fold).collect()
}

/// `November 2026 – April 2027: closed`
fn title_of_folded(t: Texts, months: &[Month]) -> String {
    let titles = match months {
        [first, .., last] => format!("{} – {}", first.title, last.title),
        months => months.iter().map(|month| month.title.clone()).collect(),
    };
    let has = |content| months.iter().any(|month| month.content == content);
    let id = match (has(Content::Closed), has(Content::Nothing)) {
        (true, false) => "months-closed",
        (true, true) => "months-closed-or-without-data",
        (false, _) => "months-without-data",
    };
    t.with(id, "months", titles).to_string()
}

/// A night as a cell.
#[must_use]
pub fn cell(slug: &str, date: NaiveDate, night: Option<&Night>, times: &Times) -> Cell {
    let Times { t, limits, .. } = times;
    let t = *t;
    let day = t.day(date);
    let (name, sign, class) = match night {
        Some(night) => {
            let is_old = limits.of_night(date, night) != Freshness::Current;
            let name = format!("{day}: {}", words(times, date, night));
            (name, sign(t, night) + if is_old { "!" } else { "" }, night.status().to_string())
        }
        None => (format!("{day}: {}", t.get("no-data")), "–".to_owned(), "none".to_owned()),
    };
    let url = format::night_url(slug, date);
    let is_today = date == limits.today;
    Cell { day: date.day(), url, name, sign, class, is_today, fits: false }
}

/// A night in words, with the age of its figures if they are old or of a night that is no longer listed.
#[must_use]
pub fn words(times: &Times, date: NaiveDate, night: &Night) -> String {
    let Times { t, limits, .. } = times;
    let mark = times::mark(*t, limits.of_night(date, night));
    let mut words = describe(*t, night);
    if night.is_withdrawn || mark.is_some() {
        let id = if night.is_withdrawn { "last-listed-ago" } else { "checked-ago" };
        words += &format!(", {}", t.with(id, "age", t.age(night.last_checked, limits.now)));
    }
    words.extend(mark.map(|mark| format!(", {mark}")));
    words
}

/// The signs that are not a number of places are in the legend.
fn sign(t: Texts, night: &Night) -> String {
    let state = night.state;
    let sign = match state.free {
        _ if state.is_closed() => CLOSED.into(),
        _ if night.must_ask() => t.get("sign-ask"),
        Some(_) if state.total == Some(0) => UNKNOWN.into(),
        Some(free) => free.to_string(),
        None => UNKNOWN.into(),
    };
    if night.is_withdrawn { sign + WITHDRAWN } else { sign }
}

#[cfg(test)]
mod tests;
