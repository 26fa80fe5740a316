//! The columns of the grids of huts and nights. Pure functions.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::text::dates::Style;
use crate::text::texts::Texts;

/// A night as a column.
pub struct NightColumn {
    pub date: NaiveDate,
    /// `Sat`
    pub weekday: String,
    /// `4 Jul`
    pub day: String,
    pub is_weekend: bool,
}

impl NightColumn {
    #[must_use]
    pub fn new(t: Texts, date: NaiveDate) -> Self {
        Self {
            date,
            weekday: date.format_localized("%a", t.language.locale()).to_string(),
            day: t.date(date, Style::Tiny),
            is_weekend: matches!(date.weekday(), Weekday::Fri | Weekday::Sat),
        }
    }
}
