//! The one text form of dates and of instants, in which text order is time order.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// Parses an instant: RFC 3339 with microseconds and `Z`.
///
/// # Errors
/// The error names `field` and quotes the text.
pub fn instant(field: &str, text: &str) -> Result<DateTime<Utc>, String> {
    let instant = DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.to_utc());
    instant
        .filter(|instant| instant.to_rfc3339_opts(SecondsFormat::Micros, true) == text)
        .ok_or_else(|| format!("{field} {text:?} must have the form 2026-01-15T10:00:00.000000Z"))
}

/// Parses a date: `YYYY-MM-DD`.
///
/// # Errors
/// The error quotes the text.
pub fn date(text: &str) -> Result<NaiveDate, String> {
    let date = text.parse::<NaiveDate>().ok();
    date.filter(|date| text.len() == 10 && date.to_string() == text)
        .ok_or_else(|| format!("the date {text:?} must have the form 2026-01-15"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_form_of_an_instant_is_accepted() {
        assert!(instant("at", "2026-06-30T10:00:00.000000Z").is_ok());
        for text in [
            "2026-06-30T10:00:00Z",
            "2026-06-30T10:00:00.000Z",
            "2026-06-30T10:00:00.000000+00:00",
            "2026-06-30T12:00:00.000000+02:00",
            "2026-06-30 10:00:00.000000Z",
            "2026-06-31T10:00:00.000000Z",
            "infinity",
            "",
        ] {
            let error = instant("at", text).unwrap_err();
            assert!(error.starts_with(&format!("at {text:?} must have the form")), "{error}");
        }
    }

    #[test]
    fn only_one_form_of_a_date_is_accepted() {
        assert!(date("2026-06-30").is_ok());
        let others = ["2026-6-30", "30.06.2026", "2026-06-31", "+12026-06-30", "infinity", ""];
        for text in others {
            assert_eq!(
                date(text).unwrap_err(),
                format!("the date {text:?} must have the form 2026-01-15")
            );
        }
    }
}
