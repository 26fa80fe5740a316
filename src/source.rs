//! Booking sites: what the program asks of one, and how that fails.

pub mod client;
pub mod huetten_holiday;
pub mod hut_reservation;
pub mod manners;
pub mod payload;
pub mod retry;
pub mod shared_token;
pub mod site_hut;
pub mod spacing;

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::Url;

use crate::availability::Answer;
use crate::clean::one_line;
use crate::db::lasting::LastingDb;
use crate::failure::ErrorKind;
use crate::hut::Organization;
use crate::meter::Meter;
use crate::place::Place;
use crate::validators::Validators;
use client::{Limits, SiteClient};

/// A booking site that can be asked for a hut. One object is one site: it spaces its requests, and
/// is shared by all checks that ask it.
pub trait BookingSource: Send + Sync {
    /// What the site says of the hut that it knows as `source_hut_id`. It may leave out dates beyond
    /// `dates` or list more. It may say nothing where its answer is `known`.
    fn availability<'a>(
        &'a self,
        source_hut_id: &'a str,
        dates: &'a RangeInclusive<NaiveDate>,
        known: &'a Validators,
    ) -> BoxFuture<'a, Result<Reply, SourceError>>;

    /// Waits while a few requests wait for their time already: what is begun then would only be kept from
    /// other runs.
    fn ready(&self) -> BoxFuture<'_, ()> {
        futures_util::future::ready(()).boxed()
    }

    /// One step, from 1 on, of the walk through all huts that the site knows.
    fn discover(&self, step: u32) -> BoxFuture<'_, Result<Listing, SourceError>>;
}

/// What a site replies to the question for a hut.
#[derive(Clone, Debug)]
pub enum Reply {
    Answer(Answer),
    /// The answer is still the one that is known.
    Unmodified,
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

/// What one step of a walk through a site's huts found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    pub huts: Vec<SiteHut>,
    /// IDs of huts that the site has no more.
    pub gone: Vec<String>,
    /// IDs of entries that the site's makers test with. They are no huts.
    pub test_entries: Vec<String>,
    /// Of entries that are no hut, as one without an ID.
    pub unreadable: Vec<Unreadable>,
    /// The last step of the walk, where the site lists all of its huts on pages: a hut that is on
    /// none of them is gone, too. None where IDs are tried one by one.
    pub last_step: Option<u32>,
}

/// A hut as a site tells it; what it tells in no sound form is unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteHut {
    pub source_hut_id: String,
    pub name: Option<String>,
    /// Two letters, ISO 3166
    pub country: Option<String>,
    pub place: Option<Place>,
    /// Metres above the sea
    pub elevation: Option<i16>,
    /// Places with a warden, and without one
    pub capacity_open: Option<i16>,
    pub capacity_closed: Option<i16>,
    /// The page where the hut is booked.
    pub link: Option<String>,
    /// Whether the site takes bookings for it now.
    pub is_bookable: Option<bool>,
    pub unreadable: Vec<Unreadable>,
}

/// A field of a site's hut that is unknown to us.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Unreadable {
    /// As the site calls it.
    pub field: &'static str,
    /// What it says, cut off where it is long.
    pub value: String,
    /// Why that is not it: `is a placeholder`.
    pub reason: String,
}

/// The sites that a run can ask, by the slug of their organization.
pub type Sources = HashMap<String, Arc<dyn BookingSource>>;

/// A client for each of `organizations`, at the site's own address unless `base_urls` says another.
/// They tell `meter` where their time goes. Warns where a booking site itself is asked and no contact is
/// known. Requests are spaced together with those of other runs where there is a database to `agree` by.
///
/// # Errors
/// Those of [`SiteClient::new`].
pub fn clients(
    organizations: impl IntoIterator<Item = Organization>,
    limits: &Limits,
    base_urls: &HashMap<Organization, Url>,
    agree: Option<&LastingDb>,
    meter: &Meter,
) -> anyhow::Result<Sources> {
    let base_url = |organization: Organization| {
        let given = base_urls.get(&organization).cloned();
        (organization, given.unwrap_or_else(|| organization.default_base_url()))
    };
    let sites: Vec<_> = organizations.into_iter().map(base_url).collect();
    let with_slug = |(organization, base_url): &(Organization, Url)| {
        let slug = organization.to_string();
        let mut client = SiteClient::new(&slug, base_url.clone(), limits, meter)?;
        if let Some(db) = agree {
            client = client.spaced_with_other_runs(db.clone());
        }
        let source: Arc<dyn BookingSource> = match organization {
            Organization::Hrs => Arc::new(hut_reservation::HutReservation::new(client)),
            Organization::HuettenHoliday => Arc::new(huetten_holiday::HuettenHoliday::new(client)),
        };
        Ok((slug, source))
    };
    let sources = sites.iter().map(with_slug).collect::<anyhow::Result<_>>()?;
    if let Some(warning) = manners::warning(sites.iter().map(|(_, base_url)| base_url), limits) {
        tracing::warn!("{warning}");
    }
    Ok(sources)
}

impl Organization {
    fn default_base_url(self) -> Url {
        let url = match self {
            Self::Hrs => hut_reservation::BASE_URL,
            Self::HuettenHoliday => huetten_holiday::BASE_URL,
        };
        url.parse().expect("a valid constant")
    }

    /// The page where the hut that the site knows as `source_hut_id` is booked, where the ID says so.
    #[must_use]
    pub fn booking_link(self, source_hut_id: &str) -> Option<String> {
        match self {
            Self::Hrs => Some(hut_reservation::booking_link(source_hut_id)),
            Self::HuettenHoliday => None,
        }
    }
}

/// How much of the address that a site points to is told.
const LONGEST_LOCATION: usize = 200;

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
    #[error(
        "HTTP {status} redirects to {}, which is not followed; if the site has moved there, name its \
         new address with --source-url",
        one_line(location, LONGEST_LOCATION)
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
        matches!(self, Self::ToldToStop(_) | Self::Database(_))
    }

    /// The word for it in the report.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Timeout(_) => ErrorKind::Timeout,
            Self::Connect(_) => ErrorKind::Connect,
            Self::RateLimited { .. } | Self::ToldToStop(_) => ErrorKind::RateLimited,
            Self::HttpStatus { .. } | Self::Redirect { .. } | Self::TokenRefused => {
                ErrorKind::HttpStatus
            }
            Self::Malformed { .. } | Self::Panic(_) => ErrorKind::Malformed,
            Self::Empty { .. } => ErrorKind::Empty,
            Self::UnknownHut(_) => ErrorKind::UnknownHut,
            Self::TooLarge(_) => ErrorKind::TooLarge,
            Self::Database(_) => ErrorKind::Database,
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
