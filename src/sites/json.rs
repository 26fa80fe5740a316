//! Limits the memory that parsing an answer takes. A tree of many small values takes fifty times the memory of its
//! text, and an error message quotes a text of the wrong type as a whole.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::Formatter;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The most values of a tree. A page of huts has some hundreds.
const MAX_VALUES: usize = 30_000;

/// Bytes. The texts of shorter answers are not cut.
const LARGE: usize = 512 * 1024;

/// The most bytes of a text of a large answer. No field is that long.
const MAX_TEXT_LEN: usize = 16 * 1024;

/// A JSON answer in which long texts are cut, if it is large.
#[must_use]
pub fn with_short_texts(body: &[u8]) -> Cow<'_, [u8]> {
    let (mut shortened, mut copied) = (Vec::new(), 0);
    let mut at = if body.len() > LARGE { 0 } else { body.len() };
    while let Some(quote) = body[at..].iter().position(|byte| *byte == b'"') {
        let start = at + quote + 1;
        let Extent { cut, end } = extent(body, start);
        if let Some(cut) = cut {
            shortened.extend_from_slice(&body[copied..cut]);
            copied = end;
        }
        at = (end + 1).min(body.len());
    }
    if copied == 0 {
        return Cow::Borrowed(body);
    }
    shortened.extend_from_slice(&body[copied..]);
    Cow::Owned(shortened)
}

/// Where a text ends, and where it can be cut if it is too long.
struct Extent {
    cut: Option<usize>,
    /// The closing quote, or the end of the answer.
    end: usize,
}

/// The extent of the text that begins at `start`.
fn extent(body: &[u8], start: usize) -> Extent {
    let (mut at, mut cut, mut is_half) = (start, None, false);
    while let Some(byte) = body.get(at).filter(|byte| **byte != b'"') {
        let is_inside_character = is_half || byte & 0xc0 == 0x80;
        if cut.is_none() && at - start >= MAX_TEXT_LEN && !is_inside_character {
            cut = Some(at);
        }
        // Escapes are not divided, and neither are the two escapes of a character outside the basic plane.
        let escape = body.get(at..at + 4).unwrap_or_default();
        let escape = if *byte == b'\\' { escape } else { &[] };
        is_half = matches!(escape, [_, b'u', b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B']);
        at += match escape.get(1) {
            Some(b'u') => 6,
            Some(_) => 2,
            None => 1,
        };
    }
    Extent { cut, end: at.min(body.len()) }
}

/// Parses JSON into a tree.
///
/// # Errors
/// If it is no JSON, or has more than `MAX_VALUES` values.
pub fn tree(body: &[u8]) -> serde_json::Result<Value> {
    let body = with_short_texts(body);
    let mut json = serde_json::Deserializer::from_slice(&body);
    let value = AnyValue { count: &Cell::new(0) }.deserialize(&mut json)?;
    json.end()?;
    Ok(value)
}

/// Reads one value with everything in it.
#[derive(Clone, Copy)]
struct AnyValue<'a> {
    /// The number of values that were read so far.
    count: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for AnyValue<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count.set(self.count.get() + 1);
        if self.count.get() > MAX_VALUES {
            return Err(D::Error::custom(format_args!("more than {MAX_VALUES} values")));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = array.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            values.insert(key, object.next_value_seed(self)?);
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_the_same_as_that_of_the_library() {
        let all = r#" {"a": [null, true, -1, 18446744073709551615, 1.5e3, "ü\n\ud83d\ude00"], "b": {}, "b": [[]]} "#;
        let expected: Value = serde_json::from_str(all).unwrap();
        assert_eq!(tree(all.as_bytes()).unwrap(), expected);
        for broken in ["", "[1", "[] x", "{\"a\"}", "[1e999]", "\"\u{1}\"", &"[".repeat(1000)] {
            let expected = serde_json::from_str::<Value>(broken).unwrap_err().to_string();
            assert_eq!(tree(broken.as_bytes()).unwrap_err().to_string(), expected, "{broken}");
        }
    }

    #[test]
    fn a_tree_of_too_many_values_is_an_error() {
        let array = |count: usize| format!("[{}]", vec!["{\"\":0}"; count].join(","));
        // The array, and two values for each item.
        let most = (MAX_VALUES - 1) / 2;
        assert!(tree(array(most).as_bytes()).is_ok());
        let error = tree(array(most + 1).as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("more than 30000 values"), "{error}");
    }

    #[test]
    fn long_texts_of_large_answers_are_cut_between_characters() {
        for character in ["x", "ü", "\\u00fc", "\\\\", "\\\"", "😀", "\\ud83d\\ude00"] {
            let short = character.repeat(10);
            for shift in ["", "a", "ab"] {
                let long = format!("{shift}{}", character.repeat(LARGE / character.len()));
                let body = format!("[\"{long}\", \"{short}\", {{\"{long}\": 1}}, 2]");
                let cut = with_short_texts(body.as_bytes());
                assert!(cut.len() < 2 * MAX_TEXT_LEN + 200, "{character}: {}", cut.len());
                let whole: Value = serde_json::from_str(&body).unwrap();
                let cut: Value = serde_json::from_slice(&cut).unwrap();
                let beginning = cut[0].as_str().unwrap();
                assert!(whole[0].as_str().unwrap().starts_with(beginning) && !beginning.is_empty());
                assert_eq!((&cut[1], &cut[3]), (&whole[1], &whole[3]));
                assert!(cut[2].as_object().unwrap().contains_key(beginning));
            }
        }
        let small = format!("[\"{}\"]", "x".repeat(LARGE - 4));
        assert_eq!(with_short_texts(small.as_bytes()), small.as_bytes());
        for broken in ["[\"", "[\"\\", "[\"\\u", "[\"\\ud8"] {
            let body = [" ".repeat(LARGE).as_bytes(), broken.as_bytes()].concat();
            assert_eq!(with_short_texts(&body), body);
            let body = format!("[\"{}{}", "x".repeat(LARGE), &broken[2..]);
            assert!(with_short_texts(body.as_bytes()).len() < MAX_TEXT_LEN + 10);
        }
    }
}
