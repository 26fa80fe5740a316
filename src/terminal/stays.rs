//! Renders stays and tours: a table with a row for each of them, or CSV.

use chrono::{DateTime, Utc};
use comfy_table::{Cell, CellAlignment};

use super::cell::not_public;
use super::screen::{Narrowing, Screen};
use crate::query::stay_fields::{StayList, TourFields, TourList, TourStage};
use crate::text::humanize::{age, day, pluralize};
use crate::text::visible::visible;

/// The table of the stays, and a line with their number.
#[must_use]
pub fn stays_text(list: &StayList, now: DateTime<Utc>, screen: Screen) -> String {
    let counts = counted(list.stays.len(), list.found, "stay");
    if list.stays.is_empty() {
        return counts;
    }
    let has_distances = list.stays.iter().any(|stay| stay.hut.distance_km.is_some());
    let columns = |texts: [String; 9]| {
        let shown = [true, true, true, true, true, true, has_distances, true, true];
        texts.into_iter().zip(shown).filter_map(|(text, is_shown)| is_shown.then_some(text))
    };
    let head =
        ["ARRIVAL", "DEPARTURE", "HUT", "SLUG", "FREE", "METRES", "KM", "CHECKED", "BOOK AT"];
    let mut table = screen.table();
    table.set_header(columns(head.map(str::to_owned)));
    for stay in &list.stays {
        let hut = &stay.hut;
        let number = |number: Option<String>| number.unwrap_or_default();
        table.add_row(columns([
            day(stay.arrival),
            day(stay.departure),
            visible(&hut.name),
            visible(&hut.slug) + not_public(hut.is_public),
            stay.free.to_string(),
            number(hut.elevation.map(|metres| metres.to_string())),
            number(hut.distance_km.map(|km| format!("{km:.1}"))),
            number(hut.last_checked.map(|at| age(at, now))),
            visible(hut.link.as_deref().unwrap_or_default()),
        ]));
    }
    for number in [4, 5] {
        if let Some(column) = table.column_mut(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    // Without the links, the departures, the ages and the elevations.
    let narrowing = match has_distances {
        true => Narrowing { drop: &[8, 1, 7, 5], shorten: &[2, 3] },
        false => Narrowing { drop: &[7, 1, 6, 5], shorten: &[2, 3] },
    };
    format!("{}\n{counts}", screen.fit(table, &narrowing))
}

/// The table of the tours, with a column for each stage, and a line with their number. Where the table does not fit the
/// screen, each tour has a line for each stage.
#[must_use]
pub fn tours_text(list: &TourList, screen: Screen) -> String {
    let counts = counted(list.tours.len(), list.found, "tour");
    let Some(first) = list.tours.first() else { return counts };
    let table = tours_table(list, first, screen);
    let is_too_wide = |width: u16| table.lines().any(|line| line.chars().count() > width.into());
    match screen.width.is_some_and(is_too_wide) {
        true => tours_lines(list) + &counts,
        false => format!("{table}\n{counts}"),
    }
}

fn tours_lines(list: &TourList) -> String {
    let mut text = String::new();
    for tour in &list.tours {
        text += &format!("{} to {}\n", day(tour.start), day(tour.end));
        for (number, stage) in (1..).zip(&tour.stages) {
            text += &format!("  {number}  {}\n", alternatives(stage));
        }
    }
    text
}

/// `hut-a (12), hut-b (3)`: the huts of a stage that have room, and how many places are free.
fn alternatives(stage: &TourStage) -> String {
    let stays = stage.stays.iter().map(|stay| {
        let hidden = not_public(stay.hut.is_public);
        format!("{} ({}){hidden}", visible(&stay.hut.slug), stay.free)
    });
    stays.collect::<Vec<_>>().join(", ")
}

fn tours_table(list: &TourList, first: &TourFields, screen: Screen) -> String {
    let mut table = screen.table();
    let stages = (1..=first.stages.len()).map(|number| format!("STAGE {number}"));
    let heads = ["START".to_owned(), "END".to_owned()].into_iter().chain(stages);
    table.set_header(heads.map(Cell::new));
    for tour in &list.tours {
        let stages = tour.stages.iter().map(alternatives);
        table.add_row([day(tour.start), day(tour.end)].into_iter().chain(stages));
    }
    table.trim_fmt()
}

/// `12 stays`, or `100 of 230 stays`.
fn counted(listed: usize, found: usize, noun: &str) -> String {
    if listed == found {
        return format!("{}\n", pluralize(found, noun));
    }
    format!("{listed} of {}; --limit shows more\n", pluralize(found, noun))
}
