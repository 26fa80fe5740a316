//! Parses a page of the site as an answer for one structure: what it says of its nights.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use serde_json::Value;

use super::page::Page;
use super::season::{Season, next_request, untold};
use super::values::{ByNight, Found, Number, Word, read, tree};
use crate::domain::availability::{Adjustments, SiteDay, SiteStatus};
use crate::domain::unknown_values::UnknownValues;
use crate::sites::error::SourceError;

/// The only word of the calendar that was captured.
const OPEN: &str = "OPEN";

/// What one page says of the nights of a structure.
#[derive(Debug, Default)]
pub struct Nights {
    pub days: Vec<SiteDay>,
    /// The night to ask for next; None if the page has all that is sold of the asked nights.
    pub next: Option<NaiveDate>,
    pub adjustments: Adjustments,
    pub unknown_values: UnknownValues,
}

/// Reads the answer to a request for the month of the first of `dates`. Each night of a check is taken from one answer:
/// those before `dates`, and from `next` on, are left out.
///
/// # Errors
/// Like [`Page::scan`]. `Malformed` if the page is for another structure, if it has no free places, or if a number
/// of places is of a wrong type.
pub fn parse(
    body: &[u8],
    structure: &str,
    dates: &RangeInclusive<NaiveDate>,
) -> Result<Nights, SourceError> {
    let page = Page::scan(body)?;
    check_structure(&page, structure)?;
    let Found::Object(free) = read::<Number>(&page, "globalAvailability")? else {
        return Err(page.malformed("globalAvailability", "expected the free places of each night"));
    };
    if free.nights.is_empty()
        && let Some(first) = &free.adjustments.first
    {
        return Err(page.malformed("globalAvailability", format!("no key is a date: {first}")));
    }
    let (mut adjustments, mut unknown_values) = (free.adjustments, UnknownValues::default());
    let stock =
        published(read::<Number>(&page, "globalStock")?, "globalStock", &mut unknown_values);
    let calendar =
        published(read::<Word>(&page, "openingCalendar")?, "openingCalendar", &mut unknown_values);
    let Terms { season, shows_numbers } =
        terms(&page, structure, &mut adjustments, &mut unknown_values)?;

    let mut told: BTreeSet<NaiveDate> = free.nights.keys().copied().collect();
    told.extend(calendar.iter().flat_map(|calendar| calendar.nights.keys()));
    let untold = untold(*dates.start(), &told);
    let mut days = Vec::new();
    for night in told.range(dates.start()..&untold).filter(|night| dates.contains(night)) {
        let word = calendar.as_ref().map(|calendar| calendar.nights.get(night));
        // A night outside what is sold, or outside the calendar, is not offered.
        if !season.contains(*night) || word == Some(None) {
            continue;
        }
        let free = free.nights.get(night).and_then(|number| number.0);
        let (free, mut status) =
            if shows_numbers { (free, SiteStatus::Unsaid) } else { (None, possible_or_not(free)) };
        if is_closed(word.flatten(), &mut unknown_values) {
            status = SiteStatus::Closed;
        }
        let total = stock.as_ref().and_then(|stock| stock.nights.get(night)?.0);
        // The site does not publish by night whether there is a warden.
        days.push(SiteDay { date: *night, free, total, status, unattended: false });
    }
    for other in [stock.map(|stock| stock.adjustments), calendar.map(|words| words.adjustments)] {
        adjustments.append(other.unwrap_or_default());
    }
    let next = next_request(&season, untold, *dates.end());
    Ok(Nights { days, next, adjustments, unknown_values })
}

/// Checks that the page is for the structure, because no other value names it.
fn check_structure(page: &Page<'_>, structure: &str) -> Result<(), SourceError> {
    let json = page.json("structure")?.unwrap_or("null");
    match serde_json::from_str::<Value>(json) {
        Ok(Value::String(answered)) if answered == structure => Ok(()),
        Ok(other) => {
            let problem = format!("{other} in place of the requested structure {structure:?}");
            Err(page.malformed("structure", problem))
        }
        Err(error) => Err(page.malformed("structure", error)),
    }
}

/// An object that the site may leave out. A value of another type counts as left out.
fn published<V>(
    found: Found<ByNight<V>>,
    name: &str,
    unknown: &mut UnknownValues,
) -> Option<ByNight<V>> {
    match found {
        Found::Nothing => None,
        Found::Object(object) => Some(object),
        Found::Other(value) => {
            unknown.add(name, &value);
            None
        }
    }
}

/// What the site's list says of a structure.
struct Terms {
    season: Season,
    /// Whether free places are numbers to show, or only say whether a night can be booked.
    shows_numbers: bool,
}

fn terms(
    page: &Page<'_>,
    structure: &str,
    adjustments: &mut Adjustments,
    unknown: &mut UnknownValues,
) -> Result<Terms, SourceError> {
    let list = match tree(page, "structuresList")? {
        Found::Nothing => None,
        Found::Object(list) => Some(list),
        Found::Other(value) => {
            unknown.add("structuresList", &value);
            None
        }
    };
    let entry = list.as_ref().and_then(|list| list.get(structure)?.as_object());
    let season = entry.map(|entry| Season::read(entry, adjustments)).unwrap_or_default();
    let shown = entry.and_then(|entry| entry.get("showAvailable")).filter(|shown| !shown.is_null());
    let shows_numbers = match (shown, page.json("showAvailable")?) {
        (Some(shown), _) => is_yes(shown),
        (None, Some(of_page)) => serde_json::from_str(of_page).is_ok_and(|shown| is_yes(&shown)),
        (None, None) => true,
    };
    Ok(Terms { season, shows_numbers })
}

/// Whether a flag is set. The site writes `"1"` in its list, and `true` on its page.
fn is_yes(flag: &Value) -> bool {
    match flag {
        Value::Bool(flag) => *flag,
        Value::String(text) => text.trim() == "1",
        Value::Number(number) => number.as_i64() == Some(1),
        _ => false,
    }
}

/// What a number says that is not published as a number.
fn possible_or_not(free: Option<i64>) -> SiteStatus {
    match free {
        None => SiteStatus::Unsaid,
        Some(1..) => SiteStatus::Available,
        Some(_) => SiteStatus::Full,
    }
}

/// Whether the calendar has another word than OPEN for a night. Such a word is counted, because none was captured. A
/// value that is not a word is counted, and closes nothing.
fn is_closed(word: Option<&Word>, unknown: &mut UnknownValues) -> bool {
    match word {
        None | Some(Word::Nothing) => false,
        Some(Word::Text(word)) if word == OPEN => false,
        Some(Word::Text(word)) => {
            unknown.add("openingCalendar", word);
            true
        }
        Some(Word::Other(value)) => {
            unknown.add("openingCalendar", value);
            false
        }
    }
}

#[cfg(test)]
mod tests;
