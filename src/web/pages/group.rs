//! The fields of a group in a form: when it may arrive, and how many places it needs. Pure functions.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{NaiveDate, Weekday, WeekdaySet};

use super::calendar::weekdays as weekdays_of;
use super::params::Params;
use crate::domain::stay::{DEFAULT_ARRIVALS, Group, after, parse_weekdays};
use crate::query::date;
use crate::text::texts::Texts;
use crate::web::problem::Problem;

/// The most people, as in the API.
pub const MAX_PLACES: u16 = 999;

/// Reads the parameters `from`, `to`, `places` and `weekday`.
///
/// # Errors
/// A parameter is not valid; the problem names it.
pub fn read(params: &Params, today: NaiveDate) -> Result<Group, Problem> {
    let parse = |text: &str| date::parse(text, today);
    let first = params.parsed("from", parse)?.unwrap_or(today);
    let last = params.parsed("to", parse)?;
    let last = last.unwrap_or_else(|| after(first, DEFAULT_ARRIVALS - 1));
    let places = number(params, "places", MAX_PLACES)?;
    let bad = |name: &'static str, error: &dyn Display| {
        Problem::bad_parameter(name, format!("{name}: {error}"))
    };
    let weekdays = weekdays(params).map_err(|error| bad("weekday", &error))?;
    Group::new((first, last), weekdays, places).map_err(|error| bad("to", &error))
}

fn weekdays(params: &Params) -> Result<WeekdaySet, String> {
    parse_weekdays(&params.list("weekday"))
}

/// A whole number from 1 to `max`; 1 if it is not given.
///
/// # Errors
/// The value is another one; the problem names the parameter.
pub fn number(params: &Params, name: &'static str, max: u16) -> Result<u16, Problem> {
    let number = params.parsed(name, |text| {
        let number = u16::from_str(text).ok().filter(|number| (1..=max).contains(number));
        number.ok_or_else(|| format!("expected a whole number from 1 to {max}, got {text:?}"))
    })?;
    Ok(number.unwrap_or(1))
}

/// A box of the form for a weekday.
pub struct WeekdayBox {
    /// As the parameter `weekday` says it.
    pub value: String,
    pub label: String,
    pub is_checked: bool,
}

/// The boxes of all weekdays. None is checked if the group may arrive on all of them.
#[must_use]
pub fn weekday_boxes(t: Texts, params: &Params) -> Vec<WeekdayBox> {
    let chosen = weekdays(params).ok().filter(|set| *set != WeekdaySet::ALL);
    let weekday_box = |(weekday, (short, _)): (Weekday, (String, String))| WeekdayBox {
        value: weekday.to_string().to_lowercase(),
        label: short,
        is_checked: chosen.is_some_and(|set| set.contains(weekday)),
    };
    WeekdaySet::ALL.iter(Weekday::Mon).zip(weekdays_of(t)).map(weekday_box).collect()
}
