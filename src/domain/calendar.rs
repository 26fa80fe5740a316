//! The dates and instants that both databases store, compare and print alike: those of the years 1 to 9999.
//!
//! SQLite compares them as text, in which other years have a sign or five digits. PostgreSQL calls the year 0
//! 1 BC, and makes a leap second the first second of the next minute.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

/// The first date.
pub const FIRST_DATE: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).expect("a date");
/// The last date.
pub const LAST_DATE: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a date");

/// Whether both databases store the date alike.
#[must_use]
pub fn is_date(date: NaiveDate) -> bool {
    (FIRST_DATE..=LAST_DATE).contains(&date)
}

/// Whether both databases store the instant alike.
#[must_use]
pub fn is_instant(instant: DateTime<Utc>) -> bool {
    const NANOS_OF_A_SECOND: u32 = 1_000_000_000;
    (1..=9999).contains(&instant.year()) && instant.nanosecond() < NANOS_OF_A_SECOND
}

/// Why a text is not an instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidInstant {
    #[error("expected an instant such as 2026-01-15T10:00:00Z, got {0:?}")]
    Form(String),
    #[error(
        "expected an instant of the years 1 to 9999 (UTC) and without a leap second, such as 2026-01-15T10:00:00Z, \
         got {0:?}"
    )]
    Range(String),
}

/// Parses an instant in RFC 3339, with its offset from UTC.
///
/// # Errors
/// The text has another form, or the databases do not store the instant alike.
pub fn parse_instant(text: &str) -> Result<DateTime<Utc>, InvalidInstant> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(instant) if is_instant(instant.to_utc()) => Ok(instant.to_utc()),
        Ok(_) => Err(InvalidInstant::Range(text.to_owned())),
        Err(_) => Err(InvalidInstant::Form(text.to_owned())),
    }
}

/// Parses a date in the form that the programs print, `2026-01-15`. None if it has another form, or if the
/// databases do not store it alike.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    text.parse().ok().filter(|date| is_date(*date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_that_the_databases_store_alike_are_accepted() {
        for text in [
            "2026-01-15T10:00:00Z",
            "2026-01-15T10:00:00.123456+01:00",
            "2016-12-31T23:59:59.999Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
        ] {
            assert!(parse_instant(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn other_instants_are_quoted() {
        for text in [
            "0000-12-31T23:59:59Z",
            "0001-01-01T00:59:59+01:00",
            "9999-12-31T23:30:00-00:30",
            "2016-12-31T23:59:60Z",
            "2026-07-01T10:00:60.5+02:00",
            "2026-07-01 10:00",
            "-0001-01-01T00:00:00Z",
            "+10000-01-01T00:00:00Z",
            "tomorow",
        ] {
            let error = parse_instant(text).unwrap_err().to_string();
            assert!(error.contains(&format!("got {text:?}")), "{error}");
        }
    }

    #[test]
    fn dates_of_other_years_are_refused() {
        for text in ["0001-01-01", "2026-07-01", "9999-12-31"] {
            assert_eq!(parse_date(text).unwrap().to_string(), text);
        }
        for text in ["0000-12-31", "-0001-01-01", "+10000-01-01", "-262143-01-01", "2026-02-30"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
