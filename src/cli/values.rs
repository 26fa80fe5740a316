//! Parsers for the values of flags. Each error says what is expected.

use std::fmt::Display;
use std::ops::{Bound, RangeBounds};
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use reqwest::Url;

use crate::domain::calendar;
use crate::domain::watch::MAX_COOLDOWN;
use crate::text::format::Format;
use crate::text::humanize::pluralize;

/// The formats of a report: `text` or `json`.
pub const REPORT: &[Format] = &[Format::Text, Format::Json];

/// The formats of a list: `table`, `csv` or `json`.
pub const LIST: &[Format] = &[Format::Table, Format::Csv, Format::Json];

/// The formats of an export: `csv` or `json`.
pub const EXPORT: &[Format] = &[Format::Csv, Format::Json];

/// Parses one of the formats that a command offers.
pub fn formats(offered: &'static [Format]) -> impl TypedValueParser<Value = Format> {
    let names = offered.iter().filter_map(Format::to_possible_value);
    PossibleValuesParser::new(names)
        .map(|name| Format::from_str(&name, false).expect("the parser takes only names of formats"))
}

/// A parser of the whole numbers in a range, which may have no last one: then the greatest of their type is the last.
pub fn whole<T>(
    range: impl RangeBounds<T> + Clone + Send + Sync + 'static,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| match (range.start_bound(), range.end_bound()) {
            (Bound::Included(first), Bound::Included(last)) => {
                format!("expected a whole number from {first} to {last}")
            }
            (Bound::Included(first), Bound::Unbounded) => {
                format!("expected a whole number, {first} or more")
            }
            _ => "expected another whole number".into(),
        })
    }
}

/// An instant in RFC 3339, with its offset from UTC.
pub fn parse_instant(text: &str) -> Result<DateTime<Utc>, String> {
    calendar::parse_instant(text).map_err(|error| error.to_string())
}

/// A time zone by its IANA name.
pub fn parse_timezone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| "expected an IANA time zone such as Europe/Zurich".into())
}

/// Seconds, with decimals, up to one day.
pub fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|_| seconds <= 86_400.0)
        .ok_or_else(|| "must be from 0 to 86400 seconds".into())
}

/// Seconds, more than 0.
pub fn parse_timeout(text: &str) -> Result<Duration, String> {
    let seconds = parse_seconds(text)?;
    if seconds.is_zero() { Err("must be more than 0 seconds".into()) } else { Ok(seconds) }
}

/// A time span in words, such as `30m`, `2h` or `1d`, up to `max`.
fn parse_span(text: &str, max: TimeDelta) -> Result<TimeDelta, String> {
    let span = humantime::parse_duration(text.trim()).ok();
    // In whole seconds, as the database keeps it.
    let span = span.and_then(|span| TimeDelta::try_seconds(span.as_secs().try_into().ok()?));
    let span = span.filter(|span| *span <= max);
    let max = pluralize(max.num_days().unsigned_abs() as usize, "day");
    span.ok_or_else(|| {
        format!("expected a time such as 30m, 2h or 1d, at most {max}, got {text:?}")
    })
}

/// The cooldown of a watch.
pub fn parse_cooldown(text: &str) -> Result<TimeDelta, String> {
    parse_span(text, MAX_COOLDOWN)
}

/// The time between the starts of two runs of `--every`.
pub fn parse_every(text: &str) -> Result<Duration, String> {
    let span = parse_span(text, TimeDelta::days(7))?;
    match span.to_std() {
        Ok(every) if every >= MIN_EVERY => Ok(every),
        _ => Err(format!(
            "expected at least {} s between two runs, got {text:?}",
            MIN_EVERY.as_secs()
        )),
    }
}

/// The budget of the adaptive schedule: above 0, and at most a check of each hut every half hour.
pub fn parse_checks_per_day(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(checks) if checks > 0.0 && checks <= 48.0 => Ok(checks),
        _ => Err(format!(
            "expected checks a day for each hut, above 0 and at most 48, such as 4 or 2.5, got {text:?}"
        )),
    }
}

/// The least time between the starts of two runs: a shorter one is a mistaken unit.
const MIN_EVERY: Duration = Duration::from_secs(1);

/// A text that is valid in an HTTP header.
pub fn parse_contact(text: &str) -> Result<String, String> {
    let is_printable = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    match text.trim() {
        "" => Err("expected a URL or an e-mail address, got an empty text".into()),
        contact if is_printable(contact) => Ok(contact.to_owned()),
        _ => Err("expected printable ASCII only, because it is sent in an HTTP header".into()),
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
        return Err("expected ORG=URL, such as hrs=http://127.0.0.1:8080".into());
    };
    Ok((parse_organization(organization)?, parse_base_url(url)?))
}

/// A URL to which the program appends paths and queries.
pub fn parse_base_url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{text:?} is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{text:?} must begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "must not contain a user or password: the program does not log in to sites".into()
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{text:?} must not contain ? or #: each request adds its own query"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::super::app::HutAvailabilityCli;
    use super::super::update::UpdateCli;
    use super::*;

    /// Gives each flag of a command and its subcommands wrong numbers, and asserts that no error has the words of a
    /// library.
    fn assert_plain_errors(program: &Command, path: &[&str], command: &Command) {
        for flag in command.get_opts().filter_map(|flag| flag.get_long()) {
            for text in ["1.5x", "-1", "99999999999999999999"] {
                let flag = format!("--{flag}={text}");
                let words = [&["program"], path, &[&flag]].concat();
                let Err(error) = program.clone().try_get_matches_from(words) else { continue };
                let error = error.to_string();
                for words in ["invalid digit", "number too", "float", "premature", " is not in "] {
                    assert!(!error.contains(words), "{path:?}: {error}");
                }
            }
        }
        for subcommand in command.get_subcommands() {
            let path = [path, &[subcommand.get_name()]].concat();
            assert_plain_errors(program, &path, subcommand);
        }
    }

    #[test]
    fn no_flag_answers_a_wrong_number_in_the_words_of_a_library() {
        for program in [UpdateCli::command(), HutAvailabilityCli::command()] {
            assert_plain_errors(&program, &[], &program);
        }
    }

    #[test]
    fn whole_numbers_outside_of_their_range_are_refused() {
        let parse = whole::<u16>(1..=731);
        assert_eq!((parse("1"), parse("731")), (Ok(1), Ok(731)));
        for text in ["0", "732", "99999", "-1", "1.5", "", "x"] {
            assert_eq!(parse(text), Err("expected a whole number from 1 to 731".into()), "{text}");
        }
        let parse = whole::<u64>(2..);
        assert_eq!((parse("2"), parse("18446744073709551615")), (Ok(2), Ok(u64::MAX)));
        for text in ["1", "18446744073709551616", "-1", "1.5", "", "x"] {
            assert_eq!(parse(text), Err("expected a whole number, 2 or more".into()), "{text}");
        }
    }

    #[test]
    fn a_base_url_has_an_http_scheme_a_host_and_an_optional_path() {
        for good in ["http://127.0.0.1:8080", "https://example.org/mirror/", "http://[::1]:1"] {
            let (organization, url) = parse_source_url(&format!("hrs={good}")).unwrap();
            assert_eq!((organization, url), ("hrs".to_owned(), good.parse().unwrap()));
        }
        let error = |url: &str| parse_source_url(&format!("huetten-holiday={url}")).unwrap_err();
        assert_eq!(error("ftp://x"), "\"ftp://x\" must begin with http:// or https://");
        assert!(error("localhost:8080").contains("must begin with http://"));
        assert!(error("http://").contains("\"http://\" is not a URL: empty host"));
        assert!(error("x").contains("\"x\" is not a URL: relative URL"));
        assert!(error("http://me@x").contains("must not contain a user or password"));
        assert!(error("http://:secret@x").contains("must not contain a user or password"));
        assert!(error("http://x/?page=1").contains("\"http://x/?page=1\" must not contain ?"));
        assert!(error("http://x/?").contains("must not contain ? or #"));
        assert!(error("http://x/#top").contains("must not contain ? or #"));
    }
}
