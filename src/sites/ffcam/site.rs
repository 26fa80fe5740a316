//! centrale.ffcam.fr (`ffcam`): some requests for each structure, whose answers have about two months each.

use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::NaiveDate;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, TryFutureExt};

use super::address::{BASE_URL, booking_link, structure_id};
use super::nights::{Nights, parse};
use super::structures;
use crate::domain::availability::Answer;
use crate::domain::organization::{CrawlPlan, Organization};
use crate::domain::validators::Validators;
use crate::sites::body::Body;
use crate::sites::client::SiteClient;
use crate::sites::error::SourceError;
use crate::sites::listing::Listing;
use crate::sites::source::{BookingSource, Reply};

/// The form of every request, apart from the structure and the date. The site answers with structures that this
/// `apporigin` may book.
const FORM: [(&str, &str); 9] = [
    ("action", "availability"),
    ("apporigin", "FFCAM"),
    ("productCategory", "nomatter"),
    ("pax", "1"),
    ("parent_url", ""),
    ("widgetHostCss", ""),
    ("structures", ""),
    ("faqurl", ""),
    ("faqtitle", ""),
];

/// A structure to ask for if only the list of all structures counts, which every page has.
const ANY_STRUCTURE: &str = "BK_STRUCTURE:100";

/// The booking site centrale.ffcam.fr.
pub struct Ffcam {
    client: SiteClient,
}

impl Ffcam {
    /// Fetches the months of `dates` that the structure sells. If one request fails, the whole check fails, because the
    /// missing dates would look withdrawn.
    async fn fetch(
        &self,
        structure: &str,
        dates: &RangeInclusive<NaiveDate>,
    ) -> Result<Answer, SourceError> {
        let mut answer = Answer { link: Some(booking_link(structure)), ..Answer::default() };
        let mut asked = Some(*dates.start());
        while let Some(date) = asked {
            let body = self.page(structure, Some(date)).await;
            let body = body.inspect_err(|error| tracing::debug!("{structure}, {date}: {error}"))?;
            let Nights { days, next, adjustments, unknown_values } =
                self.client.parse(|| parse(&body, structure, &(date..=*dates.end())))?;
            answer.days.extend(days);
            answer.adjustments.append(adjustments);
            answer.unknown_values.append(&unknown_values);
            asked = next;
        }
        Ok(answer)
    }

    /// Fetches the page of a structure that begins with the month of a date.
    async fn page(&self, structure: &str, date: Option<NaiveDate>) -> Result<Body, SourceError> {
        let mut url = self.client.url("index.php", &[]);
        // The site's own pages send the form to `index.php?`.
        url.set_query(Some(""));
        let date = date.map(|date| date.to_string());
        let mut form = [&FORM[..], &[("structure", structure)]].concat();
        form.extend(date.as_deref().map(|date| ("date", date)));
        self.client.post_form(url, &form).await
    }
}

impl BookingSource for Ffcam {
    fn organization() -> Organization {
        Organization {
            slug: "ffcam",
            name: "Clubs alpins français",
            website: BASE_URL,
            // The list has one page.
            crawl_plan: CrawlPlan::Pages,
            parse_hut_id: structure_id,
            booking_link: |structure| Some(booking_link(structure)),
        }
    }

    fn base_url() -> &'static str {
        BASE_URL
    }

    /// Public clients of the site wait 0.3 to 1 s.
    fn request_interval() -> Duration {
        Duration::from_millis(500)
    }

    fn min_request_interval() -> Duration {
        Duration::from_millis(300)
    }

    fn new(client: SiteClient) -> Self {
        Self { client }
    }

    fn availability<'a>(
        &'a self,
        structure: &'a str,
        dates: &'a RangeInclusive<NaiveDate>,
        _cached: &'a Validators,
    ) -> BoxFuture<'a, Result<Reply, SourceError>> {
        self.fetch(structure, dates).map_ok(Reply::from).boxed()
    }

    fn ready(&self) -> BoxFuture<'_, ()> {
        self.client.ready().boxed()
    }

    /// There is one step, because every page has the list of all structures.
    fn discover(&self, _step: u32) -> BoxFuture<'_, Result<Listing, SourceError>> {
        async move {
            let body = self.page(ANY_STRUCTURE, None).await?;
            self.client.parse(|| structures::read(&body))
        }
        .boxed()
    }
}
