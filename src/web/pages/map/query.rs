//! The parsed parameters of the map. Pure functions.

use chrono::{Days, NaiveDate};
use strum::{Display, VariantArray};

use crate::query::date;
use crate::query::hut_filter::HutFilter;
use crate::web::pages::format::Label;
use crate::web::pages::params::Params;
use crate::web::problem::Problem;

/// The last day of the slider, in days from today: a season. The date field accepts any date.
pub const LAST_DAY_OF_SLIDER: u16 = 90;

/// The parsed parameters of the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub date: NaiveDate,
    pub huts: HutFilter,
    pub min_free: u16,
    /// With `min_free`, also huts that can be booked but do not publish how many places are free.
    pub ask: bool,
    pub sort: SortBy,
}

/// The sort order of the table beside the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Display, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum SortBy {
    /// The most free places first.
    #[default]
    Free,
    Name,
}

impl Label for SortBy {
    const TEXTS: &'static str = "sort";
}

impl Query {
    /// Parses the parameters of a URL.
    ///
    /// # Errors
    /// A parameter is not valid; the problem names it.
    pub fn read(params: &Params, today: NaiveDate) -> Result<Self, Problem> {
        let by_field = params.parsed("date", |text| date::parse(text, today))?;
        // The slider has a form and a parameter of its own, so that it works without JavaScript.
        let by_slider = params.parsed("day", |text| days_from(text, today))?;
        let default = Self::default_on(today);
        let min_free = params.parsed("min_free", |text| {
            let number = text.parse().ok().filter(|number| *number <= i16::MAX.unsigned_abs());
            number.ok_or_else(|| {
                format!("expected a number of places from 0 to {}, got {text:?}", i16::MAX)
            })
        })?;
        Ok(Self {
            date: by_field.or(by_slider).unwrap_or(default.date),
            huts: params.hut_filter(),
            min_free: min_free.unwrap_or_default(),
            ask: params.parsed("ask", yes_or_no)?.unwrap_or_default(),
            sort: params.one_of("sort")?.unwrap_or_default(),
        })
    }

    /// The defaults: the coming Saturday and all huts.
    #[must_use]
    pub fn default_on(today: NaiveDate) -> Self {
        Self {
            date: date::parse("weekend", today).unwrap_or(today),
            huts: HutFilter::default(),
            min_free: 0,
            ask: false,
            sort: SortBy::default(),
        }
    }
}

/// The position of a date on the slider, in days from today; none if it is out of range.
#[must_use]
pub fn slider_position(date: NaiveDate, today: NaiveDate) -> Option<i64> {
    let days = (date - today).num_days();
    (0..=i64::from(LAST_DAY_OF_SLIDER)).contains(&days).then_some(days)
}

/// A check box submits 1, or nothing.
fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "1" => Ok(true),
        "0" => Ok(false),
        _ => Err(format!("expected 1 or 0, got {text:?}")),
    }
}

fn days_from(text: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    let days = text.parse().ok().filter(|days: &u16| *days <= LAST_DAY_OF_SLIDER);
    let date = days.and_then(|days| today.checked_add_days(Days::new(days.into())));
    date.ok_or_else(|| {
        format!("expected a number of days from today, 0 to {LAST_DAY_OF_SLIDER}, got {text:?}")
    })
}
