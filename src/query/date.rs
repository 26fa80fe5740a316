//! Parses dates as people write them: `weekend`, `15.01.2026`, `18. Juli`.

mod names;
#[cfg(test)]
mod tests;

use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};

/// The accepted forms of a date.
pub const FORMS: &str = "now, today, weekend, 2026-01-15, 26-01-15, 15.01.2026, 15.01.26, 2026/01/15, 26/01/15, \
     tomorrow, saturday, 18.7., 18 July (words in English, German, French, Italian or Slovene)";

/// The text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a date such as 2026-07-18, got {text:?}{why}; accepted forms: {FORMS}")]
pub struct InvalidDate {
    text: String,
    why: Why,
}

/// Why a text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Why {
    #[error("")]
    NotADate,
    #[error(", which may mean {0} or {1}: write {0} or {1}")]
    Ambiguous(String, String),
    #[error(", a day that the calendar does not have")]
    NoSuchDay,
    #[error(", but {0} is a {weekday}", weekday = .0.format("%A"))]
    OtherWeekday(NaiveDate),
    #[error(", which has no year")]
    NoYear,
}

/// Parses a date. Words such as `tomorrow`, `weekend` and `saturday` are relative to `today`: `weekend` is the coming
/// Saturday, and a weekday the coming one, or `today` if that is one. A day without a year, such as `18.7.`, is the
/// next one, or `today`.
///
/// # Errors
/// The text has none of the [`FORMS`], the day does not exist in the calendar, or it may be one of two days.
pub fn parse(text: &str, today: NaiveDate) -> Result<NaiveDate, InvalidDate> {
    let text = text.trim();
    parse_relative(text, today)
        .unwrap_or_else(|| Written::read(text)?.resolve(today))
        .map_err(|why| InvalidDate { text: text.to_owned(), why })
}

/// Parses a date that is the same on each day: with its year, and in no words such as `today`.
///
/// # Errors
/// As of [`parse`].
pub fn parse_absolute(text: &str) -> Result<NaiveDate, InvalidDate> {
    let text = text.trim();
    Written::read(text)
        .and_then(|written| match written.year {
            None => Err(Why::NoYear),
            Some(_) => written.resolve(NaiveDate::MIN),
        })
        .map_err(|why| InvalidDate { text: text.to_owned(), why })
}

/// A day that is named by its relation to today. None if it is not.
fn parse_relative(text: &str, today: NaiveDate) -> Option<Result<NaiveDate, Why>> {
    if names::is_weekend(text) {
        return Some(Ok(coming(Weekday::Sat, today)));
    }
    if let Some(days) = names::relative(text) {
        let date = today.checked_add_signed(TimeDelta::days(days.into()));
        return Some(date.ok_or(Why::NoSuchDay));
    }
    // `Sat.`, but not the start of a longer date.
    let word = text.trim_end_matches(['.', ',']);
    let weekday = names::weekday(word).filter(|_| word.chars().all(char::is_alphabetic))?;
    Some(Ok(coming(weekday, today)))
}

/// The first of these weekdays from `today` on.
fn coming(weekday: Weekday, today: NaiveDate) -> NaiveDate {
    today + Days::new(weekday.days_since(today.weekday()).into())
}

/// A date as it is written.
#[derive(Debug, PartialEq, Eq)]
struct Written {
    weekday: Option<Weekday>,
    year: Option<i32>,
    month: u32,
    day: u32,
}

impl Written {
    fn read(text: &str) -> Result<Self, Why> {
        let (weekday, rest) = leading_weekday(text);
        let date = match numeric(rest) {
            Err(Why::NotADate) => with_month_name(rest).ok_or(Why::NotADate)?,
            read => read?,
        };
        Ok(Self { weekday, ..date })
    }

    /// The day; the next one if no year is written.
    fn resolve(&self, today: NaiveDate) -> Result<NaiveDate, Why> {
        let date = match self.year {
            Some(year) => NaiveDate::from_ymd_opt(year, self.month, self.day),
            None => self.next(today),
        };
        let date = date.ok_or(Why::NoSuchDay)?;
        match self.weekday {
            Some(weekday) if weekday != date.weekday() => Err(Why::OtherWeekday(date)),
            _ => Ok(date),
        }
    }

    fn next(&self, today: NaiveDate) -> Option<NaiveDate> {
        // 29 February comes again within eight years.
        let years = today.year()..=today.year().saturating_add(8);
        let mut days = years.filter_map(|year| NaiveDate::from_ymd_opt(year, self.month, self.day));
        days.find(|date| *date >= today)
    }
}

/// The weekday with which a date begins, and the rest of the text.
fn leading_weekday(text: &str) -> (Option<Weekday>, &str) {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    // `Mar 18` is a day in March.
    if names::month(word).is_some() && rest.trim_start_matches(['.', ',', ' ']).len() <= 2 {
        return (None, text);
    }
    match names::weekday(word) {
        Some(weekday) => {
            let rest = rest.trim_start_matches(|c: char| c == '.' || c == ',' || c.is_whitespace());
            (Some(weekday), without_filler(rest))
        }
        None => (None, without_filler(text)),
    }
}

/// `18. Juli` of `den 18. Juli`
fn without_filler(text: &str) -> &str {
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) if names::is_filler(word) => rest.trim_start(),
        _ => text,
    }
}

/// Reads `YEAR-MONTH-DAY`, `YEAR/MONTH/DAY`, `DAY.MONTH.YEAR`, `DAY.MONTH.`, or with slashes what is only one day.
fn numeric(text: &str) -> Result<Written, Why> {
    let written = |year, month: &str, day: &str| {
        let written = Written {
            weekday: None,
            year,
            month: number(month, 2).ok_or(Why::NotADate)?,
            day: number(day, 2).ok_or(Why::NotADate)?,
        };
        Ok(written)
    };
    let with_year = |text: &str, month, day| {
        let year = year(text).ok_or(Why::NotADate)?;
        written(Some(year), month, day)
    };
    for separator in ['.', '-', '/'] {
        let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
        match (separator, &parts[..]) {
            ('.', [day, month, ""] | [day, month]) => return written(None, month, day),
            ('.', [day, month, year]) => return with_year(year, month, day),
            ('/', [first, second]) => return either_order(first, second, None),
            // `18/7/2026`. A year of two digits comes first.
            ('/', [first, second, year]) if year.len() == 4 => {
                return either_order(first, second, Some(year));
            }
            ('-' | '/', [year, month, day]) => return with_year(year, month, day),
            _ => {}
        }
    }
    Err(Why::NotADate)
}

/// Day and month in the order that the calendar has. Some countries write the month first.
fn either_order(first: &str, second: &str, year_text: Option<&str>) -> Result<Written, Why> {
    let (first, second) = number(first, 2).zip(number(second, 2)).ok_or(Why::NotADate)?;
    let year = match year_text {
        Some(text) => Some(year(text).ok_or(Why::NotADate)?),
        None => None,
    };
    let written = |day, month| Written { weekday: None, year, month, day };
    let dotted = |day, month| format!("{day}.{month}.{}", year_text.unwrap_or_default());
    match (first <= 12, second <= 12) {
        (true, true) if first != second => {
            Err(Why::Ambiguous(dotted(first, second), dotted(second, first)))
        }
        (true, false) => Ok(written(second, first)),
        _ => Ok(written(first, second)),
    }
}

/// Reads `18 July`, `18. Juli 2026`, `July 18, 2026`, `le 1er août`.
fn with_month_name(text: &str) -> Option<Written> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, '.' | ','));
    // `1er` is a number and a word.
    let parts = parts.flat_map(|part| {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, word) = part.split_at(digits);
        [number, word]
    });
    let parts: Vec<&str> =
        parts.filter(|part| !part.is_empty() && !names::is_filler(part)).collect();
    let (month, day, year_text) = match parts[..] {
        [first, second] => match names::month(second) {
            Some(month) => (month, first, None),
            None => (names::month(first)?, second, None),
        },
        [first, second, year] => match names::month(second) {
            Some(month) => (month, first, Some(year)),
            None => (names::month(first)?, second, Some(year)),
        },
        _ => return None,
    };
    let year = match year_text {
        Some(text) => Some(year(text)?),
        None => None,
    };
    Some(Written { weekday: None, year, month, day: number(day, 2)? })
}

/// A year of four digits, or the last two of this century.
fn year(text: &str) -> Option<i32> {
    let year = i32::try_from(number(text, 4)?).ok()?;
    match text.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

fn number(text: &str, max_digits: usize) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && text.len() <= max_digits { text.parse().ok() } else { None }
}
