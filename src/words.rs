//! Pure: spans of time in words.

use chrono::TimeDelta;

/// Units with their length in seconds, the longest first.
const UNITS: [(&str, i64); 4] = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];

/// How long something lasted, by its two longest units: `3 days 4 hours`, `12 minutes`. What took
/// less than a second, or less than nothing, is `0 seconds`.
#[must_use]
pub fn duration(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    let Some(longest) = UNITS.iter().position(|&(_, length)| seconds >= length) else {
        return "0 seconds".into();
    };
    let (unit, length) = UNITS[longest];
    let mut words = counted(seconds / length, unit);
    if let Some(&(unit, next)) = UNITS.get(longest + 1)
        && seconds % length >= next
    {
        words += " ";
        words += &counted(seconds % length / next, unit);
    }
    words
}

/// How long ago something was, by its longest unit: `5 min ago`, `2 days ago`; `just now` within the
/// last minute, or where clocks differ and it is yet to come.
#[must_use]
pub fn age(span: TimeDelta) -> String {
    match span.num_seconds() {
        ..60 => "just now".into(),
        seconds @ 60..3_600 => format!("{} min ago", seconds / 60),
        seconds @ 3_600..86_400 => format!("{} ago", counted(seconds / 3_600, "hour")),
        seconds => format!("{} ago", counted(seconds / 86_400, "day")),
    }
}

fn counted(count: i64, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_two_units_that_follow_each_other() {
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
        for (seconds, words) in [
            (-60, "just now"),
            (59, "just now"),
            (60, "1 min ago"),
            (3_599, "59 min ago"),
            (3_600, "1 hour ago"),
            (86_399, "23 hours ago"),
            (86_400, "1 day ago"),
            (900 * 86_400, "900 days ago"),
        ] {
            assert_eq!(age(TimeDelta::seconds(seconds)), words);
        }
    }
}
