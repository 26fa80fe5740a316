//! The stand-in booking site: speaks the interfaces of hut-reservation.org and huetten-holiday.com on
//! loopback, from captured snapshots or from a model, and fails on demand. Tests, the demo and
//! benchmarks use it.

use chrono::{DateTime, NaiveDate, Utc};

use super::clock::today;
use crate::simulate::huetten_holiday::payload::{CabinPage, MonthDay};
use crate::simulate::model::Model;
use crate::simulate::snapshots::Snapshots;
use crate::simulate::words::{Day, HutInfo};

/// Where the site's answers come from.
pub enum Site {
    Model(Model),
    Snapshots(Snapshots),
}

impl Site {
    /// What the site lists of a hut at an instant; none where it does not know the hut.
    #[must_use]
    pub fn availability(&self, hut_id: &str, now: DateTime<Utc>) -> Option<Vec<Day>> {
        match self {
            Self::Model(model) => model.availability(hut_id, now),
            Self::Snapshots(snapshots) => snapshots.availability(hut_id, today(now)),
        }
    }

    /// What the site tells of a hut itself; none where it does not know the hut.
    #[must_use]
    pub fn info(&self, hut_id: &str) -> Option<HutInfo> {
        match self {
            Self::Model(model) => model.info(hut_id),
            Self::Snapshots(snapshots) => snapshots.info(hut_id),
        }
    }

    /// What huetten-holiday.com lists of a hut for the month that begins on `month`; none where it
    /// does not know the hut. The captures are of the other site.
    #[must_use]
    pub fn month(
        &self,
        hut_id: &str,
        month: NaiveDate,
        now: DateTime<Utc>,
    ) -> Option<Vec<MonthDay>> {
        match self {
            Self::Model(model) => model.month(hut_id, month, now),
            Self::Snapshots(_) => Some(Vec::new()),
        }
    }

    /// The `page`th page, from 1 on, of the huts of huetten-holiday.com.
    #[must_use]
    pub fn cabins(&self, page: usize) -> CabinPage {
        match self {
            Self::Model(model) => model.cabins(page),
            Self::Snapshots(_) => CabinPage::new(Vec::new(), page, 0),
        }
    }
}
