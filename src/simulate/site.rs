//! The data of the fake booking sites: a model, or captured snapshots of hut-reservation.org.

use chrono::{DateTime, NaiveDate, Utc};

use super::clock::today;
use crate::simulate::huetten_holiday::payload::{CabinPage, MonthDay};
use crate::simulate::hut_reservation::payload::{Day, HutInfo};
use crate::simulate::model::Model;
use crate::simulate::snapshots::Snapshots;

/// The source of the sites' answers.
pub enum Site {
    Model(Model),
    Snapshots(Snapshots),
}

impl Site {
    /// The dates that hut-reservation.org lists for a hut at an instant. None if the site does not know the
    /// hut.
    #[must_use]
    pub fn availability(&self, hut_id: &str, now: DateTime<Utc>) -> Option<Vec<Day>> {
        match self {
            Self::Model(model) => model.availability(hut_id, now),
            Self::Snapshots(snapshots) => snapshots.availability(hut_id, today(now)),
        }
    }

    /// The answer of `hutInfo`. None if the site does not know the hut.
    #[must_use]
    pub fn info(&self, hut_id: &str) -> Option<HutInfo> {
        match self {
            Self::Model(model) => model.info(hut_id),
            Self::Snapshots(snapshots) => snapshots.info(hut_id),
        }
    }

    /// The days that huetten-holiday.com lists for a hut in the month that begins on `month`. None if the
    /// site does not know the hut. Empty with snapshots, which are of the other site.
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

    /// Page `page`, from 1 on, of the list of huts of huetten-holiday.com. Empty with snapshots.
    #[must_use]
    pub fn cabins(&self, page: usize) -> CabinPage {
        match self {
            Self::Model(model) => model.cabins(page),
            Self::Snapshots(_) => CabinPage::new(Vec::new(), page, 0),
        }
    }
}
