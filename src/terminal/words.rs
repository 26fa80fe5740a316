//! Dates, instants and spans of time in words.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// A day of the week and of the year: `Sat 15 Aug 2026`.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}

/// An instant where the huts are: `2026-08-15 14:30 CEST`.
#[must_use]
pub fn instant(at: DateTime<Utc>, timezone: Tz) -> String {
    at.with_timezone(&timezone).format("%Y-%m-%d %H:%M %Z").to_string()
}

/// A span of time in the two units that fit it: `3 days 4 h`, `1 min 30 s`.
#[must_use]
pub fn span(span: TimeDelta) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "day"), (3_600, "h"), (60, "min"), (1, "s")];
    let seconds = span.num_seconds().unsigned_abs();
    let Some(first) = UNITS.iter().position(|(length, _)| seconds >= *length) else {
        return "0 s".into();
    };
    let (length, unit) = UNITS[first];
    let amount = seconds / length;
    let plural = if unit == "day" && amount > 1 { "s" } else { "" };
    let rest = UNITS.get(first + 1).map(|(next, unit)| (seconds % length / next, unit));
    match rest {
        Some((rest, next)) if rest > 0 => format!("{amount} {unit}{plural} {rest} {next}"),
        _ => format!("{amount} {unit}{plural}"),
    }
}

/// How long ago something was: `3 hours ago`.
#[must_use]
pub fn age(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let ago = now - at;
    if ago < TimeDelta::zero() {
        format!("{} from now", span(ago))
    } else {
        format!("{} ago", span(ago))
    }
}

/// An instant and how long ago it was.
#[must_use]
pub fn instant_and_age(at: DateTime<Utc>, now: DateTime<Utc>, timezone: Tz) -> String {
    format!("{} ({})", instant(at, timezone), age(at, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn ages_are_in_the_units_that_fit() {
        let now = at("2026-06-30T12:00:00Z");
        assert_eq!(age(at("2026-06-30T11:59:30Z"), now), "30 s ago");
        assert_eq!(age(at("2026-06-30T11:30:00Z"), now), "30 min ago");
        assert_eq!(age(at("2026-06-30T10:29:01Z"), now), "1 h 30 min ago");
        assert_eq!(age(at("2026-06-29T12:00:00Z"), now), "1 day ago");
        assert_eq!(age(at("2026-06-20T10:00:00Z"), now), "10 days 2 h ago");
        assert_eq!(age(at("2026-06-30T15:00:00Z"), now), "3 h from now");
        assert_eq!(age(now, now), "0 s ago");
    }

    #[test]
    fn instants_are_where_the_huts_are() {
        let zurich = chrono_tz::Europe::Zurich;
        assert_eq!(instant(at("2026-06-30T22:30:00Z"), zurich), "2026-07-01 00:30 CEST");
        assert_eq!(instant(at("2026-12-31T23:30:00Z"), zurich), "2027-01-01 00:30 CET");
        assert_eq!(day("2028-02-29".parse().unwrap()), "Tue 29 Feb 2028");
    }
}
