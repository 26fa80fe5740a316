//! Formats numbers, dates, instants and durations for people, the same in a terminal and on a page. Pure.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// Units with their length in seconds, the largest first.
const UNITS: [(&str, u64); 4] = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];

/// The clocks of two machines may differ by this much.
pub const MAX_CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// `1 hut`, `2 huts`, `2 entries`.
#[must_use]
pub fn pluralize(count: usize, noun: &str) -> String {
    units(count as u64, noun)
}

/// A date: `Sat 28 Nov 2026`.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}

/// A date in full: `Saturday 28 November 2026`.
#[must_use]
pub fn day_in_full(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// An instant in the time zone of the huts: `Sat 28 Nov 2026 14:30 CET`.
#[must_use]
pub fn instant(at: DateTime<Utc>, timezone: Tz) -> String {
    at.with_timezone(&timezone).format("%a %-d %b %Y %H:%M %Z").to_string()
}

/// An instant in a fixed width, for a column of a terminal: `2026-11-28 14:30 CET`.
#[must_use]
pub fn narrow_instant(at: DateTime<Utc>, timezone: Tz) -> String {
    at.with_timezone(&timezone).format("%Y-%m-%d %H:%M %Z").to_string()
}

/// An instant and its age: `Sat 28 Nov 2026 14:30 CET (2 hours ago)`.
#[must_use]
pub fn instant_and_age(at: DateTime<Utc>, now: DateTime<Utc>, timezone: Tz) -> String {
    format!("{} ({})", instant(at, timezone), age(at, now))
}

/// A duration in its two largest units: `3 days 4 hours`, `12 minutes`. A negative duration, or one under a
/// second, is `0 seconds`.
#[must_use]
pub fn duration(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0).unsigned_abs();
    let Some(largest) = UNITS.iter().position(|&(_, length)| seconds >= length) else {
        return "0 seconds".into();
    };
    let (unit, length) = UNITS[largest];
    let mut words = units(seconds / length, unit);
    if let Some(&(unit, next)) = UNITS.get(largest + 1)
        && seconds % length >= next
    {
        words += " ";
        words += &units(seconds % length / next, unit);
    }
    words
}

/// The age of an instant in its largest unit: `5 minutes ago`, `2 days ago`; `just now` within a minute;
/// `in the future` for an instant that lies minutes ahead, because only a wrong clock can find it.
#[must_use]
pub fn age(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let age = now - at;
    if age < -MAX_CLOCK_SKEW {
        return "in the future".into();
    }
    let seconds = age.num_seconds().max(0).unsigned_abs();
    let largest = UNITS.iter().find(|&&(_, length)| length >= 60 && seconds >= length);
    match largest {
        None => "just now".into(),
        Some((unit, length)) => format!("{} ago", units(seconds / length, unit)),
    }
}

/// The age of an instant in its largest unit, for a narrow column: `5 min`, `2 h`, `3 d`; `now` within a minute.
#[must_use]
pub fn short_age(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = (now - at).num_minutes();
    match (minutes / (24 * 60), minutes / 60) {
        (days @ 1.., _) => format!("{days} d"),
        (_, hours @ 1..) => format!("{hours} h"),
        _ if minutes > 0 => format!("{minutes} min"),
        _ => "now".into(),
    }
}

fn units(count: u64, unit: &str) -> String {
    match unit.strip_suffix("ry") {
        _ if count == 1 => format!("{count} {unit}"),
        // Nouns such as "entry".
        Some(stem) => format!("{count} {stem}ries"),
        None if unit.ends_with("ch") => format!("{count} {unit}es"),
        None => format!("{count} {unit}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_is_plural_unless_the_count_is_one() {
        assert_eq!(pluralize(1, "hut"), "1 hut");
        assert_eq!(pluralize(0, "hut"), "0 huts");
        assert_eq!(pluralize(1, "history entry"), "1 history entry");
        assert_eq!(pluralize(2, "history entry"), "2 history entries");
        assert_eq!(pluralize(2, "watch"), "2 watches");
    }

    #[test]
    fn a_duration_has_at_most_two_neighbouring_units() {
        for (seconds, words) in [
            (-5, "0 seconds"),
            (0, "0 seconds"),
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (61, "1 minute 1 second"),
            (3_600, "1 hour"),
            (3_659, "1 hour"),
            (86_400 + 59 * 60, "1 day"),
            (3 * 86_400 + 4 * 3_600 + 5, "3 days 4 hours"),
            (400 * 86_400 + 3_600, "400 days 1 hour"),
        ] {
            assert_eq!(duration(TimeDelta::seconds(seconds)), words);
        }
        assert_eq!(duration(TimeDelta::milliseconds(999)), "0 seconds");
    }

    #[test]
    fn an_age_has_one_unit() {
        let now = at("2026-06-30T12:00:00Z");
        for (seconds, words) in [
            (-3 * 365 * 86_400, "in the future"),
            (-301, "in the future"),
            (-300, "just now"),
            (-59, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (3_599, "59 minutes ago"),
            (3_600, "1 hour ago"),
            (86_399, "23 hours ago"),
            (86_400, "1 day ago"),
            (900 * 86_400, "900 days ago"),
        ] {
            assert_eq!(age(now - TimeDelta::seconds(seconds), now), words);
        }
    }

    #[test]
    fn a_short_age_has_one_unit() {
        let now = at("2026-06-30T12:00:00Z");
        for (minutes, words) in
            [(0, "now"), (59, "59 min"), (60, "1 h"), (1_439, "23 h"), (1_440, "1 d")]
        {
            assert_eq!(short_age(now - TimeDelta::minutes(minutes), now), words);
        }
    }

    #[test]
    fn an_instant_is_shown_in_the_time_zone_of_the_huts() {
        let zurich = chrono_tz::Europe::Zurich;
        let summer = at("2026-06-30T22:30:00Z");
        assert_eq!(instant(summer, zurich), "Wed 1 Jul 2026 00:30 CEST");
        assert_eq!(narrow_instant(summer, zurich), "2026-07-01 00:30 CEST");
        assert_eq!(instant(at("2026-12-31T23:30:00Z"), zurich), "Fri 1 Jan 2027 00:30 CET");
        assert_eq!(day("2028-02-29".parse().unwrap()), "Tue 29 Feb 2028");
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }
}
