//! Parses what the answers of all sites have in common: an array of days, in which any field may be
//! missing, null or absurd. Errors name the JSON path.

use std::borrow::Cow;
use std::fmt::Display;
use std::marker::PhantomData;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::error::{SourceError, quoted};
use crate::domain::availability::{Adjustments, SiteDay};
use crate::domain::unknown_values::UnknownValues;
use crate::text::clean::one_line;

/// One day in a site's format.
pub trait RawDay<'de>: Deserialize<'de> {
    /// The most days that one answer may have; more than the site ever lists.
    const MAX_DAYS: usize;

    /// The date as the site writes it: `YYYY-MM-DD`, alone or as midnight UTC.
    fn date(&self) -> Option<&str>;

    /// The name and the value of a second field that holds the date, as `DD.MM.YYYY`, if the site has one.
    fn other_date(&self) -> Option<(&'static str, &str)> {
        None
    }

    /// The day in the common format of all sites. Words that the program does not know are counted.
    fn normalised(&self, date: NaiveDate, unknown: &mut UnknownValues) -> SiteDay;
}

/// Whether a word that the program does not know says that a date is closed.
#[must_use]
pub fn means_closed(word: &str) -> bool {
    let word = word.to_uppercase();
    word.contains("CLOSED") || word.contains("BLOCKED")
}

/// The days of an answer, and the entries that could not be read.
#[derive(Debug, Default)]
pub struct Days {
    pub days: Vec<SiteDay>,
    pub adjustments: Adjustments,
    pub unknown_values: UnknownValues,
}

/// Reads an answer that is an array of days. Long texts are to be cut before, with [`super::json::with_short_texts`].
///
/// # Errors
/// `Malformed`, with the JSON path, if a value has a wrong type, if a day contradicts itself, or if no day has a
/// readable date.
pub fn read_days<'de, R: RawDay<'de>>(body: &'de [u8]) -> Result<Days, SourceError> {
    // Tracking the JSON path takes longer than parsing, and only error messages need the path. So an answer
    // that cannot be parsed is parsed again with paths.
    let AnyDays { parsed, contradiction, .. } = match serde_json::from_slice::<AnyDays<R>>(body) {
        Ok(days) => days,
        Err(_) => read_with_paths(body)?,
    };
    if let Some((index, message)) = contradiction {
        return Err(SourceError::Malformed { path: format!("[{index}].date"), message });
    }
    match parsed.adjustments.first {
        Some(message) if parsed.days.is_empty() => {
            Err(SourceError::Malformed { path: "[0].date".into(), message })
        }
        _ => Ok(parsed),
    }
}

/// Parses the answer, and adds the JSON path to an error.
fn read_with_paths<'de, R: RawDay<'de>>(body: &'de [u8]) -> Result<AnyDays<R>, SourceError> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let days = serde_path_to_error::deserialize::<_, AnyDays<R>>(&mut json)
        .map_err(|error| malformed(&error.path().to_string(), error.inner(), body))?;
    json.end().map_err(|error| malformed(".", &error, body))?;
    Ok(days)
}

/// The most characters of an unreadable date that a message quotes.
const MAX_DATE_LEN: usize = 80;

/// The most characters of the description of a problem, which may quote a text of the answer as a whole.
const MAX_PROBLEM_LEN: usize = 400;

/// The most characters of a JSON path in a message. The path contains the site's keys, which may be any text.
const MAX_PATH_LEN: usize = 200;

/// The error of an answer with a `problem` at a JSON path. At its root the answer is not in the form of the site
/// at all: it is no JSON, or JSON of another type. The message quotes the beginning of the answer.
pub fn malformed(path: &str, problem: impl Display, body: &[u8]) -> SourceError {
    let begin = String::from_utf8_lossy(&body[..body.len().min(200)]);
    let problem = one_line(&problem.to_string(), MAX_PROBLEM_LEN);
    let message = format!("{problem}; the answer begins{}", quoted(&begin));
    let path = one_line(path, MAX_PATH_LEN);
    if path == "." {
        SourceError::Foreign { path, message }
    } else {
        SourceError::Malformed { path, message }
    }
}

/// Reads the date of a day. None if it is not readable.
///
/// # Errors
/// The site contradicts itself: the date is not midnight UTC, or its other field names another day. Then it
/// probably writes its dates in another way, and every date of the answer may be wrong.
fn read_date<'de>(day: &impl RawDay<'de>) -> Result<Option<NaiveDate>, String> {
    let Some(text) = day.date() else { return Ok(None) };
    let (Some(date), Some(rest)) = (text.get(..10), text.get(10..)) else { return Ok(None) };
    let Ok(date) = date.parse::<NaiveDate>() else { return Ok(None) };
    let quoted = |text: &str| format!("{:?}", one_line(text, MAX_DATE_LEN));
    if !rest.is_empty() && !is_midnight(text, date) {
        let other = day.other_date();
        let other = other.map(|(field, value)| format!(" ({field} is {})", quoted(value)));
        let other = other.unwrap_or_default();
        return Err(format!("date is {}, which is not midnight UTC{other}", quoted(text)));
    }
    let other = day.other_date().and_then(|(field, value)| {
        Some((field, value, NaiveDate::parse_from_str(value.trim(), "%d.%m.%Y").ok()?))
    });
    match other {
        Some((field, value, other)) if other != date => {
            Err(format!("date is {}, but {field} is {}", quoted(text), quoted(value)))
        }
        _ => Ok(Some(date)),
    }
}

/// Whether an instant, or a time without a zone, is midnight UTC at the start of the date.
fn is_midnight(text: &str, date: NaiveDate) -> bool {
    let midnight = date.and_time(NaiveTime::MIN);
    let instant = DateTime::parse_from_rfc3339(text).map(|instant| instant.naive_utc());
    let time = instant.or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f"));
    time == Ok(midnight)
}

/// Days that are normalised while the answer is parsed, so that a large answer takes little memory.
struct AnyDays<R> {
    parsed: Days,
    /// The index of the first day whose fields contradict each other, and how.
    contradiction: Option<(usize, String)>,
    raw: PhantomData<R>,
}

impl<'de, R: RawDay<'de>> Deserialize<'de> for AnyDays<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(DaysVisitor::<R>(PhantomData))
    }
}

struct DaysVisitor<R>(PhantomData<R>);

impl<'de, R: RawDay<'de>> Visitor<'de> for DaysVisitor<R> {
    type Value = AnyDays<R>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of days")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<AnyDays<R>, A::Error> {
        let (mut parsed, mut contradiction) = (Days::default(), None);
        for index in 0.. {
            let Some(day) = array.next_element::<R>()? else { break };
            if index == R::MAX_DAYS {
                return Err(A::Error::custom(format_args!("more than {} days", R::MAX_DAYS)));
            }
            match read_date(&day) {
                Ok(Some(date)) => {
                    parsed.days.push(day.normalised(date, &mut parsed.unknown_values));
                }
                Err(message) => drop(contradiction.get_or_insert((index, message))),
                Ok(None) => parsed.adjustments.add(|| {
                    let date = day.date().map(|date| one_line(date, MAX_DATE_LEN));
                    format!("day {index} has no readable date: {date:?}")
                }),
            }
        }
        Ok(AnyDays { parsed, contradiction, raw: PhantomData })
    }
}

/// A text that is borrowed from the answer unless it has escapes, because an answer has one for each day.
#[derive(Debug, Deserialize)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// The sum of the numbers of places in an object, whatever its keys are. None if the object has no number.
#[derive(Clone, Copy, Debug)]
pub struct SumOfPlaces(pub Option<i64>);

impl<'de> Deserialize<'de> for SumOfPlaces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Sum;
        impl<'de> Visitor<'de> for Sum {
            type Value = SumOfPlaces;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SumOfPlaces, A::Error> {
                let mut sum = None;
                while let Some((_, places)) = map.next_entry::<IgnoredAny, Option<Places>>()? {
                    sum = Places::sum(sum.map(Places).into_iter().chain(places));
                }
                Ok(SumOfPlaces(sum))
            }
        }
        deserializer.deserialize_map(Sum)
    }
}

/// A whole number of places. A number outside the range of `i64` becomes the nearest `i64`, and is adjusted
/// later like other absurd numbers. A fraction or a text is an error.
#[derive(Clone, Copy, Debug)]
pub struct Places(pub i64);

impl Places {
    /// The sum; outside the range of `i64` the nearest `i64`. None if there are no numbers.
    pub fn sum(places: impl IntoIterator<Item = Self>) -> Option<i64> {
        places.into_iter().map(|places| places.0).reduce(i64::saturating_add)
    }
}

impl<'de> Deserialize<'de> for Places {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        let float = || number.as_f64().filter(|float| float.fract() == 0.0);
        // A cast of a float saturates.
        let whole = number.as_i64().or_else(|| float().map(|float| float as i64));
        whole.map(Self).ok_or_else(|| {
            let float = number.as_f64().unwrap_or(f64::NAN);
            D::Error::invalid_type(Unexpected::Float(float), &"a whole number")
        })
    }
}
