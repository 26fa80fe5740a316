//! Ages and durations in the language of their reader. Pure.

use chrono::{DateTime, TimeDelta, Utc};

use super::humanize::MAX_CLOCK_SKEW;
use super::language::Language;
use super::translate::translate;

/// The texts of durations and ages in a unit, and the length of the unit in seconds, the largest first.
const UNITS: [(&str, &str, u64); 4] = [
    ("days", "days-ago", 86_400),
    ("hours", "hours-ago", 3_600),
    ("minutes", "minutes-ago", 60),
    ("seconds", "just-now", 1),
];

/// A duration in its two largest units: `3 days 4 hours`, `12 minutes`. A negative duration, or one under a
/// second, is `0 seconds`.
#[must_use]
pub fn duration(language: Language, span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0).unsigned_abs();
    let words = |id: &str, count: u64| translate(language, id, &[("count", count.into())]);
    let Some(largest) = UNITS.iter().position(|&(.., length)| seconds >= length) else {
        return words("seconds", 0);
    };
    let (id, _, length) = UNITS[largest];
    let first = words(id, seconds / length);
    match UNITS.get(largest + 1) {
        Some(&(id, _, next)) if seconds % length >= next => {
            format!("{first} {}", words(id, seconds % length / next))
        }
        _ => first,
    }
}

/// The age of an instant in its largest unit: `5 minutes ago`, `2 days ago`; `just now` within a minute;
/// `in the future` for an instant that lies minutes ahead, because only a wrong clock can find it.
#[must_use]
pub fn age(language: Language, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let age = now - at;
    if age < -MAX_CLOCK_SKEW {
        return translate(language, "in-the-future", &[]);
    }
    let seconds = age.num_seconds().max(0).unsigned_abs();
    match UNITS.iter().find(|&&(.., length)| length >= 60 && seconds >= length) {
        None => translate(language, "just-now", &[]),
        Some((_, id, length)) => translate(language, id, &[("count", (seconds / length).into())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::humanize;

    #[test]
    fn english_spans_are_those_of_the_terminal() {
        let now = "2026-06-30T12:00:00Z".parse().unwrap();
        for seconds in
            [-301, -300, 0, 1, 59, 60, 61, 3_599, 3_600, 86_399, 86_400, 274_205, 9_999_999]
        {
            let span = TimeDelta::seconds(seconds);
            assert_eq!(duration(Language::English, span), humanize::duration(span));
            assert_eq!(age(Language::English, now - span, now), humanize::age(now - span, now));
        }
    }

    #[test]
    fn spans_have_the_plural_forms_of_the_language() {
        let now: DateTime<Utc> = "2026-06-30T12:00:00Z".parse().unwrap();
        let ages = |days| Language::ALL.map(|it| age(it, now - TimeDelta::days(days), now));
        assert_eq!(
            ages(1),
            ["1 day ago", "vor 1 Tag", "il y a 1 jour", "1 giorno fa", "pred 1 dnevom"]
        );
        assert_eq!(
            ages(2),
            ["2 days ago", "vor 2 Tagen", "il y a 2 jours", "2 giorni fa", "pred 2 dnevoma"]
        );
        let span = TimeDelta::minutes(3 * 60 + 5);
        assert_eq!(duration(Language::Slovene, span), "3 ure 5 minut");
    }
}
