//! The grid of huts and nights. Pure functions.

use chrono::NaiveDate;

use super::answer::HutAnswer;
use super::question::Question;
use crate::domain::stay::{Stay, after};
use crate::query::fit::Fit;
use crate::query::night::Night;
use crate::text::texts::Texts;
use crate::web::pages::calendar::words;
use crate::web::pages::format;
use crate::web::pages::night_columns::NightColumn;
use crate::web::pages::params::Params;
use crate::web::pages::times::{Moment, Times};

/// A hut with its nights.
pub struct Row {
    pub url: String,
    pub name: String,
    pub country: Option<String>,
    /// `2,450 m`
    pub elevation: Option<String>,
    /// `12.3 km`
    pub distance: Option<String>,
    /// If the hut may have room for the group.
    pub booking_link: Option<String>,
    pub checked: Option<Moment>,
    pub cells: Vec<Cell>,
}

/// A night of a hut.
pub struct Cell {
    pub url: String,
    /// The free places, or a sign.
    pub sign: String,
    /// The CSS class: whether the night can take the group.
    pub class: &'static str,
    /// In words, for screen readers and as a tooltip.
    pub label: String,
    /// Whether the night is one of a stay of the question that has room.
    pub is_of_stay: bool,
    pub weekday: String,
}

/// A hut as a row of the grid.
#[must_use]
pub fn row(
    answer: &HutAnswer<'_>,
    question: &Question,
    columns: &[NightColumn],
    times: &Times,
) -> Row {
    let t = times.t;
    let HutAnswer { hut, .. } = answer;
    let name = format::text(&hut.hut.name);
    let link = Params::default().link_with(&[
        ("night", &question.from().to_string()),
        ("nights", &question.nights.to_string()),
        ("places", &question.group.places.to_string()),
    ]);
    let is_of_stay = |date: NaiveDate| {
        let holds =
            |stay: &Stay| stay.arrival <= date && date < after(stay.arrival, question.nights);
        answer.stays.iter().any(holds)
    };
    let cell = |column: &NightColumn| {
        let date = column.date;
        let night = answer.night(date);
        Cell {
            url: format::night_url(&hut.hut.slug, date),
            sign: sign(t, night),
            class: class(night, question.group.places),
            label: label(times, date, night, &name),
            is_of_stay: is_of_stay(date),
            weekday: column.weekday.clone(),
        }
    };
    let shown = hut.last_success.map(|at| times.checked_at(question.from(), at, hut.tier));
    Row {
        url: format!("{}{link}", format::hut_url(&hut.hut.slug)),
        country: hut.hut.country.as_deref().map(|code| format::country(t, code)),
        elevation: hut.elevation.map(|metres| t.with("metres", "metres", metres).to_string()),
        distance: (answer.distance_km)
            .map(|km| t.with("kilometres", "km", t.decimal(km, 1)).to_string()),
        booking_link: format::web_link(hut.link.as_deref()).filter(|_| answer.may_have_room()),
        checked: shown,
        cells: columns.iter().map(cell).collect(),
        name,
    }
}

/// The free places of a night, or a word for it.
fn sign(t: Texts, night: Option<&Night>) -> String {
    let Some(night) = night.filter(|night| !night.is_withdrawn) else { return "–".into() };
    match night.state.free {
        _ if night.state.is_closed() => "×".into(),
        _ if night.must_ask() => t.get("sign-ask"),
        Some(_) if night.state.total == Some(0) => "?".into(),
        Some(free) => free.to_string(),
        None => "?".into(),
    }
}

fn class(night: Option<&Night>, places: u16) -> &'static str {
    match night.map(|night| Fit::of(night, places)) {
        Some(Fit::Fits) => "room",
        Some(Fit::Ask) => "ask",
        Some(Fit::Full) => "taken",
        Some(Fit::Closed) => "shut",
        Some(Fit::Unknown) | None => "none",
    }
}

fn label(times: &Times, date: NaiveDate, night: Option<&Night>, name: &str) -> String {
    let t = times.t;
    let words = night.map_or_else(|| t.get("no-data"), |night| words(times, date, night));
    format!("{name}, {}: {words}", t.day(date))
}
