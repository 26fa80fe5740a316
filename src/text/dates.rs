//! Dates and times in the language of their reader. Pure.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::language::Language;
use super::translate::{FluentValue, translate};

/// Which parts of a date are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `18 Jul`
    Tiny,
    /// `18 July`
    Short,
    /// `18 July 2026`
    ShortWithYear,
    /// `Sat 18 Jul 2026`
    Medium,
    /// `Saturday 18 July`
    Long,
    /// `Saturday 18 July 2026`
    LongWithYear,
}

impl Style {
    fn id(self) -> &'static str {
        match self {
            Self::Tiny => "date-short",
            Self::Short => "date-short",
            Self::ShortWithYear => "date-short-with-year",
            Self::Medium => "date-medium",
            Self::Long => "date-long",
            Self::LongWithYear => "date-long-with-year",
        }
    }
}

/// A date in words.
#[must_use]
pub fn date(language: Language, date: NaiveDate, style: Style) -> String {
    let name =
        |format| FluentValue::from(date.format_localized(format, language.locale()).to_string());
    let [weekday, month] = match style {
        Style::Tiny | Style::Medium => ["%a", "%b"],
        _ => ["%A", "%B"],
    };
    let args = [
        ("weekday", name(weekday)),
        ("day", date.day().into()),
        ("month", name(month)),
        // As a text, because numbers may be grouped.
        ("year", date.year().to_string().into()),
    ];
    translate(language, style.id(), &args)
}

/// A date without its weekday, and without its year in the year of `near`.
#[must_use]
pub fn short_date(language: Language, day: NaiveDate, near: NaiveDate) -> String {
    let style = if day.year() == near.year() { Style::Short } else { Style::ShortWithYear };
    date(language, day, style)
}

/// A date and a time in a time zone: `18 July, 10:30`.
#[must_use]
pub fn instant(language: Language, at: DateTime<Utc>, timezone: Tz) -> String {
    let local = at.with_timezone(&timezone);
    let date = date(language, local.date_naive(), Style::Short);
    let time = local.format("%H:%M").to_string();
    translate(language, "instant", &[("date", date.into()), ("time", time.into())])
}

/// A date with its weekday, a time and the name of the time zone: `Sat 18 Jul 2026, 10:30 CEST`.
#[must_use]
pub fn instant_with_zone(language: Language, at: DateTime<Utc>, timezone: Tz) -> String {
    let local = at.with_timezone(&timezone);
    let date = date(language, local.date_naive(), Style::Medium);
    let time = local.format("%H:%M %Z").to_string();
    translate(language, "instant", &[("date", date.into()), ("time", time.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_each_language_writes_them() {
        let dates = |day: &str, style| {
            Language::ALL.map(|language| date(language, day.parse().unwrap(), style))
        };
        assert_eq!(
            dates("2026-07-18", Style::LongWithYear),
            [
                "Saturday 18 July 2026",
                "Samstag, 18. Juli 2026",
                "samedi 18 juillet 2026",
                "sabato 18 luglio 2026",
                "sobota, 18. julij 2026"
            ]
        );
        assert_eq!(
            dates("2026-08-01", Style::Short),
            ["1 August", "1. August", "1er août", "1º agosto", "1. avgust"]
        );
    }

    #[test]
    fn a_short_date_has_its_year_if_that_is_another_one() {
        let short = |day: &str| {
            let near = "2026-11-28".parse().unwrap();
            short_date(Language::German, day.parse().unwrap(), near)
        };
        assert_eq!(short("2026-12-31"), "31. Dezember");
        assert_eq!(short("2027-01-01"), "1. Januar 2027");
    }

    #[test]
    fn an_instant_is_in_the_time_zone() {
        let at = "2026-07-17T22:30:00Z".parse().unwrap();
        let instants = Language::ALL.map(|language| instant(language, at, Tz::Europe__Zurich));
        assert_eq!(
            instants,
            [
                "18 July, 00:30",
                "18. Juli, 00:30",
                "18 juillet à 00:30",
                "18 luglio, 00:30",
                "18. julij, 00:30"
            ]
        );
    }
}
