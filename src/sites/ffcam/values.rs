//! The values of a page: objects with a value for each night. Any of them may be missing, null, or of another type,
//! and PHP writes an empty object as `[]`.

use std::collections::BTreeMap;
use std::fmt::Formatter;
use std::marker::PhantomData;

use chrono::NaiveDate;
use serde::de::{DeserializeOwned, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::page::Page;
use crate::domain::availability::Adjustments;
use crate::sites::error::SourceError;
use crate::sites::json::{self, with_short_texts};
use crate::text::clean::one_line;

/// The most nights of an object. A real one has about 62.
const MAX_NIGHTS: usize = 4000;

/// The most characters that are kept of a word, and of a key that is not a date.
const MAX_WORD_LEN: usize = 60;

/// What a page has under a name.
#[derive(Debug)]
pub enum Found<T> {
    /// Nothing, or null.
    Nothing,
    Object(T),
    /// A value of another type, described.
    Other(String),
}

/// Reads an object with a value for each night.
///
/// # Errors
/// `Malformed` if it is no JSON, or if a value in it is of a wrong type. The path names the night.
pub fn read<V: DeserializeOwned>(
    page: &Page<'_>,
    name: &str,
) -> Result<Found<ByNight<V>>, SourceError> {
    let Some(text) = page.json(name)? else { return Ok(Found::Nothing) };
    if !text.starts_with('{') {
        let found = tree(page, name)?;
        return Ok(found.map(|_| ByNight::default()));
    }
    let text = with_short_texts(text.as_bytes());
    // Like the days of other sites, an answer that cannot be parsed is parsed again with paths.
    let nights = serde_json::from_slice(&text).or_else(|_| {
        let mut json = serde_json::Deserializer::from_slice(&text);
        let nights = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            match error.path().to_string() {
                // The key itself is cut off.
                path if path == "." || path.ends_with('?') => page.malformed(name, error.inner()),
                path => page.malformed(&format!("{name}.{path}"), error.inner()),
            }
        })?;
        json.end().map_err(|error| page.malformed(name, error))?;
        Ok(nights)
    })?;
    Ok(Found::Object(nights))
}

/// Reads an object as a tree.
///
/// # Errors
/// `Malformed` if it is no JSON, or has too many values.
pub fn tree(
    page: &Page<'_>,
    name: &str,
) -> Result<Found<serde_json::Map<String, Value>>, SourceError> {
    let Some(text) = page.json(name)? else { return Ok(Found::Nothing) };
    let value = json::tree(text.as_bytes()).map_err(|error| page.malformed(name, error))?;
    Ok(match value {
        Value::Null => Found::Nothing,
        Value::Object(object) => Found::Object(object),
        Value::Array(items) if items.is_empty() => Found::Object(serde_json::Map::new()),
        Value::Array(items) => Found::Other(format!("an array of {}", items.len())),
        other => Found::Other(one_line(&other.to_string(), MAX_WORD_LEN)),
    })
}

impl<T> Found<T> {
    fn map<U>(self, convert: impl FnOnce(T) -> U) -> Found<U> {
        match self {
            Self::Nothing => Found::Nothing,
            Self::Object(object) => Found::Object(convert(object)),
            Self::Other(value) => Found::Other(value),
        }
    }
}

/// A value for each night. Of a night that has two values the last one holds.
#[derive(Debug)]
pub struct ByNight<V> {
    pub nights: BTreeMap<NaiveDate, V>,
    /// Keys that are not dates, and nights with two values.
    pub adjustments: Adjustments,
}

impl<V> Default for ByNight<V> {
    fn default() -> Self {
        Self { nights: BTreeMap::new(), adjustments: Adjustments::default() }
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for ByNight<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ByNightVisitor(PhantomData))
    }
}

struct ByNightVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for ByNightVisitor<V> {
    type Value = ByNight<V>;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value for each night")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ByNight<V>, A::Error> {
        let mut read = ByNight::default();
        for count in 0.. {
            let Some(key) = map.next_key::<String>()? else { break };
            if count == MAX_NIGHTS {
                return Err(A::Error::custom(format_args!("more than {MAX_NIGHTS} nights")));
            }
            let value = map.next_value()?;
            let Ok(night) = key.parse() else {
                let key = one_line(&key, MAX_WORD_LEN);
                read.adjustments.add(|| format!("{key:?} is not a date and was left out"));
                continue;
            };
            if read.nights.insert(night, value).is_some() {
                read.adjustments.add(|| format!("{night} has two values: the last one is used"));
            }
        }
        Ok(read)
    }
}

/// A number of places. None if it is null or an empty text. PHP may write numbers as texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub Option<i64>);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_unit<E>(self) -> Result<Number, E> {
        Ok(Number(None))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Number, E> {
        Ok(Number(Some(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Number, E> {
        Ok(Number(Some(i64::try_from(number).unwrap_or(i64::MAX))))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
        if number.fract() == 0.0 {
            // A cast of a float saturates.
            Ok(Number(Some(number as i64)))
        } else {
            Err(E::invalid_type(Unexpected::Float(number), &self))
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        match text.trim() {
            "" => Ok(Number(None)),
            digits => digits
                .parse()
                .map(|number| Number(Some(number)))
                .map_err(|_| E::invalid_type(Unexpected::Str(text), &self)),
        }
    }
}

/// A word of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    Nothing,
    Text(String),
    /// Describes a value that is not a word.
    Other(String),
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor)
    }
}

struct WordVisitor;

impl WordVisitor {
    fn other<E>(value: &impl ToString) -> Result<Word, E> {
        Ok(Word::Other(value.to_string()))
    }
}

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Word;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("a word")
    }

    fn visit_unit<E>(self) -> Result<Word, E> {
        Ok(Word::Nothing)
    }

    fn visit_str<E>(self, text: &str) -> Result<Word, E> {
        match one_line(text, MAX_WORD_LEN) {
            word if word.is_empty() => Ok(Word::Nothing),
            word => Ok(Word::Text(word)),
        }
    }

    fn visit_bool<E>(self, value: bool) -> Result<Word, E> {
        Self::other(&value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Word, E> {
        Self::other(&value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Word, E> {
        Self::other(&value)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Word, E> {
        Self::other(&value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Word, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Self::other(&"an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Word, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Self::other(&"an object")
    }
}
