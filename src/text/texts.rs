//! The texts of a language, as templates ask for them: `t.get("huts")`, `t.count("huts", 3)`.

use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::language::Language;
use super::translate::{FluentValue, translate};
use super::{dates, numbers, spans};

/// The texts of a language. A text has an ID in the files of `languages/`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    pub language: Language,
}

impl Texts {
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// A text without arguments.
    #[must_use]
    pub fn get(self, id: &str) -> String {
        translate(self.language, id, &[])
    }

    /// A text with an argument; [`Text::and`] adds more.
    #[must_use]
    pub fn with<'a>(
        self,
        id: &'a str,
        name: &'a str,
        value: impl Into<FluentValue<'a>>,
    ) -> Text<'a> {
        Text { language: self.language, id, args: vec![(name, value.into())] }
    }

    /// A text that counts something with its argument `count`.
    #[must_use]
    pub fn count<'a>(self, id: &'a str, count: impl Into<FluentValue<'a>>) -> Text<'a> {
        self.with(id, "count", count)
    }

    /// A date.
    #[must_use]
    pub fn date(self, date: NaiveDate, style: dates::Style) -> String {
        dates::date(self.language, date, style)
    }

    /// A date with the short names of its weekday and month, and its year: `Sat 18 Jul 2026`.
    #[must_use]
    pub fn day(self, date: NaiveDate) -> String {
        self.date(date, dates::Style::Medium)
    }

    /// A date in full: `Saturday 18 July 2026`.
    #[must_use]
    pub fn day_in_full(self, date: NaiveDate) -> String {
        self.date(date, dates::Style::LongWithYear)
    }

    /// An instant in a time zone: `Sat 18 Jul 2026, 14:30 CEST`.
    #[must_use]
    pub fn instant(self, at: DateTime<Utc>, timezone: Tz) -> String {
        dates::instant_with_zone(self.language, at, timezone)
    }

    /// The age of an instant: `5 minutes ago`.
    #[must_use]
    pub fn age(self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        spans::age(self.language, at, now)
    }

    /// A duration in its two largest units: `3 days 4 hours`.
    #[must_use]
    pub fn duration(self, span: TimeDelta) -> String {
        spans::duration(self.language, span)
    }

    /// A number, rounded to some digits after the decimal point.
    #[must_use]
    pub fn decimal(self, value: f64, digits: usize) -> String {
        numbers::decimal(self.language, value, digits)
    }
}

/// A text with arguments.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    language: Language,
    id: &'a str,
    args: Vec<(&'a str, FluentValue<'a>)>,
}

impl<'a> Text<'a> {
    /// Adds an argument.
    #[must_use]
    pub fn and(mut self, name: &'a str, value: impl Into<FluentValue<'a>>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&translate(self.language, self.id, &self.args))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_its_arguments() {
        let t = Texts::new(Language::German);
        assert_eq!(t.get("book"), "Buchen");
        assert_eq!(t.count("huts", 1).to_string(), "1 Hütte");
        assert_eq!(t.count("huts", 1_234).to_string(), "1.234 Hütten");
        let text = t.with("label", "label", "Telefon").and("text", "<b>");
        assert_eq!(text.to_string(), "Telefon: <b>");
    }

    /// The beginnings of IDs that end with a value, such as `night-full`.
    const WITH_VALUES: [&str; 12] = [
        "country-",
        "delivery-",
        "direction-",
        "hut-type-",
        "map-",
        "night-",
        "nav-",
        "reservation-",
        "run-",
        "sort-",
        "watch-",
        "title-",
    ];

    /// The sources of the program and its templates.
    fn sources(directory: &std::path::Path) -> String {
        let mut text = String::new();
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                text += &sources(&path);
            } else if path.extension().is_some_and(|it| it == "rs" || it == "html") {
                text += &std::fs::read_to_string(path).unwrap();
            }
        }
        text
    }

    #[test]
    fn each_text_is_used_and_each_text_that_is_asked_for_exists() {
        let sources = sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        let english = include_str!("languages/en.ftl");
        let is_text = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
        let ids = english.lines().filter(is_text).filter_map(|line| line.split_once(" ="));
        let ids: std::collections::BTreeSet<&str> = ids.map(|(id, _)| id).collect();
        let is_used = |id: &str| {
            sources.contains(&format!("\"{id}\""))
                || WITH_VALUES.iter().any(|start| id.starts_with(start))
        };
        let unused: Vec<&&str> = ids.iter().filter(|id| !is_used(id)).collect();
        assert!(unused.is_empty(), "no page and no message has these texts: {unused:?}");
        for call in ["t.get(\"", "t.with(\"", "t.count(\""] {
            for rest in sources.split(call).skip(1) {
                let id = rest.split('"').next().unwrap();
                let is_id =
                    !id.is_empty() && id.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
                // Longer words end with the same letters, such as `request.get`.
                assert!(!is_id || ids.contains(id) || IN_OTHER_CALLS.contains(&id), "no text {id}");
            }
        }
    }

    const IN_OTHER_CALLS: [&str; 0] = [];
}
