//! The booking sites that this program can ask, and a client for each.

use std::collections::HashMap;
use std::sync::Arc;

use reqwest::Url;

use super::client::SiteClient;
use super::limits::RequestLimits;
use super::source::BookingSource;
use super::{huetten_holiday, hut_reservation, policy};
use crate::domain::hut::Organization;
use crate::domain::request_slots::RequestSlotStore;
use crate::runtime::timing::Meter;

/// The sites that a run can ask, by the slug of their organization.
pub type Sources = HashMap<String, Arc<dyn BookingSource>>;

/// A client for each of `organizations`, at the site's own address unless `base_urls` says another.
/// They tell `meter` where their time goes. Warns where a booking site itself is asked and no contact is
/// known. Requests are spaced together with those of other runs where there are `slots` to share.
///
/// # Errors
/// Those of [`SiteClient::new`].
pub fn clients(
    organizations: impl IntoIterator<Item = Organization>,
    limits: &RequestLimits,
    base_urls: &HashMap<Organization, Url>,
    slots: Option<Arc<dyn RequestSlotStore>>,
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
        if let Some(slots) = &slots {
            client = client.with_shared_slots(Arc::clone(slots));
        }
        let source: Arc<dyn BookingSource> = match organization {
            Organization::Hrs => Arc::new(hut_reservation::HutReservation::new(client)),
            Organization::HuettenHoliday => Arc::new(huetten_holiday::HuettenHoliday::new(client)),
        };
        Ok((slug, source))
    };
    let sources = sites.iter().map(with_slug).collect::<anyhow::Result<_>>()?;
    if let Some(warning) = policy::warning(sites.iter().map(|(_, base_url)| base_url), limits) {
        tracing::warn!("{warning}");
    }
    Ok(sources)
}

impl Organization {
    pub(super) fn default_base_url(self) -> Url {
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
