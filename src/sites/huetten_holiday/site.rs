//! huetten-holiday.com (`huetten-holiday`): one request for each month of a hut, with the token of a session.

use std::iter::successors;
use std::ops::RangeInclusive;

use chrono::{Datelike, Months, NaiveDate};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, TryFutureExt};
use percent_encoding::percent_decode_str;
use reqwest::header::{HeaderName, HeaderValue};

use super::address::BASE_URL;
use super::cabins;
use super::month::{MonthQuery, parse};
use super::shared_token::SharedToken;
use crate::domain::availability::Answer;
use crate::domain::organization::{CrawlPlan, Organization, numeric_hut_id};
use crate::domain::validators::Validators;
use crate::sites::body::Body;
use crate::sites::client::SiteClient;
use crate::sites::error::SourceError;
use crate::sites::listing::Listing;
use crate::sites::payload::Days;
use crate::sites::source::{BookingSource, Reply};

/// The cookie that holds the token, the cookie of its session, and the header that repeats the token.
const TOKEN_COOKIE: &str = "XSRF-TOKEN";
const SESSION_COOKIE: &str = "huettenholiday_session";
const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-xsrf-token");

/// Laravel's status "Page Expired": the token is no longer valid.
const TOKEN_EXPIRED: u16 = 419;

/// The booking site huetten-holiday.com.
pub struct HuettenHoliday {
    client: SiteClient,
    token: SharedToken,
}

impl HuettenHoliday {
    /// Fetches all months of `dates`. If one month fails, the whole check fails, because the missing dates
    /// would look withdrawn.
    async fn fetch(
        &self,
        cabin_id: &str,
        dates: &RangeInclusive<NaiveDate>,
    ) -> Result<Answer, SourceError> {
        // The site's IDs are whole numbers.
        let number = cabin_id.parse().map_err(|_| SourceError::UnknownHut(cabin_id.to_owned()))?;
        let mut answer = Answer::default();
        for month in months(dates) {
            let body = self.fetch_month(&MonthQuery::new(number, month)).await;
            let body = body.inspect_err(|error| {
                tracing::debug!("cabin {cabin_id}, {}: {error}", month.format("%Y-%m"));
            })?;
            let Days { days, adjustments, unknown_values } =
                self.client.parse(|| parse(&body, month))?;
            answer.days.extend(days);
            answer.adjustments.append(adjustments);
            answer.unknown_values.append(&unknown_values);
        }
        Ok(answer)
    }

    /// Fetches one month with the token that all huts share. An expired token is renewed once.
    async fn fetch_month(&self, query: &MonthQuery) -> Result<Body, SourceError> {
        let url = self.client.url("cabins/get-month-availability", &[]);
        let post = |token: HeaderValue| self.client.post(url.clone(), query, (TOKEN_HEADER, token));
        let has_expired = |answer: &Result<_, _>| {
            matches!(answer, Err(SourceError::HttpStatus { status: TOKEN_EXPIRED, .. }))
        };
        let token = self.token.get(None, self.new_token()).await?;
        let answer = post(token.clone()).await;
        if !has_expired(&answer) {
            return answer;
        }
        tracing::debug!("{url}: the token has expired");
        let renewed = self.token.get(Some(&token), self.new_token()).await?;
        let answer = post(renewed).await;
        if has_expired(&answer) { Err(SourceError::TokenRefused) } else { answer }
    }

    /// Requests a page that sets the site's cookies, and reads the token from them.
    async fn new_token(&self) -> Result<HeaderValue, SourceError> {
        let url = self.client.url("huts", &[]);
        self.client.get(url).await?;
        token(self.client.cookies().as_ref())
    }
}

/// Reads the token from the site's cookies, and decodes it for the request header.
///
/// # Errors
/// `Foreign` if the token is missing, or has characters that a header cannot hold.
pub fn token(cookies: Option<&HeaderValue>) -> Result<HeaderValue, SourceError> {
    let error = |problem: &str| SourceError::Foreign {
        path: "the cookies of /huts".into(),
        message: format!("{TOKEN_COOKIE} {problem}; the site answers no request without it"),
    };
    let mut pairs = cookies
        .and_then(|cookies| cookies.to_str().ok())
        .into_iter()
        .flat_map(|cookies| cookies.split("; ").filter_map(|pair| pair.split_once('=')));
    let (_, token) =
        pairs.find(|(name, _)| *name == TOKEN_COOKIE).ok_or_else(|| error("is missing"))?;
    let token = percent_decode_str(token).collect::<Vec<_>>();
    HeaderValue::from_bytes(&token).map_err(|_| error("has characters that a header cannot hold"))
}

impl BookingSource for HuettenHoliday {
    fn organization() -> Organization {
        Organization {
            slug: "huetten-holiday",
            name: "huetten-holiday.com",
            website: BASE_URL,
            crawl_plan: CrawlPlan::Pages,
            parse_hut_id: numeric_hut_id,
            // The address of a hut's page has the site's slug, which discovery finds.
            booking_link: |_| None,
        }
    }

    fn base_url() -> &'static str {
        BASE_URL
    }

    fn new(client: SiteClient) -> Self {
        let client = client.with_cookies(&[TOKEN_COOKIE, SESSION_COOKIE]);
        Self { client, token: SharedToken::default() }
    }

    fn availability<'a>(
        &'a self,
        cabin_id: &'a str,
        dates: &'a RangeInclusive<NaiveDate>,
        _cached: &'a Validators,
    ) -> BoxFuture<'a, Result<Reply, SourceError>> {
        self.fetch(cabin_id, dates).map_ok(Reply::from).boxed()
    }

    fn ready(&self) -> BoxFuture<'_, ()> {
        self.client.ready().boxed()
    }

    /// A step is a page.
    fn discover(&self, step: u32) -> BoxFuture<'_, Result<Listing, SourceError>> {
        async move {
            let url = self.client.url("get-cabins", &[("page", &step.to_string())]);
            let body = self.client.get(url).await?;
            self.client.parse(|| cabins::read(&body, step))
        }
        .boxed()
    }
}

/// The first day of each month that has at least one of `dates`.
fn months(dates: &RangeInclusive<NaiveDate>) -> impl Iterator<Item = NaiveDate> + use<> {
    let end = *dates.end();
    let next = |month: &NaiveDate| month.checked_add_months(Months::new(1));
    successors(dates.start().with_day(1), next).take_while(move |month| *month <= end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months_of(first: &str, last: &str) -> Vec<String> {
        let months = months(&(first.parse().unwrap()..=last.parse().unwrap()));
        months.map(|month| month.format("%Y-%m").to_string()).collect()
    }

    #[test]
    fn each_month_with_at_least_one_of_the_dates_is_requested() {
        assert_eq!(months_of("2026-01-31", "2026-01-31"), ["2026-01"]);
        assert_eq!(months_of("2026-12-31", "2027-02-01"), ["2026-12", "2027-01", "2027-02"]);
        assert_eq!(months_of("2026-07-01", "2027-06-30").len(), 12);
        assert_eq!(months_of("2026-07-02", "2027-07-01").len(), 13);
    }
}
