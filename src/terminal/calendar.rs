//! Renders calendar months as a heat map: a row for each week, Monday first.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{Datelike, Days, Months, NaiveDate};
use comfy_table::{Attribute, Cell, CellAlignment, ColumnConstraint, Table, Width};

use super::cell::{Form, cell};
use super::screen::Screen;
use crate::query::night::Night;

/// Widths in characters: the label of a week (its first day), a day, and the gap between two months.
const LABEL: u16 = 9;
const DAY: u16 = 4;
const GAP: u16 = 2;
const MONTH: u16 = LABEL + 7 * DAY + GAP;

/// Characters in a line if the output is not a terminal.
const PLAIN_WIDTH: u16 = 80;

/// The most weeks that a month touches. Every month has this many rows, so that months fit side by side.
const MAX_WEEKS: usize = 6;

const DAYS_OF_WEEK: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// Extends a range of dates to whole months.
#[must_use]
pub fn whole_months(dates: &RangeInclusive<NaiveDate>) -> RangeInclusive<NaiveDate> {
    let first = first_of_month(*dates.start());
    let last = first_of_month(*dates.end()).checked_add_months(Months::new(1));
    first..=last.and_then(|next| next.pred_opt()).unwrap_or(*dates.end())
}

/// Renders the months that contain `dates`, as many side by side as the screen has room for. The date
/// `marked` is underlined if the screen has colours.
#[must_use]
pub fn text(
    nights: &BTreeMap<NaiveDate, Night>,
    dates: &RangeInclusive<NaiveDate>,
    marked: NaiveDate,
    screen: Screen,
) -> String {
    let months: Vec<NaiveDate> = months(dates).collect();
    let side_by_side = ((screen.width.unwrap_or(PLAIN_WIDTH) + GAP) / MONTH).max(1);
    let bands = months.chunks(side_by_side.into());
    let rendered: Vec<String> =
        bands.map(|months| band(months, nights, marked, screen).trim_fmt() + "\n").collect();
    rendered.join("\n")
}

fn months(dates: &RangeInclusive<NaiveDate>) -> impl Iterator<Item = NaiveDate> {
    let (first, last) = (first_of_month(*dates.start()), *dates.end());
    (0..)
        .map_while(move |n| first.checked_add_months(Months::new(n)).filter(|month| *month <= last))
}

fn first_of_month(date: NaiveDate) -> NaiveDate {
    date - Days::new(date.day0().into())
}

/// The weeks of a month, from Monday to Sunday. Days of other months are `None`.
fn weeks(month: NaiveDate) -> impl Iterator<Item = [Option<NaiveDate>; 7]> {
    let days_before = i32::try_from(month.weekday().num_days_from_monday()).unwrap_or_default();
    let date_in_month = move |day: i32| {
        let day = u32::try_from(day - days_before + 1).ok()?;
        month.with_day(day)
    };
    (0..)
        .map(move |week| std::array::from_fn(|day| date_in_month(week * 7 + day as i32)))
        .take_while(|week: &[Option<NaiveDate>; 7]| week.iter().any(Option::is_some))
}

/// The table of months side by side.
fn band(
    months: &[NaiveDate],
    nights: &BTreeMap<NaiveDate, Night>,
    marked: NaiveDate,
    screen: Screen,
) -> Table {
    let mut table = screen.table();
    let head = |month: &NaiveDate| {
        let month = Cell::new(month.format("%b %Y"));
        std::iter::once(month).chain(DAYS_OF_WEEK.map(Cell::new)).collect::<Vec<_>>()
    };
    table.set_header(months.iter().flat_map(head));
    let mut weeks: Vec<_> = months.iter().map(|month| weeks(*month)).collect();
    for _ in 0..MAX_WEEKS {
        let week: Vec<_> = weeks.iter_mut().map(Iterator::next).collect();
        if week.iter().all(Option::is_none) {
            break;
        }
        table.add_row(week.into_iter().flat_map(|week| row(week, nights, marked)));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        let (padding, width) = match index % 8 {
            0 if index == 0 => ((0, 1), LABEL),
            0 => ((GAP, 1), GAP + LABEL),
            _ => ((1, 0), DAY),
        };
        column.set_padding(padding);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// The cells of a week: its first day as the label, then its days. Cells after the end of a month are blank.
fn row(
    week: Option<[Option<NaiveDate>; 7]>,
    nights: &BTreeMap<NaiveDate, Night>,
    marked: NaiveDate,
) -> Vec<Cell> {
    let week = week.unwrap_or_default();
    let first = week.iter().flatten().next();
    let label = first.map(|date| format!("{}.", date.day())).unwrap_or_default();
    let day = |date: NaiveDate| {
        let cell = cell(nights.get(&date), Form::Short);
        if date == marked { cell.add_attribute(Attribute::Underlined) } else { cell }
    };
    let days = week.into_iter().map(|date| date.map_or_else(|| Cell::new(""), day));
    std::iter::once(Cell::new(label)).chain(days).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::views;
    use crate::terminal::sample::{coloured, date, night, state};

    fn calendar(from: &str, days: u16, screen: Screen) -> String {
        let dates = views::dates(date(from), days);
        let states = [state(7, 100), state(0, 100), state(0, 0), state(100, 100)];
        let nights = date(from).iter_days().zip(states.map(night));
        text(&nights.collect(), &dates, date(from), screen)
    }

    #[test]
    fn a_month_starts_on_its_weekday() {
        insta::assert_snapshot!(calendar("2026-07-10", 14, Screen::PLAIN), @r"
        Jul 2026   Mo  Tu  We  Th  Fr  Sa  Su
              1.            ·   ·   ·   ·   ·
              6.    ·   ·   ·   ·   7   0   x
             13.  100   ·   ·   ·   ·   ·   ·
             20.    ·   ·   ·   ·   ·   ·   ·
             27.    ·   ·   ·   ·   ·
        ");
    }

    #[test]
    fn months_are_side_by_side_across_the_end_of_a_year() {
        insta::assert_snapshot!(calendar("2026-12-30", 14, Screen::PLAIN), @r"
        Dec 2026   Mo  Tu  We  Th  Fr  Sa  Su  Jan 2027   Mo  Tu  We  Th  Fr  Sa  Su
              1.        ·   ·   ·   ·   ·   ·        1.                    x 100   ·
              7.    ·   ·   ·   ·   ·   ·   ·        4.    ·   ·   ·   ·   ·   ·   ·
             14.    ·   ·   ·   ·   ·   ·   ·       11.    ·   ·   ·   ·   ·   ·   ·
             21.    ·   ·   ·   ·   ·   ·   ·       18.    ·   ·   ·   ·   ·   ·   ·
             28.    ·   ·   7   0                   25.    ·   ·   ·   ·   ·   ·   ·
        ");
    }

    #[test]
    fn a_leap_year_has_29_february() {
        insta::assert_snapshot!(calendar("2028-02-28", 2, Screen::PLAIN), @r"
        Feb 2028   Mo  Tu  We  Th  Fr  Sa  Su
              1.        ·   ·   ·   ·   ·   ·
              7.    ·   ·   ·   ·   ·   ·   ·
             14.    ·   ·   ·   ·   ·   ·   ·
             21.    ·   ·   ·   ·   ·   ·   ·
             28.    7   0
        ");
        let february = weeks(date("2027-02-01"));
        assert_eq!(february.flatten().flatten().last(), Some(date("2027-02-28")));
    }

    #[test]
    fn a_year_of_dates_touches_twelve_or_thirteen_months() {
        let months = |from: &str| months(&views::dates(date(from), 365)).count();
        assert_eq!((months("2027-01-01"), months("2027-01-02")), (12, 13));
        assert_eq!(months("2028-01-01"), 12, "to 30 December");
        let narrow = Screen { width: Some(20), ..Screen::PLAIN };
        assert_eq!(calendar("2027-01-01", 365, narrow).matches("Mo").count(), 12);
    }

    #[test]
    fn dates_are_extended_to_whole_months() {
        let months_of = |from, days| whole_months(&views::dates(date(from), days));
        assert_eq!(months_of("2026-12-30", 14), date("2026-12-01")..=date("2027-01-31"));
        assert_eq!(months_of("2028-02-29", 1), date("2028-02-01")..=date("2028-02-29"));
    }

    #[test]
    fn days_are_coloured_on_a_terminal_with_colours() {
        let rendered = calendar("2026-07-10", 14, coloured(Some(80))).replace('\x1b', "^");
        insta::assert_snapshot!(rendered, @r"
        Jul 2026   Mo  Tu  We  Th  Fr  Sa  Su
              1.            ·   ·   ·   ·   ·
              6.    ·   ·   ·   ·^[48;5;209m^[38;5;16m^[4m   7^[0m^[48;5;203m^[38;5;16m   0^[49m^[39m^[2m   x^[0m
             13. ^[48;5;41m^[38;5;16m 100^[49m^[39m   ·   ·   ·   ·   ·   ·
             20.    ·   ·   ·   ·   ·   ·   ·
             27.    ·   ·   ·   ·   ·
        ");
    }
}
