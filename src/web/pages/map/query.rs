//! Pure: what the map is asked for.

use chrono::{Days, NaiveDate};
use strum::{Display, VariantArray};

use crate::query::date;
use crate::query::hut_filter::HutFilter;
use crate::web::pages::format::Label;
use crate::web::pages::params::Params;
use crate::web::problem::Problem;

/// Days from today on that the slider reaches: a season. The field of the date reaches any.
pub const LAST_DAY_OF_SLIDER: u16 = 90;

/// What the map is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub date: NaiveDate,
    pub huts: HutFilter,
    pub min_free: i16,
    pub sort: SortBy,
}

/// What the table beside the map is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Display, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum SortBy {
    /// The most free places first.
    #[default]
    Free,
    Name,
}

impl Label for SortBy {
    fn label(&self) -> &'static str {
        match self {
            Self::Free => "free places",
            Self::Name => "name",
        }
    }
}

impl Query {
    /// What an address asks for.
    ///
    /// # Errors
    /// A problem that names the bad parameter.
    pub fn read(params: &Params, today: NaiveDate) -> Result<Self, Problem> {
        let by_field = params.parsed("date", |text| date::parse(text, today))?;
        // The slider is in a form of its own, so that it moves the date without a script as well.
        let by_slider = params.parsed("day", |text| days_from(text, today))?;
        let weekend = Self::of_weekend(today);
        let min_free = params.parsed("min_free", |text| {
            let number = text.parse().ok().filter(|number: &i16| *number >= 0);
            number.ok_or_else(|| format!("{text:?} is no number of places from 0 to {}", i16::MAX))
        })?;
        Ok(Self {
            date: by_field.or(by_slider).unwrap_or(weekend.date),
            huts: params.hut_filter(),
            min_free: min_free.unwrap_or_default(),
            sort: params.one_of("sort")?.unwrap_or_default(),
        })
    }

    /// The coming weekend, all huts.
    #[must_use]
    pub fn of_weekend(today: NaiveDate) -> Self {
        Self {
            date: date::parse("weekend", today).unwrap_or(today),
            huts: HutFilter::default(),
            min_free: 0,
            sort: SortBy::default(),
        }
    }
}

/// Days from today on, where the slider reaches them.
#[must_use]
pub fn day_of_slider(date: NaiveDate, today: NaiveDate) -> Option<i64> {
    let days = (date - today).num_days();
    (0..=i64::from(LAST_DAY_OF_SLIDER)).contains(&days).then_some(days)
}

fn days_from(text: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    let days = text.parse().ok().filter(|days: &u16| *days <= LAST_DAY_OF_SLIDER);
    let date = days.and_then(|days| today.checked_add_days(Days::new(days.into())));
    date.ok_or_else(|| {
        format!("{text:?} is no number of days from today, 0 to {LAST_DAY_OF_SLIDER}")
    })
}
