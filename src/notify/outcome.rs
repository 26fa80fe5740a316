//! What came of an attempt to send a message.

use std::fmt;
use std::time::Duration;

use thiserror::Error;

/// How many characters of a receiver's reply are kept: enough for its first sentence.
pub const MAX_REPLY_LEN: usize = 120;

/// The receiver took the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What came back, on one short line, such as `200 OK: queued`.
    pub reply: String,
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reply)
    }
}

/// The message was not sent, or nothing confirmed that it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SendError {
    /// What is wrong and what to do, on one line and without secrets.
    pub message: String,
    /// How long the receiver asked to wait.
    pub retry_after: Option<Duration>,
    /// Whether another attempt fails in the same way until somebody changes the channel or its receiver.
    pub is_permanent: bool,
}

impl SendError {
    /// An error that may pass by itself.
    #[must_use]
    pub fn transient(message: impl Into<String>) -> Self {
        Self { message: message.into(), retry_after: None, is_permanent: false }
    }

    /// An error that somebody has to mend.
    #[must_use]
    pub fn permanent(message: impl Into<String>) -> Self {
        Self { message: message.into(), retry_after: None, is_permanent: true }
    }
}
