//! The registry of the booking sites that this program supports, one line for each.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use super::body::BodyBudget;
use super::client::SiteClient;
use super::ffcam::site::Ffcam;
use super::huetten_holiday::site::HuettenHoliday;
use super::hut_reservation::site::HutReservation;
use super::limits::RequestLimits;
use super::policy;
use super::source::BookingSource;
use crate::domain::organization::{Organization, Organizations};
use crate::domain::request_slots::RequestSlotStore;
use crate::runtime::timing::Meter;

impl Default for Registry {
    /// The sites that this crate supports.
    fn default() -> Self {
        Self(vec![Site::of::<HutReservation>(), Site::of::<HuettenHoliday>(), Site::of::<Ffcam>()])
    }
}

/// Booking sites. A program that uses this crate can add sites of its own with [`Registry::with`].
#[derive(Clone, Debug)]
pub struct Registry(Vec<Site>);

/// A site of the registry: what its [`BookingSource`] says of it, and how a client for it is made.
#[derive(Clone, Debug)]
pub struct Site {
    organization: Organization,
    base_url: &'static str,
    request_interval: Duration,
    min_request_interval: Duration,
    connect: fn(SiteClient) -> Arc<dyn BookingSource>,
}

/// Clients of booking sites, by the slug of their organization.
pub type Sources = HashMap<String, Arc<dyn BookingSource>>;

impl Site {
    /// The site that the type `S` implements.
    #[must_use]
    pub fn of<S: BookingSource + 'static>() -> Self {
        Self {
            organization: S::organization(),
            base_url: S::base_url(),
            request_interval: S::request_interval(),
            min_request_interval: S::min_request_interval(),
            connect: |client| Arc::new(S::new(client)),
        }
    }

    fn url(&self) -> Url {
        self.base_url.parse().expect("the base URL of a site is a valid constant")
    }
}

impl Registry {
    /// These sites and one more.
    #[must_use]
    pub fn with(mut self, site: Site) -> Self {
        self.0.push(site);
        self
    }

    /// The organizations of the sites.
    #[must_use]
    pub fn organizations(&self) -> Organizations {
        self.0.iter().map(|site| site.organization).collect()
    }

    /// Makes a client for each of the `organizations` (slugs) that is in the registry. A client uses the
    /// site's own URL unless `base_urls` has another. The clients share one budget for the memory of answers,
    /// report their times to `meter`, and with `slots` they space their requests together with other runs. Logs
    /// a warning if a client is for a real booking site and no contact is set.
    ///
    /// # Errors
    /// If TLS cannot be set up, for example because the machine has no CA certificates, or if the interval
    /// is too short for a real booking site.
    pub fn clients<'a>(
        &self,
        organizations: impl IntoIterator<Item = &'a str>,
        limits: &RequestLimits,
        base_urls: &HashMap<String, Url>,
        slots: Option<&Arc<dyn RequestSlotStore>>,
        meter: &Meter,
    ) -> anyhow::Result<Sources> {
        let real_sites: Vec<Url> = self.0.iter().map(Site::url).collect();
        let (mut sources, mut used_urls) = (Sources::new(), Vec::new());
        let budget = BodyBudget::default();
        for slug in organizations {
            let Some(site) = self.0.iter().find(|site| site.organization.slug == slug) else {
                continue;
            };
            let base_url = base_urls.get(slug).cloned().unwrap_or_else(|| site.url());
            let interval = limits.request_interval.unwrap_or(site.request_interval);
            let min_interval = site.min_request_interval;
            policy::check_interval(&base_url, interval, min_interval, limits, &real_sites)?;
            let mut client = SiteClient::new(slug, base_url.clone(), interval, limits, meter)?
                .with_budget(budget.clone());
            if let Some(slots) = slots {
                client = client.with_shared_slots(Arc::clone(slots));
            }
            sources.insert(slug.to_owned(), (site.connect)(client));
            used_urls.push(base_url);
        }
        if let Some(warning) = policy::warning(&used_urls, limits, &real_sites) {
            tracing::warn!("{warning}");
        }
        Ok(sources)
    }
}
