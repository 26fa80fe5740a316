//! Parses dates as people write them: `weekend`, `15.01.2026`.

use chrono::{Datelike, Days, NaiveDate};

/// The accepted forms of a date.
pub const FORMS: &str =
    "now, today, weekend, 2026-01-15, 26-01-15, 15.01.2026, 15.01.26, 2026/01/15, 26/01/15";

/// The text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a date such as 2026-07-18, got {0:?}; accepted forms: {FORMS}")]
pub struct InvalidDate(String);

/// Parses a date. `now`, `today` and `weekend` are relative to `today`; `weekend` is the coming Saturday,
/// or `today` if that is a Saturday.
///
/// # Errors
/// The text has none of the [`FORMS`], or the day does not exist in the calendar.
pub fn parse(text: &str, today: NaiveDate) -> Result<NaiveDate, InvalidDate> {
    let text = text.trim();
    match text.to_ascii_lowercase().as_str() {
        "now" | "today" => Ok(today),
        "weekend" => Ok(coming_saturday(today)),
        _ => calendar_date(text).ok_or_else(|| InvalidDate(text.to_owned())),
    }
}

fn coming_saturday(today: NaiveDate) -> NaiveDate {
    const SATURDAY: u32 = 5;
    let days = (7 + SATURDAY - today.weekday().num_days_from_monday()) % 7;
    today + Days::new(days.into())
}

/// Parses `YEAR-MONTH-DAY`, `YEAR/MONTH/DAY` or `DAY.MONTH.YEAR`.
fn calendar_date(text: &str) -> Option<NaiveDate> {
    let split_in_three = |separator| {
        let parts: Vec<&str> = text.split(separator).collect();
        <[&str; 3]>::try_from(parts).ok()
    };
    let [year, month, day] = match split_in_three('.') {
        Some([day, month, year]) => [year, month, day],
        None => split_in_three('-').or_else(|| split_in_three('/'))?,
    };
    let number = |text: &str, max_digits| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && text.len() <= max_digits { text.parse::<u16>().ok() } else { None }
    };
    let year = match (year.len(), number(year, 4)?) {
        (2, year) => 2000 + year,
        (4, year) => year,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year.into(), number(month, 2)?.into(), number(day, 2)?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses each text with the given date as today.
    fn parse_on<const N: usize>(today: &str, texts: [&str; N]) -> [String; N] {
        let today = today.parse().unwrap();
        texts.map(|text| parse(text, today).unwrap().to_string())
    }

    #[test]
    fn every_form_of_a_date_gives_the_same_day() {
        let forms = ["2026-01-15", "26-01-15", "15.01.2026", "15.01.26", "2026/01/15", "26/01/15"];
        assert_eq!(parse_on("2025-12-31", forms), ["2026-01-15"; 6]);
        assert_eq!(parse_on("2025-12-31", ["5.1.2026", " 2026-1-5 "]), ["2026-01-05"; 2]);
    }

    #[test]
    fn now_and_today_are_today() {
        assert_eq!(parse_on("2026-02-28", ["now", "today", "TODAY"]), ["2026-02-28"; 3]);
        assert_eq!(parse_on("2028-02-29", ["now"]), ["2028-02-29"]);
    }

    #[test]
    fn weekend_is_the_coming_saturday() {
        // A Friday, a Saturday and a Sunday.
        assert_eq!(parse_on("2026-11-20", ["weekend"]), ["2026-11-21"]);
        assert_eq!(parse_on("2026-11-21", ["weekend"]), ["2026-11-21"]);
        assert_eq!(parse_on("2026-11-22", ["Weekend"]), ["2026-11-28"]);
        // Across the end of a year, and around 29 February.
        assert_eq!(parse_on("2026-12-27", ["weekend"]), ["2027-01-02"]);
        assert_eq!(parse_on("2027-12-31", ["weekend"]), ["2028-01-01"]);
        assert_eq!(parse_on("2028-02-28", ["weekend"]), ["2028-03-04"]);
        assert_eq!(parse_on("2032-02-28", ["weekend"]), ["2032-02-28"]);
        assert_eq!(parse_on("2032-02-29", ["weekend"]), ["2032-03-06"]);
        assert_eq!(parse_on("2027-02-28", ["weekend"]), ["2027-03-06"]);
    }

    #[test]
    fn a_day_that_the_calendar_does_not_have_is_refused() {
        assert_eq!(
            parse_on("2026-01-01", ["29.02.28", "2028-02-29", "28/02/29"]),
            ["2028-02-29"; 3]
        );
        assert_eq!(parse_on("2026-01-01", ["31.12.26", "01.01.27"]), ["2026-12-31", "2027-01-01"]);
        for text in ["29.02.2027", "2027-02-29", "31.11.26", "2026-13-01", "2026-00-10", "0.1.26"] {
            let error = parse(text, NaiveDate::MIN).unwrap_err().to_string();
            let expected =
                format!("expected a date such as 2026-07-18, got {text:?}; accepted forms: now, ");
            assert!(error.starts_with(&expected), "{error}");
        }
    }

    #[test]
    fn a_text_that_is_not_a_date_is_quoted_in_the_error() {
        let texts = [
            "",
            "tomorrow",
            "15-01",
            "2026-01-15-1",
            "026-1-15",
            "2026.01.15x",
            "+26-01-15",
            "１-1-1",
        ];
        for text in texts {
            assert_eq!(parse(text, NaiveDate::MIN), Err(InvalidDate(text.into())));
        }
    }
}
