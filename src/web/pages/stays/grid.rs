//! The grid of huts and nights. Pure functions.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::stay::{Group, after};
use crate::query::stay_fields::HutStays;
use crate::text::texts::Texts;
use crate::web::pages::format;
use crate::web::pages::night_columns::NightColumn;
use crate::web::pages::times::{Moment, Times};

/// A hut with its nights.
pub struct Row {
    pub url: String,
    pub name: String,
    pub country: Option<String>,
    /// `12.3 km`
    pub distance: Option<String>,
    pub booking_link: Option<String>,
    pub checked: Option<Moment>,
    /// For each column: the night, if it is one of a stay.
    pub cells: Vec<Option<Cell>>,
}

/// A night that is one of a stay.
pub struct Cell {
    pub url: String,
    pub free: i16,
    /// In words, for screen readers.
    pub label: String,
    pub is_arrival: bool,
}

/// The nights of all stays that the group may make, whether a hut has room or not.
#[must_use]
pub fn columns(t: Texts, group: &Group, nights: u16) -> Vec<NightColumn> {
    let nights_of = |arrival: NaiveDate| (0..nights).map(move |night| after(arrival, night));
    let dates: BTreeSet<NaiveDate> = group.days().flat_map(nights_of).collect();
    dates.into_iter().map(|date| NightColumn::new(t, date)).collect()
}

/// A hut as a row of the grid.
#[must_use]
pub fn row(HutStays { hut, stays }: &HutStays, dates: &[NaiveDate], times: &Times) -> Row {
    let t = times.t;
    let name = format::text(&hut.name);
    let mut cells: Vec<Option<Cell>> = dates.iter().map(|_| None).collect();
    for stay in stays {
        for (night, free) in (0..).zip(&stay.free) {
            let date = after(stay.arrival, night);
            let Ok(column) = dates.binary_search(&date) else { continue };
            let is_arrival =
                night == 0 || cells[column].as_ref().is_some_and(|cell| cell.is_arrival);
            let is_first = is_arrival && stay.free.len() > 1;
            let id = if is_first { "cell-of-arrival" } else { "cell-of-night" };
            cells[column] = Some(Cell {
                url: format::night_url(&hut.slug, date),
                free: *free,
                label: (t.with(id, "free", *free))
                    .and("date", t.day(date))
                    .and("hut", name.as_str())
                    .to_string(),
                is_arrival,
            });
        }
    }
    let first = stays.first().map(|stay| stay.arrival);
    let checked = hut.last_checked.zip(first);
    Row {
        url: format::hut_url(&hut.slug),
        country: hut.country.clone(),
        distance: (hut.distance_km)
            .map(|km| t.with("kilometres", "km", t.decimal(km, 1)).to_string()),
        booking_link: format::web_link(hut.link.as_deref()),
        checked: checked.map(|(at, date)| times.checked_at(date, at, hut.tier)),
        cells,
        name,
    }
}
