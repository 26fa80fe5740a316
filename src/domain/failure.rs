//! Why a hut could not be updated: a kind from a fixed list, and a message.

use serde::Serialize;
use strum::{Display, IntoStaticStr, VariantArray};

use crate::text::clean::one_line;

/// Why a hut could not be updated, in the words of the report.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Display, IntoStaticStr, VariantArray, Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ErrorKind {
    Timeout,
    Connect,
    RateLimited,
    HttpStatus,
    Malformed,
    Empty,
    UnknownHut,
    TooLarge,
    Database,
}

/// Why a hut could not be updated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    pub kind: ErrorKind,
    pub message: String,
}

/// The longest message of a failure, which may quote what a site said.
const MAX_MESSAGE_LEN: usize = 500;

impl Failure {
    /// A failure in words that may come from a site: on one line, and not too long.
    #[must_use]
    pub fn new(kind: ErrorKind, message: &str) -> Self {
        Self { kind, message: one_line(message, MAX_MESSAGE_LEN) }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}
