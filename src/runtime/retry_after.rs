//! The header `Retry-After` of an HTTP answer. Pure.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// Parses a `Retry-After` header: seconds, or a date. None if it is neither.
#[must_use]
pub fn parse_retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(value).ok()?;
    Some((date.to_utc() - now).to_std().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = DateTime::parse_from_rfc3339("2026-01-15T10:00:00Z").unwrap().to_utc();
        let parse = |value| parse_retry_after(value, now);
        assert_eq!(parse(" 120 "), Some(Duration::from_secs(120)));
        assert_eq!(parse("Thu, 15 Jan 2026 10:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(parse("Thu, 15 Jan 2026 09:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!((parse("soon"), parse("-5"), parse("")), (None, None, None));
    }
}
