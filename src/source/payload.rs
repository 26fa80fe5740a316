//! What the sites' answers have in common.

use std::fmt::Display;

use super::{SourceError, one_line, said};

/// An answer that is not what it should be, at a path of its JSON.
pub fn not_as_expected(path: &str, what: impl Display, body: &[u8]) -> SourceError {
    let begin = String::from_utf8_lossy(&body[..body.len().min(200)]);
    let message = format!("{what}; the answer begins{}", said(&begin));
    SourceError::Malformed { path: one_line(path, 200), message }
}
