//! A difference between two answers.

use serde::Serialize;
use serde_json::Value;
use strum::Display;

use super::question::{Area, Question};
use super::reason::Reason;

/// How two answers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Display, Serialize)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// One of the services gave no usable answer.
    NoAnswer,
    /// The status codes differ.
    Status,
    /// Only one of the services has the hut.
    HutMissing,
    /// Only one of the services has the night.
    NightMissing,
    /// The huts come in another order.
    Order,
    /// Only one of the answers has the field.
    FieldMissing,
    /// The values have different types.
    Type,
    Value,
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub kind: Kind,
    pub area: Area,
    /// The field, such as `free`; empty for a whole answer, hut or night.
    pub field: String,
    /// The hut and the night; empty where there is none.
    pub hut: String,
    pub night: String,
    /// The path that was asked.
    pub question: String,
    /// The values as JSON; none if there is none.
    pub ours: Option<String>,
    pub theirs: Option<String>,
    /// Why the difference is expected; none if it is not.
    pub reason: Option<Reason>,
}

/// The most characters of a value that are kept.
const MAX_VALUE_LEN: usize = 100;

/// Collects the differences between two answers to a question.
pub struct Collector<'a> {
    question: &'a Question,
    pub hut: String,
    pub night: String,
    found: Vec<Difference>,
}

impl<'a> Collector<'a> {
    #[must_use]
    pub fn new(question: &'a Question) -> Self {
        let hut = question.hut().unwrap_or_default().to_owned();
        Self { question, hut, night: String::new(), found: Vec::new() }
    }

    #[must_use]
    pub fn area(&self) -> Area {
        self.question.area()
    }

    /// Adds a difference at the current hut and night.
    pub fn add(
        &mut self,
        kind: Kind,
        field: &str,
        (ours, theirs): (Option<&Value>, Option<&Value>),
        reason: Option<Reason>,
    ) {
        let text = |value: Option<&Value>| value.map(shortened);
        self.found.push(Difference {
            kind,
            area: self.question.area(),
            field: field.to_owned(),
            hut: self.hut.clone(),
            night: self.night.clone(),
            question: self.question.path(),
            ours: text(ours),
            theirs: text(theirs),
            reason,
        });
    }

    /// The differences that were found.
    #[must_use]
    pub fn into_found(self) -> Vec<Difference> {
        self.found
    }
}

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= MAX_VALUE_LEN {
        return text;
    }
    text.chars().take(MAX_VALUE_LEN - 1).chain(['…']).collect()
}
