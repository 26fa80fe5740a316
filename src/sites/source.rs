//! Booking sites: what the program asks of one, and how that fails.

use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::NaiveDate;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::domain::availability::Answer;
use crate::domain::organization::Organization;
use crate::domain::validators::Validators;
use crate::sites::client::SiteClient;
use crate::sites::error::SourceError;
use crate::sites::listing::Listing;

/// A booking site that can be asked for a hut. One object is one site: it spaces its requests, and
/// is shared by all checks that ask it.
///
/// A new site implements this trait in a folder of its own, and gets a line in [`super::registry`].
pub trait BookingSource: Send + Sync {
    /// The organization: its slug, name, hut IDs, booking links and crawl plan.
    fn organization() -> Organization
    where
        Self: Sized;

    /// Where the site is, unless `--source-url` names another address.
    fn base_url() -> &'static str
    where
        Self: Sized;

    /// Between the starts of two requests, unless `--request-interval` says another.
    #[must_use]
    fn request_interval() -> Duration
    where
        Self: Sized,
    {
        Duration::from_millis(100)
    }

    /// The site that `client` asks.
    fn new(client: SiteClient) -> Self
    where
        Self: Sized;

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
