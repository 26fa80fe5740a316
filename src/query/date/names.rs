//! The words that name days and months, in the languages of the Alps. Pure.
//!
//! Weekdays and months are those of chrono's locales. Accents and case do not matter.

use std::sync::LazyLock;

use chrono::{Datelike, Days, Locale, Month, NaiveDate, Weekday};

use crate::text::slug::slug_of;

/// Austrian German has months of its own, such as `Jänner`.
const LOCALES: [Locale; 6] =
    [Locale::en_GB, Locale::de_DE, Locale::de_AT, Locale::fr_FR, Locale::it_IT, Locale::sl_SI];

/// Words for today and the days after it, in the letters a-z.
const RELATIVE: [(i8, &[&str]); 3] = [
    (0, &["now", "today", "tonight", "heute", "aujourd-hui", "aujourdhui", "oggi", "danes"]),
    (1, &["tomorrow", "morgen", "demain", "domani", "jutri"]),
    (
        2,
        &[
            "day-after-tomorrow",
            "the-day-after-tomorrow",
            "overmorrow",
            "uebermorgen",
            "ubermorgen",
            "apres-demain",
            "dopodomani",
            "pojutrisnjem",
        ],
    ),
];

const WEEKEND: [&str; 6] =
    ["weekend", "week-end", "wochenende", "fine-settimana", "finesettimana", "vikend"];

/// Weekdays that no locale names.
const MORE_WEEKDAYS: [(&str, Weekday); 3] =
    [("sonnabend", Weekday::Sat), ("tues", Weekday::Tue), ("thurs", Weekday::Thu)];

/// What may stand between the parts of a date: `the 18th of July`, `le 1er août`, `1º agosto`.
const FILLERS: [&str; 18] = [
    "the", "of", "on", "st", "nd", "rd", "th", "den", "der", "dem", "am", "le", "du", "er", "il",
    "o", "dne", "v",
];

/// The shortest start of a name that is understood, in letters.
const MIN_WEEKDAY_LEN: usize = 2;
const MIN_MONTH_LEN: usize = 3;

/// A name in the letters a-z, and what it names.
struct Name<T> {
    full: Vec<String>,
    short: String,
    value: T,
}

static WEEKDAYS: LazyLock<Vec<Name<Weekday>>> = LazyLock::new(|| {
    // Some Monday.
    let monday = NaiveDate::from_isoywd_opt(2024, 1, Weekday::Mon).expect("a valid constant");
    let days = || (0..7).map(|days| monday + Days::new(days));
    let named = |locale| days().map(move |date| name(date, ("%A", "%a"), locale, date.weekday()));
    LOCALES.into_iter().flat_map(named).collect()
});

static MONTHS: LazyLock<Vec<Name<Month>>> = LazyLock::new(|| {
    let months = || {
        (1..=12).map(|number: u8| {
            let month = Month::try_from(number).expect("a month");
            let first = NaiveDate::from_ymd_opt(2024, number.into(), 1).expect("a month");
            (first, month)
        })
    };
    let named = |locale| months().map(move |(date, month)| name(date, ("%B", "%b"), locale, month));
    LOCALES.into_iter().flat_map(named).collect()
});

fn name<T>(date: NaiveDate, (full, short): (&str, &str), locale: Locale, value: T) -> Name<T> {
    let text = |format| date.format_localized(format, locale).to_string();
    let full = text(full);
    Name { full: vec![slug_of(&full), slug::slugify(&full)], short: slug_of(&text(short)), value }
}

/// What a word names: by its short form in one of the languages, or else by at least `min` letters with which names
/// of only one value begin. None if there is no such name, or names of several values.
fn find<T: Copy + PartialEq>(names: &[Name<T>], word: &str, min: usize) -> Option<T> {
    let exact =
        names.iter().find(|name| name.short == word || name.full.iter().any(|it| it == word));
    if let Some(name) = exact {
        return Some(name.value);
    }
    if word.len() < min {
        return None;
    }
    // Slovene months have endings: `julija`.
    let begins = |name: &&Name<T>| {
        name.full.iter().any(|full| full.starts_with(word) || word.strip_suffix('a') == Some(full))
    };
    let mut values = names.iter().filter(begins).map(|name| name.value);
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// The letters a-z of a word, without accents.
fn plain(word: &str) -> [String; 2] {
    // As slugs, because those know German umlauts.
    [slug_of(word), slug::slugify(word)]
}

/// Whether a text names the weekend.
#[must_use]
pub fn is_weekend(text: &str) -> bool {
    plain(text).iter().any(|text| WEEKEND.contains(&text.as_str()))
}

/// How many days after today a text names.
#[must_use]
pub fn relative(text: &str) -> Option<i8> {
    let texts = plain(text);
    let is_named = |words: &&[&str]| texts.iter().any(|text| words.contains(&text.as_str()));
    RELATIVE.iter().find(|(_, words)| is_named(words)).map(|(days, _)| *days)
}

/// The weekday that a word names.
#[must_use]
pub fn weekday(word: &str) -> Option<Weekday> {
    let words = plain(word);
    let more = MORE_WEEKDAYS.iter().find(|(name, _)| words.iter().any(|word| word == name));
    more.map(|(_, weekday)| *weekday)
        .or_else(|| words.iter().find_map(|word| find(&WEEKDAYS, word, MIN_WEEKDAY_LEN)))
}

/// The number of the month that a word names.
#[must_use]
pub fn month(word: &str) -> Option<u32> {
    let found = plain(word).iter().find_map(|word| find(&MONTHS, word, MIN_MONTH_LEN));
    found.map(|month| month.number_from_month())
}

/// Whether a word may stand between the parts of a date.
#[must_use]
pub fn is_filler(word: &str) -> bool {
    plain(word).iter().any(|word| FILLERS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_are_known_in_each_language() {
        for word in [
            "saturday",
            "Sat",
            "SAMSTAG",
            "Sa",
            "Sonnabend",
            "samedi",
            "sam.",
            "sabato",
            "sab",
            "sobota",
            "sob.",
        ] {
            assert_eq!(weekday(word), Some(Weekday::Sat), "{word}");
        }
        for (word, day) in [
            ("Mo", Weekday::Mon),
            ("Di", Weekday::Tue),
            ("dim.", Weekday::Sun),
            ("Do", Weekday::Thu),
            ("So", Weekday::Sun),
            ("mer", Weekday::Wed),
            ("četrtek", Weekday::Thu),
            ("venerdì", Weekday::Fri),
        ] {
            assert_eq!(weekday(word), Some(day), "{word}");
        }
        for word in ["", "s", "m", "someday", "saturdays", "天"] {
            assert_eq!(weekday(word), None, "{word}");
        }
    }

    #[test]
    fn months_are_known_in_each_language() {
        for (word, number) in [
            ("Jänner", 1),
            ("Januar", 1),
            ("février", 2),
            ("fevrier", 2),
            ("März", 3),
            ("maerz", 3),
            ("marzo", 3),
            ("mars", 3),
            ("Juli", 7),
            ("july", 7),
            ("juillet", 7),
            ("juil.", 7),
            ("luglio", 7),
            ("julija", 7),
            ("août", 8),
            ("avgusta", 8),
            ("Sept", 9),
            ("dez.", 12),
        ] {
            assert_eq!(month(word), Some(number), "{word}");
        }
        // `jui` may be `juin` or `juillet`.
        for word in ["jui", "ma", "", "x", "天"] {
            assert_eq!(month(word), None, "{word}");
        }
    }

    #[test]
    fn no_name_stands_for_two_days_or_two_months() {
        for name in WEEKDAYS.iter() {
            assert_eq!(weekday(&name.full[0]), Some(name.value), "{:?}", name.full);
            assert_eq!(weekday(&name.short), Some(name.value), "{:?}", name.short);
        }
        for name in MONTHS.iter() {
            assert_eq!(month(&name.full[0]), Some(name.value.number_from_month()));
            assert_eq!(month(&name.short), Some(name.value.number_from_month()), "{}", name.short);
        }
    }
}
