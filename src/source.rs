//! Booking sites: what the program asks of one, and how that fails.

pub mod client;
pub mod hut_reservation;
pub mod retry;
pub mod spacing;

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use futures_util::future::BoxFuture;
use reqwest::Url;
use strum::{Display, IntoStaticStr};

use crate::availability::Answer;
use crate::hut::Organization;
use client::{Limits, SiteClient};

/// A booking site that can be asked for a hut. One object is one site: it spaces its requests, and
/// is shared by all checks that ask it.
pub trait BookingSource: Send + Sync {
    /// What the site says of the hut that it knows as `source_hut_id`. It may leave out dates beyond
    /// `dates` or list more.
    fn availability<'a>(
        &'a self,
        source_hut_id: &'a str,
        dates: &'a RangeInclusive<NaiveDate>,
    ) -> BoxFuture<'a, Result<Answer, SourceError>>;
}

/// The sites that a run can ask, by the slug of their organization.
pub type Sources = HashMap<String, Arc<dyn BookingSource>>;

/// A client for every organization that this version knows, at the site's own address unless
/// `base_urls` says another.
pub fn all(limits: &Limits, base_urls: &HashMap<Organization, Url>) -> anyhow::Result<Sources> {
    let base_url = |organization: Organization| {
        base_urls.get(&organization).cloned().unwrap_or_else(|| organization.default_base_url())
    };
    let hrs = SiteClient::new(base_url(Organization::Hrs), limits)?;
    let hrs: Arc<dyn BookingSource> = Arc::new(hut_reservation::HutReservation::new(hrs));
    Ok(HashMap::from([(Organization::Hrs.to_string(), hrs)]))
}

impl Organization {
    fn default_base_url(self) -> Url {
        let url = match self {
            Self::Hrs => hut_reservation::BASE_URL,
        };
        url.parse().expect("a valid constant")
    }

    /// The page where the hut that the site knows as `source_hut_id` is booked.
    #[must_use]
    pub fn booking_link(self, source_hut_id: &str) -> String {
        match self {
            Self::Hrs => hut_reservation::booking_link(source_hut_id),
        }
    }
}

/// Why a hut could not be updated, in the words of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, IntoStaticStr, serde::Serialize)]
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
    ToldToStop(Duration),
    #[error("HTTP {status}{}", said(body))]
    HttpStatus { status: u16, retry_after: Option<Duration>, body: String },
    /// `path` is the place in the JSON, such as `[12].freeBeds`.
    #[error("at {path}: {message}")]
    Malformed { path: String, message: String },
    #[error("the site lists {listed} dates, none from {} to {}", dates.start(), dates.end())]
    Empty { listed: usize, dates: RangeInclusive<NaiveDate> },
    #[error("the site does not know the hut {0:?}")]
    UnknownHut(String),
    #[error("the answer is larger than {} MiB", .0 / 1024 / 1024)]
    TooLarge(usize),
    /// A bug of ours, met on this answer.
    #[error("the program failed on this answer, which is a bug: {0}")]
    Panic(String),
}

impl SourceError {
    /// The word for it in the report.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Timeout(_) => ErrorKind::Timeout,
            Self::Connect(_) => ErrorKind::Connect,
            Self::RateLimited { .. } | Self::ToldToStop(_) => ErrorKind::RateLimited,
            Self::HttpStatus { .. } => ErrorKind::HttpStatus,
            Self::Malformed { .. } | Self::Panic(_) => ErrorKind::Malformed,
            Self::Empty { .. } => ErrorKind::Empty,
            Self::UnknownHut(_) => ErrorKind::UnknownHut,
            Self::TooLarge(_) => ErrorKind::TooLarge,
        }
    }
}

/// The beginning of what a site said, for a message on one line.
fn said(body: &str) -> String {
    const LONGEST: usize = 80;
    match one_line(body, LONGEST) {
        line if line.is_empty() => String::new(),
        line => format!(": {line}"),
    }
}

/// A text of others' making without line breaks and control characters, which neither a terminal nor
/// PostgreSQL takes well, cut off after so many characters.
#[must_use]
pub fn one_line(text: &str, longest: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
