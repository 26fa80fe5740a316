//! hut-reservation.org (`hrs`): one request for all dates of a hut.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::address::{BASE_URL, booking_link};
use super::availability::parse;
use super::info;
use crate::domain::availability::Answer;
use crate::domain::organization::{CrawlPlan, Organization, numeric_hut_id};
use crate::domain::validators::Validators;
use crate::sites::client::{SiteClient, SiteResponse};
use crate::sites::error::SourceError;
use crate::sites::listing::Listing;
use crate::sites::source::{BookingSource, Reply};

/// The booking site hut-reservation.org.
pub struct HutReservation {
    client: SiteClient,
}

impl HutReservation {
    async fn fetch(&self, hut_id: &str, cached: &Validators) -> Result<Reply, SourceError> {
        let query = [("hutId", hut_id), ("step", "WIZARD")];
        let url = self.client.url("api/v1/reservation/getHutAvailability", &query);
        match self.client.get_if_modified(url, cached).await {
            Ok(SiteResponse::Body(body, validators)) => {
                let answer = self.client.parse(|| parse(&body, hut_id))?;
                Ok(Answer { validators, ..answer }.into())
            }
            Ok(SiteResponse::Unmodified) => Ok(Reply::Unmodified),
            Err(error) if is_unknown_hut(&error) => Err(SourceError::UnknownHut(hut_id.to_owned())),
            Err(error) => Err(error),
        }
    }

    async fn look_up(&self, hut_id: String) -> Result<Listing, SourceError> {
        let url = self.client.url(&format!("api/v1/reservation/hutInfo/{hut_id}"), &[]);
        match self.client.get(url).await {
            Ok(body) => self.client.parse(|| info::read(&body, &hut_id)),
            Err(error) if is_unknown_hut(&error) => {
                Ok(Listing { gone: vec![hut_id], ..Listing::default() })
            }
            Err(error) => Err(error),
        }
    }
}

fn is_unknown_hut(error: &SourceError) -> bool {
    matches!(error, SourceError::HttpStatus { status: 400, body, .. } if body.contains("Hut Id not found"))
}

impl BookingSource for HutReservation {
    fn organization() -> Organization {
        Organization {
            slug: "hrs",
            name: "Hut Reservation Service",
            website: BASE_URL,
            crawl_plan: CrawlPlan::Ids,
            parse_hut_id: numeric_hut_id,
            booking_link: |hut_id| Some(booking_link(hut_id)),
        }
    }

    fn base_url() -> &'static str {
        BASE_URL
    }

    fn new(client: SiteClient) -> Self {
        Self { client }
    }

    /// The site always lists all dates from its today on, so the request does not contain `dates`.
    fn availability<'a>(
        &'a self,
        hut_id: &'a str,
        _dates: &'a RangeInclusive<NaiveDate>,
        cached: &'a Validators,
    ) -> BoxFuture<'a, Result<Reply, SourceError>> {
        self.fetch(hut_id, cached).boxed()
    }

    fn ready(&self) -> BoxFuture<'_, ()> {
        self.client.ready().boxed()
    }

    /// A step is an ID.
    fn discover(&self, step: u32) -> BoxFuture<'_, Result<Listing, SourceError>> {
        self.look_up(step.to_string()).boxed()
    }
}
