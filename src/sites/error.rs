//! How asking a site fails.

use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::NaiveDate;

use crate::domain::failure::ErrorKind;
use crate::text::clean::one_line;

/// How much of the address that a site points to is told.
const MAX_LOCATION_LEN: usize = 200;

/// How asking a site failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    #[error("no complete answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    #[error("{0}")]
    Connect(String),
    #[error("the site asks for fewer requests (HTTP {status}){}", said(body))]
    RateLimited { status: u16, retry_after: Option<Duration>, body: String },
    #[error("the site asked for no requests for another {} s", .0.as_secs())]
    Paused(Duration),
    #[error("HTTP {status}{}", said(body))]
    HttpStatus { status: u16, retry_after: Option<Duration>, body: String },
    #[error(
        "HTTP {status} redirects to {}, which is not followed; if the site has moved there, name its \
         new address with --source-url",
        one_line(location, MAX_LOCATION_LEN)
    )]
    Redirect { status: u16, location: String },
    #[error("HTTP 419: the site refuses the token that it has just given out")]
    TokenRefused,
    /// `path` is the place in the JSON, such as `[12].freeBeds`, or `2026-06[12].totalPlaces` where there
    /// is one answer for each month.
    #[error("at {path}: {message}")]
    Malformed { path: String, message: String },
    #[error("the site lists {listed} dates, none from {} to {}", dates.start(), dates.end())]
    Empty { listed: usize, dates: RangeInclusive<NaiveDate> },
    #[error("the site does not know the hut {0:?}")]
    UnknownHut(String),
    #[error("the answer is larger than {} MiB", .0 / 1024 / 1024)]
    TooLarge(usize),
    #[error("the times of requests cannot be agreed on with other runs: {0}")]
    Database(String),
    /// A bug of ours, met on this answer.
    #[error("the program failed on this answer, which is a bug: {0}")]
    Panic(String),
}

impl SourceError {
    /// Whether nothing was asked of the site.
    #[must_use]
    pub fn is_unasked(&self) -> bool {
        matches!(self, Self::Paused(_) | Self::Database(_))
    }

    /// The word for it in the report.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Timeout(_) => ErrorKind::Timeout,
            Self::Connect(_) => ErrorKind::Connect,
            Self::RateLimited { .. } | Self::Paused(_) => ErrorKind::RateLimited,
            Self::HttpStatus { .. } | Self::Redirect { .. } | Self::TokenRefused => {
                ErrorKind::HttpStatus
            }
            Self::Malformed { .. } => ErrorKind::Malformed,
            Self::Empty { .. } => ErrorKind::Empty,
            Self::UnknownHut(_) => ErrorKind::UnknownHut,
            Self::TooLarge(_) => ErrorKind::TooLarge,
            Self::Database(_) => ErrorKind::Database,
            Self::Panic(_) => ErrorKind::Internal,
        }
    }
}

/// The beginning of what a site said, for a message on one line.
pub(super) fn said(body: &str) -> String {
    const LONGEST: usize = 80;
    match one_line(body, LONGEST) {
        line if line.is_empty() => String::new(),
        line => format!(": {line}"),
    }
}
