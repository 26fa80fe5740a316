//! What the answers of all sites have in common: arrays of days, in which any field may be missing,
//! null or absurd, and how one is told that is something else.

use std::borrow::Cow;
use std::fmt::Display;
use std::marker::PhantomData;

use chrono::NaiveDate;
use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::error::{SourceError, said};
use crate::domain::availability::{Adjustments, SiteDay};
use crate::text::clean::one_line;

/// One day as a site tells it.
pub trait RawDay<'de>: Deserialize<'de> {
    /// More days than the site ever lists in one answer.
    const MAX_DAYS: usize;

    /// The day in the site's words, which begin with `YYYY-MM-DD`.
    fn date(&self) -> Option<&str>;

    /// The day in our words.
    fn normalised(&self, date: NaiveDate) -> SiteDay;
}

/// The days of an answer, and what of it could not be read as one.
#[derive(Debug, Default)]
pub struct Days {
    pub days: Vec<SiteDay>,
    pub adjustments: Adjustments,
}

/// Reads an answer that is an array of days.
///
/// # Errors
/// `Malformed`, naming the JSON path, for a wrong type, or where no day has a readable date.
pub fn read_days<'de, R: RawDay<'de>>(body: &'de [u8]) -> Result<Days, SourceError> {
    // To know at each value where it is takes longer than to read it, and is of use in errors alone.
    let AnyDays(read, _) = match serde_json::from_slice::<AnyDays<R>>(body) {
        Ok(days) => days,
        Err(_) => read_with_paths(body)?,
    };
    match read.adjustments.first {
        Some(message) if read.days.is_empty() => {
            Err(SourceError::Malformed { path: "[0].date".into(), message })
        }
        _ => Ok(read),
    }
}

/// The same, and tells at which path an error is.
fn read_with_paths<'de, R: RawDay<'de>>(body: &'de [u8]) -> Result<AnyDays<R>, SourceError> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let days = serde_path_to_error::deserialize::<_, AnyDays<R>>(&mut json)
        .map_err(|error| malformed(&error.path().to_string(), error.inner(), body))?;
    json.end().map_err(|error| malformed(".", &error, body))?;
    Ok(days)
}

/// How much is told of a date that is none.
const MAX_DATE_LEN: usize = 80;

/// Keys of the site's making may be any text.
const MAX_PATH_LEN: usize = 200;

/// An answer that is not what it should be, at a path of its JSON.
pub fn malformed(path: &str, problem: impl Display, body: &[u8]) -> SourceError {
    let begin = String::from_utf8_lossy(&body[..body.len().min(200)]);
    let message = format!("{problem}; the answer begins{}", said(&begin));
    SourceError::Malformed { path: one_line(path, MAX_PATH_LEN), message }
}

/// The first ten characters are the day.
fn read_date(text: Option<&str>) -> Option<NaiveDate> {
    text?.get(..10)?.parse().ok()
}

/// Days, each normalised as it is read, so that a large answer takes little memory.
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
        let mut read = Days::default();
        for index in 0.. {
            let Some(day) = array.next_element::<R>()? else { break };
            if index == R::MAX_DAYS {
                return Err(A::Error::custom(format_args!("more than {} days", R::MAX_DAYS)));
            }
            match read_date(day.date()) {
                Some(date) => read.days.push(day.normalised(date)),
                None => read.adjustments.add(|| {
                    let date = day.date().map(|date| one_line(date, MAX_DATE_LEN));
                    format!("day {index} has no readable date: {date:?}")
                }),
            }
        }
        Ok(read)
    }
}

/// A text that lies where the answer does, unless it has escapes: an answer has one for each day.
#[derive(Debug, Deserialize)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// The sum of an object's numbers of places, whatever they are of; null is none.
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

/// A whole number. One that no computer counts in is the nearest that it does, to be put right with
/// the other absurd ones; a fraction or a text is no number of places.
#[derive(Clone, Copy, Debug)]
pub struct Places(pub i64);

impl Places {
    /// The sum, or the nearest number to it that a computer counts in.
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
