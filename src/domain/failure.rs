//! Why a hut could not be updated: a kind from a fixed list, and a message.

use serde::Serialize;
use strum::{Display, IntoStaticStr, VariantArray};

use crate::text::clean::one_line;

/// The kind of a failure, as in the report.
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
    /// A clock is wrong, or was when something was stored.
    Clock,
    /// A fault of the program itself.
    Internal,
}

/// Why a hut could not be updated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    pub kind: ErrorKind,
    pub message: String,
}

/// The longest message of a failure, in characters. A message may quote what a site sent.
const MAX_MESSAGE_LEN: usize = 500;

impl Failure {
    /// A failure with a message that may come from a site. The message is cut to one line of limited length.
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
