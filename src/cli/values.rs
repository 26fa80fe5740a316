//! Values of flags: each error says what is expected.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use reqwest::Url;

/// An instant with its offset.
pub fn parse_instant(text: &str) -> Result<DateTime<Utc>, String> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(instant) => Ok(instant.to_utc()),
        Err(error) => Err(format!("{error}; an instant is written as 2026-01-15T10:00:00Z")),
    }
}

/// A time zone by its IANA name.
pub fn parse_timezone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| "not a time zone of the IANA list, such as Europe/Zurich".into())
}

/// Seconds, with decimals.
pub fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|_| seconds <= 86_400.0)
        .ok_or_else(|| "must be from 0 to 86400 seconds".into())
}

/// More than no seconds.
pub fn parse_time_out(text: &str) -> Result<Duration, String> {
    let seconds = parse_seconds(text)?;
    if seconds.is_zero() { Err("must be more than 0 seconds".into()) } else { Ok(seconds) }
}

/// A text that fits into a header.
pub fn parse_contact(text: &str) -> Result<String, String> {
    let is_printable = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    match text.trim() {
        "" => Err("is empty: give a URL or an e-mail address".into()),
        contact if is_printable(contact) => Ok(contact.to_owned()),
        _ => Err("must be printable ASCII, to fit into an HTTP header".into()),
    }
}

/// The slug of an organization. Whether it is known is checked with the configuration, where the booking
/// sites are known.
pub fn parse_organization(text: &str) -> Result<String, String> {
    let is_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match text.trim() {
        slug if !slug.is_empty() && slug.chars().all(is_slug) => Ok(slug.to_owned()),
        _ => Err("expected an organization such as hrs, in lower-case letters".into()),
    }
}

/// An organization and an address to ask it at.
pub fn parse_source_url(text: &str) -> Result<(String, Url), String> {
    let Some((organization, url)) = text.split_once('=') else {
        return Err("must be ORG=URL, such as hrs=http://127.0.0.1:8080".into());
    };
    Ok((parse_organization(organization)?, parse_base_url(url)?))
}

/// An address that paths are added to, and queries of our own.
fn parse_base_url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{text:?} is no URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{text:?} must begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must be without user and password: sites are asked without log-in".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{text:?} must end before the ? or #: a request has its own query"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_http_with_a_host_and_maybe_a_path() {
        for good in ["http://127.0.0.1:8080", "https://example.org/mirror/", "http://[::1]:1"] {
            let (organization, url) = parse_source_url(&format!("hrs={good}")).unwrap();
            assert_eq!((organization, url), ("hrs".to_owned(), good.parse().unwrap()));
        }
        let error = |url: &str| parse_source_url(&format!("huetten-holiday={url}")).unwrap_err();
        assert_eq!(error("ftp://x"), "\"ftp://x\" must begin with http:// or https://");
        assert!(error("localhost:8080").contains("must begin with http://"));
        assert!(error("http://").contains("\"http://\" is no URL: empty host"));
        assert!(error("x").contains("\"x\" is no URL: relative URL"));
        assert!(error("http://me@x").contains("without user and password"));
        assert!(error("http://:secret@x").contains("without user and password"));
        assert!(error("http://x/?page=1").contains("\"http://x/?page=1\" must end before the ?"));
        assert!(error("http://x/?").contains("must end before the ?"));
        assert!(error("http://x/#top").contains("must end before the ? or #"));
    }
}
