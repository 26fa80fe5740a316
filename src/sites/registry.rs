//! The booking sites that this program can ask, a line each.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use super::client::SiteClient;
use super::huetten_holiday::HuettenHoliday;
use super::hut_reservation::HutReservation;
use super::limits::RequestLimits;
use super::policy;
use super::source::BookingSource;
use crate::domain::organization::{Organization, Organizations};
use crate::domain::request_slots::RequestSlotStore;
use crate::runtime::timing::Meter;

impl Default for Registry {
    /// The sites that the program knows.
    fn default() -> Self {
        Self(vec![Site::of::<HutReservation>(), Site::of::<HuettenHoliday>()])
    }
}

/// Booking sites. A program that knows a further one adds it to those of this crate.
#[derive(Clone, Debug)]
pub struct Registry(Vec<Site>);

/// What is known of a site without asking it.
#[derive(Clone, Debug)]
pub struct Site {
    organization: Organization,
    base_url: &'static str,
    request_interval: Duration,
    connect: fn(SiteClient) -> Arc<dyn BookingSource>,
}

/// The sites that a run asks, by the slug of their organization.
pub type Sources = HashMap<String, Arc<dyn BookingSource>>;

impl Site {
    /// The site that a type implements.
    #[must_use]
    pub fn of<S: BookingSource + 'static>() -> Self {
        Self {
            organization: S::organization(),
            base_url: S::base_url(),
            request_interval: S::request_interval(),
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

    /// A client for each of the `organizations` that is in the registry, by slug: at the site's own address
    /// unless `base_urls` names another. The clients measure their time with `meter`, and space their
    /// requests together with other runs where there are `slots` to share. Logs a warning where a real
    /// booking site is asked and no contact is set.
    ///
    /// # Errors
    /// Where TLS cannot be set up, as on a machine without a list of certificates, and where a real booking
    /// site would be asked too often.
    pub fn clients<'a>(
        &self,
        organizations: impl IntoIterator<Item = &'a str>,
        limits: &RequestLimits,
        base_urls: &HashMap<String, Url>,
        slots: Option<&Arc<dyn RequestSlotStore>>,
        meter: &Meter,
    ) -> anyhow::Result<Sources> {
        let real_sites: Vec<Url> = self.0.iter().map(Site::url).collect();
        let (mut sources, mut asked) = (Sources::new(), Vec::new());
        for slug in organizations {
            let Some(site) = self.0.iter().find(|site| site.organization.slug == slug) else {
                continue;
            };
            let base_url = base_urls.get(slug).cloned().unwrap_or_else(|| site.url());
            let interval = limits.request_interval.unwrap_or(site.request_interval);
            policy::check_interval(&base_url, interval, limits, &real_sites)?;
            let mut client = SiteClient::new(slug, base_url.clone(), interval, limits, meter)?;
            if let Some(slots) = slots {
                client = client.with_shared_slots(Arc::clone(slots));
            }
            sources.insert(slug.to_owned(), (site.connect)(client));
            asked.push(base_url);
        }
        if let Some(warning) = policy::warning(&asked, limits, &real_sites) {
            tracing::warn!("{warning}");
        }
        Ok(sources)
    }
}
