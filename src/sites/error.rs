//! The errors of requests to a booking site.

use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::NaiveDate;

use crate::domain::failure::ErrorKind;
use crate::text::clean::one_line;

/// The most characters of a redirect's address that a message quotes.
const MAX_LOCATION_LEN: usize = 200;

/// Why a request to a booking site failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    #[error("no complete answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    #[error("{0}")]
    Connect(String),
    #[error("the site asks for fewer requests (HTTP {status}){}", quoted(body))]
    RateLimited { status: u16, retry_after: Option<Duration>, body: String },
    #[error("the site wants no requests for another {} s", .0.as_secs())]
    Paused(Duration),
    #[error("HTTP {status}{}", quoted(body))]
    HttpStatus { status: u16, retry_after: Option<Duration>, body: String },
    #[error(
        "HTTP {status} redirects to {}, which is not followed; if the site has moved there, name its \
         new address with --source-url",
        one_line(location, MAX_LOCATION_LEN)
    )]
    Redirect { status: u16, location: String },
    #[error("HTTP 419: the site rejected the token that it has just issued")]
    TokenRefused,
    /// `path` is the place in the JSON, such as `[12].freeBeds`. If the site gives one answer for each month,
    /// the path begins with the month: `2026-06[12].totalPlaces`.
    #[error("at {path}: {message}")]
    Malformed { path: String, message: String },
    /// The answer is not in the form of this site at all, such as a page of HTML in place of JSON.
    #[error("at {path}: {message}")]
    Foreign { path: String, message: String },
    #[error("the site lists {listed} dates, none from {} to {}", dates.start(), dates.end())]
    Empty { listed: usize, dates: RangeInclusive<NaiveDate> },
    #[error("the site does not know the hut {0:?}")]
    UnknownHut(String),
    #[error("the answer is larger than {} MiB", .0 / 1024 / 1024)]
    TooLarge(usize),
    #[error("cannot coordinate request times with other runs: {0}")]
    Database(String),
    /// The program panicked while it read this answer.
    #[error("the program has a bug and panicked on this answer: {0}")]
    Panic(String),
}

impl SourceError {
    /// Whether no request was sent to the site.
    #[must_use]
    pub fn is_unasked(&self) -> bool {
        matches!(self, Self::Paused(_) | Self::Database(_))
    }

    /// The kind of the error in the report.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Timeout(_) => ErrorKind::Timeout,
            Self::Connect(_) => ErrorKind::Connect,
            Self::RateLimited { .. } | Self::Paused(_) => ErrorKind::RateLimited,
            Self::HttpStatus { .. } | Self::Redirect { .. } | Self::TokenRefused => {
                ErrorKind::HttpStatus
            }
            Self::Malformed { .. } | Self::Foreign { .. } => ErrorKind::Malformed,
            Self::Empty { .. } => ErrorKind::Empty,
            Self::UnknownHut(_) => ErrorKind::UnknownHut,
            Self::TooLarge(_) => ErrorKind::TooLarge,
            Self::Database(_) => ErrorKind::Database,
            Self::Panic(_) => ErrorKind::Internal,
        }
    }
}

/// The beginning of a site's answer, after a colon, for a message of one line. Empty if the answer is empty.
pub(super) fn quoted(body: &str) -> String {
    const MAX_LEN: usize = 80;
    match one_line(body, MAX_LEN) {
        line if line.is_empty() => String::new(),
        line => format!(": {line}"),
    }
}
