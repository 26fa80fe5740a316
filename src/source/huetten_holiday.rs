//! huetten-holiday.com (`huetten-holiday`): one request for each month of a hut.

mod cabins;

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::client::SiteClient;
use super::{BookingSource, Listing, SourceError};
use crate::availability::Answer;

/// Where the site is.
pub const BASE_URL: &str = "https://www.huetten-holiday.com";

/// The site.
pub struct HuettenHoliday {
    _client: SiteClient,
}

impl HuettenHoliday {
    /// The site that `client` asks.
    #[must_use]
    pub fn new(client: SiteClient) -> Self {
        Self { _client: client }
    }
}

impl BookingSource for HuettenHoliday {
    fn availability<'a>(
        &'a self,
        cabin_id: &'a str,
        _dates: &'a RangeInclusive<NaiveDate>,
    ) -> BoxFuture<'a, Result<Answer, SourceError>> {
        async { Err(SourceError::UnknownHut(cabin_id.to_owned())) }.boxed()
    }

    /// A step is a page.
    fn discover(&self, step: u32) -> BoxFuture<'_, Result<Listing, SourceError>> {
        async move {
            let url = self._client.url("get-cabins", &[("page", &step.to_string())]);
            cabins::read(&self._client.get(url).await?, step)
        }
        .boxed()
    }
}
