//! Reads the fields of a hut in a site's JSON. Any field may be missing or have any value.

use std::fmt::Display;

use serde_json::{Map, Value};

use super::listing::Unreadable;
use crate::domain::field::MAX_NAME_LEN;
use crate::text::clean::{one_line, tidy};

/// The most characters of an unreadable value, and of the reason, that are kept.
const MAX_VALUE_LEN: usize = 80;

/// The fields of one JSON object. Each requested field that cannot be read is noted in `unreadable`.
pub struct Fields<'a> {
    object: &'a Map<String, Value>,
    pub unreadable: Vec<Unreadable>,
}

impl<'a> Fields<'a> {
    #[must_use]
    pub fn new(object: &'a Map<String, Value>) -> Self {
        Self { object, unreadable: Vec::new() }
    }

    /// The value of a field. None if it is missing or null.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<&'a Value> {
        self.object.get(field).filter(|value| !value.is_null())
    }

    /// Notes that a field cannot be read. Only the first reason of a field is kept.
    pub fn note(&mut self, field: &'static str, reason: impl Display) {
        if self.unreadable.iter().any(|unreadable| unreadable.field == field) {
            return;
        }
        let value = match self.value(field) {
            None => String::new(),
            Some(Value::String(text)) => one_line(text, MAX_VALUE_LEN),
            Some(Value::Array(items)) => format!("an array of {}", items.len()),
            Some(Value::Object(_)) => "an object".to_owned(),
            Some(value) => value.to_string(),
        };
        let reason = one_line(&reason.to_string(), MAX_VALUE_LEN);
        self.unreadable.push(Unreadable { field, value, reason });
    }

    /// Reads a field from its value. A missing value is noted.
    pub fn read<T, E: Display>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&'a Value) -> Result<T, E>,
    ) -> Option<T> {
        let read = match self.value(field) {
            None => Err("is missing".to_owned()),
            Some(value) => read(value).map_err(|error| error.to_string()),
        };
        read.map_err(|reason| self.note(field, reason)).ok()
    }

    /// Reads a field from its text. A number is read like its digits.
    pub fn text<T, E: Display>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        self.read(field, |value| match value {
            Value::String(text) => read(text).map_err(|error| error.to_string()),
            Value::Number(number) => read(&number.to_string()).map_err(|error| error.to_string()),
            _ => Err("is neither a text nor a number".to_owned()),
        })
    }

    /// Reads a country code of two letters, in upper case.
    pub fn country(&mut self, field: &'static str) -> Option<String> {
        self.text(field, |text| match text.trim() {
            code if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                Ok(code.to_ascii_uppercase())
            }
            _ => Err("is not a country code of two letters"),
        })
    }

    /// Reads a name as plain text.
    pub fn name(&mut self, field: &'static str) -> Option<String> {
        self.text(field, plain_name)
    }
}

/// The name without markup, control characters and surplus spaces, with composed accents.
fn plain_name(text: &str) -> Result<String, &'static str> {
    if text.chars().count() > 10 * MAX_NAME_LEN {
        return Err("is too long for a name");
    }
    let plain =
        if text.contains(['<', '&']) { nanohtml2text::html2text(text) } else { text.into() };
    match tidy(&plain) {
        name if name.is_empty() => Err("is empty"),
        name if name.chars().count() > MAX_NAME_LEN => Err("is too long for a name"),
        name if !name.contains(char::is_alphanumeric) => Err("has no letter"),
        name => Ok(name),
    }
}

/// Whether a name belongs to a test entry of a site's developers: `ZZZ TEST`, `testhuette_elca`, `TEST123`,
/// `AV Testhütte`. `Testa Grigia` is the name of a peak.
#[must_use]
pub fn is_test_entry(name: &str) -> bool {
    // Entries of hut-reservation.org that are not huts.
    const OTHERS: [&str; 2] = ["Hüttenrunde Gipfelwege", "Prova"];
    let is_test = |word: &str| {
        let rest = word.to_lowercase().strip_prefix("test").map(str::to_owned);
        rest.is_some_and(|rest| {
            rest.chars().all(|c| c.is_ascii_digit())
                || ["hütte", "huette", "hut"].iter().any(|hut| rest.starts_with(hut))
        })
    };
    OTHERS.contains(&name) || name.split(|c: char| !c.is_alphanumeric()).any(is_test)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn name(value: &Value) -> Result<String, String> {
        let object = json!({ "name": value });
        let mut fields = Fields::new(object.as_object().unwrap());
        fields.name("name").ok_or_else(|| fields.unreadable[0].reason.clone())
    }

    #[test]
    fn a_name_is_plain_text() {
        assert_eq!(name(&json!(" Albert-Heim-Hütte  SAC\n")).unwrap(), "Albert-Heim-Hütte SAC");
        assert_eq!(name(&json!("<b>Obere</b> H&uuml;tte &amp; Alp")).unwrap(), "Obere Hütte & Alp");
        assert_eq!(name(&json!("Hu\u{308}tte\u{0}\u{1b}[31m")).unwrap(), "Hütte [31m");
        assert_eq!(name(&json!("Monte Casale \"Don Zio Pisoni\"")).unwrap().len(), 29);
        assert_eq!(name(&json!(29)).unwrap(), "29");
    }

    #[test]
    fn a_value_that_is_not_a_name_is_unreadable() {
        assert_eq!(name(&json!(null)).unwrap_err(), "is missing");
        assert_eq!(name(&json!(["a"])).unwrap_err(), "is neither a text nor a number");
        assert_eq!(name(&json!("\t\u{0}")).unwrap_err(), "is empty");
        assert_eq!(name(&json!("<script>alert(1)</script>")).unwrap_err(), "is empty");
        assert_eq!(name(&json!("---")).unwrap_err(), "has no letter");
        assert_eq!(name(&json!("x".repeat(10_000))).unwrap_err(), "is too long for a name");
    }

    #[test]
    fn test_entries_are_distinguished_from_huts() {
        for name in [
            "ZZZ TEST Monbijouhütte",
            "ZZZ TEST",
            "testhuette_elca",
            "TEST123",
            "AV Testhütte",
            "AVS Testhütte",
            "Testhütte Carolin",
            "Hüttenrunde Gipfelwege",
        ] {
            assert!(is_test_entry(name), "{name}");
        }
        for name in ["Testa Grigia", "Rifugio Contestabile", "Attesthütte", "Testone"] {
            assert!(!is_test_entry(name), "{name}");
        }
    }
}
