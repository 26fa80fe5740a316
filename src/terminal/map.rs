//! Renders many huts on a few dates: a table with a row for each hut and a column for each date, and the age of the row.

use std::ops::RangeInclusive;

use chrono::{Days, NaiveDate};
use comfy_table::{Cell, CellAlignment, Table};

use super::cell::{Form, cell, checked, legend, legend_of_colours, not_public};
use super::screen::Screen;
use crate::query::freshness::AgeLimits;
use crate::query::views::HutOnMap;
use crate::text::humanize::pluralize;
use crate::text::visible::visible;

/// Characters of a name on a narrow screen: enough to tell huts apart.
const SHORT_NAME_LEN: usize = 16;

/// The layouts, the widest first. The first one that fits the screen is used, or else the last one.
const LAYOUTS: [Layout; 4] = [
    Layout { slug: Slug::Shown, form: Form::Full, max_name_len: usize::MAX },
    Layout { slug: Slug::Hidden, form: Form::Full, max_name_len: usize::MAX },
    Layout { slug: Slug::Hidden, form: Form::Full, max_name_len: SHORT_NAME_LEN },
    Layout { slug: Slug::Hidden, form: Form::Short, max_name_len: SHORT_NAME_LEN },
];

#[derive(Clone, Copy)]
struct Layout {
    slug: Slug,
    form: Form,
    max_name_len: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slug {
    Shown,
    Hidden,
}

/// Renders the table of the huts, and a line with their number and the legend of the signs. `total` is the
/// number of huts before filtering.
#[must_use]
pub fn text(
    huts: &[HutOnMap],
    total: usize,
    dates: &RangeInclusive<NaiveDate>,
    limits: &AgeLimits,
    screen: Screen,
) -> String {
    let counts = if huts.len() == total {
        pluralize(total, "hut")
    } else {
        format!("{} of {}", huts.len(), pluralize(total, "hut"))
    };
    if huts.is_empty() {
        return format!("{counts}\n");
    }
    let fits = |table: &Table| screen.width.is_none_or(|width| width_of(table) <= width.into());
    let [layouts @ .., narrowest] = LAYOUTS;
    let found = layouts
        .into_iter()
        .map(|layout| (layout, table(huts, dates, limits, layout, screen)))
        .find(|(_, table)| fits(table));
    let (layout, table, left_out) = match found {
        Some((layout, table)) => (layout, table, 0),
        None => {
            let all = table(huts, dates, limits, narrowest, screen);
            let shown = fitting_dates(&all, screen);
            let last = dates.start().checked_add_days(Days::new(shown as u64 - 1));
            let last = last.unwrap_or(*dates.end());
            let table = table(huts, &(*dates.start()..=last), limits, narrowest, screen);
            (narrowest, table, (*dates.end() - last).num_days())
        }
    };
    let more = match left_out {
        0 => String::new(),
        count => {
            let dates = pluralize(usize::try_from(count).unwrap_or_default(), "more date");
            format!("{dates}: a wider terminal, or --output csv, shows them\n")
        }
    };
    let legend = legend(layout.form);
    format!("{}\n{more}{counts}; {legend}\n{}", table.trim_fmt(), legend_of_colours(screen))
}

/// The number of dates for which the screen has room, at least one. Their columns lie between the name and the country
/// of the hut, and the age.
fn fitting_dates(table: &Table, screen: Screen) -> usize {
    let widths: Vec<usize> =
        table.column_max_content_widths().into_iter().map(|width| usize::from(width) + 2).collect();
    let [name, country, dates @ .., age] = &widths[..] else { return 1 };
    let mut room = screen.width.map_or(usize::MAX, usize::from) + 1;
    room = room.saturating_sub(name + country + age);
    let fits = |width: &&usize| {
        let is_left = **width <= room;
        room = room.saturating_sub(**width);
        is_left
    };
    dates.iter().take_while(fits).count().max(1)
}

/// Characters in a row, without the padding after the last column.
fn width_of(table: &Table) -> usize {
    let widths = table.column_max_content_widths();
    let padding = 2 * widths.len();
    widths.into_iter().map(usize::from).sum::<usize>() + padding - 1
}

fn table(
    huts: &[HutOnMap],
    dates: &RangeInclusive<NaiveDate>,
    limits: &AgeLimits,
    layout: Layout,
    screen: Screen,
) -> Table {
    let mut table = screen.table();
    let dates = || dates.start().iter_days().take_while(|date| date <= dates.end());
    let heads = ["HUT", "SLUG", ""].into_iter().filter(|head| is_shown(head, layout));
    let days =
        dates().map(|date| Cell::new(head(date, layout.form)).set_alignment(CellAlignment::Right));
    table.set_header(heads.map(Cell::new).chain(days).chain([Cell::new("CHECKED")]));
    for hut in huts {
        let country = hut.hut.country.as_deref().unwrap_or_default();
        let name = shortened(&visible(&hut.hut.name), layout.max_name_len);
        let mut row = vec![Cell::new(name + not_public(hut.hut.is_public))];
        if layout.slug == Slug::Shown {
            row.push(Cell::new(visible(&hut.hut.slug)));
        }
        row.push(Cell::new(visible(country)));
        let mut nights = hut.days.iter().peekable();
        for date in dates() {
            let night = nights.next_if(|(night_date, _)| *night_date == date);
            row.push(cell(night.map(|(_, night)| night), layout.form));
        }
        row.push(Cell::new(checked(&hut.days, limits, layout.form)));
        table.add_row(row);
    }
    table
}

fn is_shown(head: &str, layout: Layout) -> bool {
    head != "SLUG" || layout.slug == Slug::Shown
}

/// The heading of a date: `Sat 15.8.`, in two lines if columns are narrow.
fn head(date: NaiveDate, form: Form) -> String {
    match form {
        Form::Full => date.format("%a %-d.%-m.").to_string(),
        Form::Short => date.format("%a\n%-d.").to_string(),
    }
}

fn shortened(name: &str, max_len: usize) -> String {
    if name.chars().count() <= max_len {
        return name.to_owned();
    }
    name.chars().take(max_len - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::state::{ReservationStatus, State};
    use crate::query::views::dates;
    use crate::terminal::sample::{coloured, date, head, hut, limits, state};

    fn huts() -> Vec<HutOnMap> {
        let closed = state(0, 0);
        let not_online = State { reservation_status: ReservationStatus::NotOnline, ..state(3, 10) };
        vec![
            hut(
                head(1, "Blüemlisalphütte SAC", Some("CH")),
                "2026-12-30",
                &[state(100, 100), state(70, 100), state(40, 100), state(9, 100)],
            ),
            hut(head(2, "Watzmannhaus", Some("DE")), "2026-12-31", &[state(0, 102), closed]),
            hut(head(3, "Hütte ohne Land", None), "2027-01-02", &[not_online]),
        ]
    }

    fn rendered(screen: Screen) -> String {
        let dates = dates(date("2026-12-30"), 4);
        text(&huts(), 24, &dates, &limits(), screen)
    }

    #[test]
    fn each_hut_is_a_row_and_each_date_a_column() {
        insta::assert_snapshot!(rendered(Screen::PLAIN), @r"
         HUT                   SLUG                        Wed 30.12.  Thu 31.12.  Fri 1.1.  Sat 2.1.  CHECKED
         Blüemlisalphütte SAC  blueemlisalphuette-sac  CH     100/100      70/100    40/100     9/100  1 hour ago
         Watzmannhaus          watzmannhaus            DE           ·        full    closed         ·  1 hour ago
         Hütte ohne Land       huette-ohne-land                     ·           ·         ·     3/10*  1 hour ago
        3 of 24 huts; free/all places; * not bookable online; ask: bookable, number not published; ? not known; † no longer listed; · nothing stored
        ");
    }

    #[test]
    fn cells_are_coloured_on_a_terminal_with_colours() {
        insta::assert_snapshot!(rendered(coloured(None)).replace('\x1b', "^"), @r"
         HUT                   SLUG                        Wed 30.12.  Thu 31.12.  Fri 1.1.  Sat 2.1.  CHECKED
         Blüemlisalphütte SAC  blueemlisalphuette-sac  CH ^[48;5;41m^[38;5;16m    100/100 ^[49m^[39m^[48;5;150m^[38;5;16m     70/100 ^[49m^[39m^[48;5;221m^[38;5;16m   40/100 ^[49m^[39m^[48;5;209m^[38;5;16m    9/100 ^[49m^[39m 1 hour ago
         Watzmannhaus          watzmannhaus            DE           · ^[48;5;203m^[38;5;16m       full ^[49m^[39m^[2m   closed ^[0m        ·  1 hour ago
         Hütte ohne Land       huette-ohne-land                     ·           ·         · ^[48;5;209m^[38;5;16m    3/10* ^[49m^[39m 1 hour ago
        3 of 24 huts; free/all places; * not bookable online; ask: bookable, number not published; ? not known; † no longer listed; · nothing stored
        ^[48;5;41m^[38;5;16m empty 0 % ^[49m^[39m^[48;5;150m^[38;5;16m low up to 37 % ^[49m^[39m^[48;5;221m^[38;5;16m medium up to 62 % ^[49m^[39m^[48;5;209m^[38;5;16m high above 62 % ^[49m^[39m^[48;5;203m^[38;5;16m full 100 % taken ^[49m^[39m
        ");
    }

    #[test]
    fn rows_are_shorter_on_a_narrow_terminal() {
        let fits = |width| {
            let rendered = rendered(Screen { width: Some(width), ..Screen::PLAIN });
            let widest = rendered.lines().take(4).map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width.into(), "{width}: {rendered}");
            rendered
        };
        assert!(!fits(75).contains("blueemlisalphuette-sac"));
        assert!(fits(66).contains("Blüemlisalphütt…"));
        insta::assert_snapshot!(fits(50), @r"
         HUT                   Wed  Thu  Fri  Sat  CHECKED
                               30.  31.   1.   2.
         Blüemlisalphütt…  CH  100   70   40    9  1 h
         Watzmannhaus      DE    ·    0    x    ·  1 h
         Hütte ohne Land         ·    ·    ·   3*  1 h
        3 of 24 huts; free places; x closed; * not bookable online; ask: bookable, number not published; ? not known; † no longer listed; · nothing stored
        ");
    }

    #[test]
    fn an_empty_map_is_one_line() {
        let dates = dates(date("2026-12-30"), 4);
        assert_eq!(text(&[], 24, &dates, &limits(), Screen::PLAIN), "0 of 24 huts\n");
    }

    #[test]
    fn control_characters_in_a_name_do_not_reach_the_terminal() {
        let mut hostile = huts();
        hostile[0].hut.name = "\x1b[2J\nHut\u{202e}".into();
        let rendered = text(&hostile, 3, &dates(date("2026-12-30"), 1), &limits(), Screen::PLAIN);
        assert!(rendered.contains(r"\u{1b}[2J\nHut\u{202e}"), "{rendered}");
        assert!(
            !rendered.contains(['\x1b', '\u{202e}']) && rendered.lines().count() == 5,
            "{rendered}"
        );
    }
}
