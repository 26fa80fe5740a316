//! The trait that each booking site implements, and a site's reply.

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
use crate::sites::policy::MIN_INTERVAL;

/// A booking site. One object serves one site, and all checks of the site share it, so that they also share
/// its spacing of requests.
///
/// A new site implements this trait in a folder of its own, and gets one line in [`super::registry`].
pub trait BookingSource: Send + Sync {
    /// The organization: its slug, name, hut IDs, booking links and crawl plan.
    fn organization() -> Organization
    where
        Self: Sized;

    /// The site's URL. `--source-url` replaces it.
    fn base_url() -> &'static str
    where
        Self: Sized;

    /// The time between the starts of two requests. `--request-interval` replaces it.
    #[must_use]
    fn request_interval() -> Duration
    where
        Self: Sized,
    {
        Duration::from_millis(100)
    }

    /// The shortest `--request-interval` that the real site accepts without `--force-request-interval`.
    #[must_use]
    fn min_request_interval() -> Duration
    where
        Self: Sized,
    {
        MIN_INTERVAL
    }

    /// The site, to which `client` sends the requests.
    fn new(client: SiteClient) -> Self
    where
        Self: Sized;

    /// Fetches the availability of the hut with the ID `source_hut_id`. The answer may list dates outside
    /// `dates`. `cached` has the validators of the last answer; if that is still valid, the reply may be
    /// `Unmodified`.
    ///
    /// # Errors
    /// Why the request failed, or why the answer could not be parsed.
    fn availability<'a>(
        &'a self,
        source_hut_id: &'a str,
        dates: &'a RangeInclusive<NaiveDate>,
        cached: &'a Validators,
    ) -> BoxFuture<'a, Result<Reply, SourceError>>;

    /// Waits until only a few requests wait for their start time. A check that began earlier would only
    /// keep its hut from other runs.
    fn ready(&self) -> BoxFuture<'_, ()> {
        futures_util::future::ready(()).boxed()
    }

    /// Fetches one step of the crawl of all huts: an ID or a page, from 1 on, as the crawl plan says.
    ///
    /// # Errors
    /// Why the request failed, or why the answer could not be parsed.
    fn discover(&self, step: u32) -> BoxFuture<'_, Result<Listing, SourceError>>;
}

/// A site's reply to a check of one hut.
#[derive(Clone, Debug)]
pub enum Reply {
    Answer(Answer),
    /// The last answer is still valid.
    Unmodified,
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}
