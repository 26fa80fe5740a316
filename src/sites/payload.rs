//! Parses what the answers of all sites have in common: an array of days, in which any field may be
//! missing, null or absurd. Errors name the JSON path.

use std::borrow::Cow;
use std::fmt::Display;
use std::marker::PhantomData;

use chrono::NaiveDate;
use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::error::{SourceError, quoted};
use crate::domain::availability::{Adjustments, SiteDay};
use crate::text::clean::one_line;

/// One day in a site's format.
pub trait RawDay<'de>: Deserialize<'de> {
    /// The most days that one answer may have; more than the site ever lists.
    const MAX_DAYS: usize;

    /// The date as the site writes it. It begins with `YYYY-MM-DD`.
    fn date(&self) -> Option<&str>;

    /// The day in the common format of all sites.
    fn normalised(&self, date: NaiveDate) -> SiteDay;
}

/// The days of an answer, and the entries that could not be read.
#[derive(Debug, Default)]
pub struct Days {
    pub days: Vec<SiteDay>,
    pub adjustments: Adjustments,
}

/// Reads an answer that is an array of days.
///
/// # Errors
/// `Malformed`, with the JSON path, if a value has a wrong type or no day has a readable date.
pub fn read_days<'de, R: RawDay<'de>>(body: &'de [u8]) -> Result<Days, SourceError> {
    // Tracking the JSON path takes longer than parsing, and only error messages need the path. So an answer
    // that cannot be parsed is parsed again with paths.
    let AnyDays(parsed, _) = match serde_json::from_slice::<AnyDays<R>>(body) {
        Ok(days) => days,
        Err(_) => read_with_paths(body)?,
    };
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

/// The most characters of a JSON path in a message. The path contains the site's keys, which may be any text.
const MAX_PATH_LEN: usize = 200;

/// The error of an answer with a `problem` at a JSON path. The message quotes the beginning of the answer.
pub fn malformed(path: &str, problem: impl Display, body: &[u8]) -> SourceError {
    let begin = String::from_utf8_lossy(&body[..body.len().min(200)]);
    let message = format!("{problem}; the answer begins{}", quoted(&begin));
    SourceError::Malformed { path: one_line(path, MAX_PATH_LEN), message }
}

/// Reads the date from the first ten characters.
fn read_date(text: Option<&str>) -> Option<NaiveDate> {
    text?.get(..10)?.parse().ok()
}

/// Days that are normalised while the answer is parsed, so that a large answer takes little memory.
struct AnyDays<R>(Days, PhantomData<R>);

impl<'de, R: RawDay<'de>> Deserialize<'de> for AnyDays<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let days = deserializer.deserialize_seq(DaysVisitor::<R>(PhantomData))?;
        Ok(Self(days, PhantomData))
    }
}

struct DaysVisitor<R>(PhantomData<R>);

impl<'de, R: RawDay<'de>> Visitor<'de> for DaysVisitor<R> {
    type Value = Days;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of days")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Days, A::Error> {
        let mut parsed = Days::default();
        for index in 0.. {
            let Some(day) = array.next_element::<R>()? else { break };
            if index == R::MAX_DAYS {
                return Err(A::Error::custom(format_args!("more than {} days", R::MAX_DAYS)));
            }
            match read_date(day.date()) {
                Some(date) => parsed.days.push(day.normalised(date)),
                None => parsed.adjustments.add(|| {
                    let date = day.date().map(|date| one_line(date, MAX_DATE_LEN));
                    format!("day {index} has no readable date: {date:?}")
                }),
            }
        }
        Ok(parsed)
    }
}

/// A text that is borrowed from the answer unless it has escapes, because an answer has one for each day.
#[derive(Debug, Deserialize)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// The sum of the numbers of places in an object, whatever its keys are. Null counts as 0.
#[derive(Clone, Copy, Debug)]
pub struct SumOfPlaces(pub i64);

impl<'de> Deserialize<'de> for SumOfPlaces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Sum;
        impl<'de> Visitor<'de> for Sum {
            type Value = SumOfPlaces;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SumOfPlaces, A::Error> {
                let mut sum = 0;
                while let Some((_, places)) = map.next_entry::<IgnoredAny, Option<Places>>()? {
                    sum = Places::sum([Places(sum)].into_iter().chain(places));
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
    /// The sum; outside the range of `i64` the nearest `i64`.
    pub fn sum(places: impl IntoIterator<Item = Self>) -> i64 {
        places.into_iter().fold(0, |sum, places| sum.saturating_add(places.0))
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
