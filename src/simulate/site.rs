//! The data of the fake booking sites: a model, or captured snapshots of one site.

use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};

use super::clock::today;
use crate::simulate::ffcam::payload::StructurePage;
use crate::simulate::ffcam::snapshots::{FfcamSnapshots, HEADER};
use crate::simulate::huetten_holiday::payload::{CabinPage, MonthDay};
use crate::simulate::hut_reservation::payload::{Day, HutInfo};
use crate::simulate::model::Model;
use crate::simulate::snapshots::{Snapshots, open};

/// The source of the sites' answers.
pub enum Site {
    Model(Model),
    /// Of hut-reservation.org
    Snapshots(Snapshots),
    FfcamSnapshots(FfcamSnapshots),
}

impl Site {
    /// Reads captured snapshots. The columns of the file say of which site they are.
    ///
    /// # Errors
    /// If the file cannot be read, or has no snapshots.
    pub fn load_snapshots(path: &Path) -> anyhow::Result<Self> {
        let mut header = String::new();
        let file = open(path).with_context(|| format!("cannot read {}", path.display()))?;
        // A file without a readable header is reported by the reader of its rows.
        let _ = BufReader::new(file).read_line(&mut header);
        if header.trim_end() == HEADER {
            Ok(Self::FfcamSnapshots(FfcamSnapshots::load(path)?))
        } else {
            Ok(Self::Snapshots(Snapshots::load(path)?))
        }
    }

    /// The captured days, in order; none with a model.
    #[must_use]
    pub fn captured_days(&self) -> Vec<NaiveDate> {
        match self {
            Self::Model(_) => Vec::new(),
            Self::Snapshots(snapshots) => snapshots.days().collect(),
            Self::FfcamSnapshots(snapshots) => snapshots.days().collect(),
        }
    }

    /// The dates that hut-reservation.org lists for a hut at an instant. None if the site does not know the
    /// hut.
    #[must_use]
    pub fn availability(&self, hut_id: &str, now: DateTime<Utc>) -> Option<Vec<Day>> {
        match self {
            Self::Model(model) => model.availability(hut_id, now),
            Self::Snapshots(snapshots) => snapshots.availability(hut_id, today(now)),
            Self::FfcamSnapshots(_) => None,
        }
    }

    /// The answer of `hutInfo`. None if the site does not know the hut.
    #[must_use]
    pub fn info(&self, hut_id: &str) -> Option<HutInfo> {
        match self {
            Self::Model(model) => model.info(hut_id),
            Self::Snapshots(snapshots) => snapshots.info(hut_id),
            Self::FfcamSnapshots(_) => None,
        }
    }

    /// The days that huetten-holiday.com lists for a hut in the month that begins on `month`. None if the
    /// site does not know the hut. Empty with snapshots, which are of other sites.
    #[must_use]
    pub fn month(
        &self,
        hut_id: &str,
        month: NaiveDate,
        now: DateTime<Utc>,
    ) -> Option<Vec<MonthDay>> {
        match self {
            Self::Model(model) => model.month(hut_id, month, now),
            Self::Snapshots(_) | Self::FfcamSnapshots(_) => Some(Vec::new()),
        }
    }

    /// Page `page`, from 1 on, of the list of huts of huetten-holiday.com. Empty with snapshots.
    #[must_use]
    pub fn cabins(&self, page: usize) -> CabinPage {
        match self {
            Self::Model(model) => model.cabins(page),
            Self::Snapshots(_) | Self::FfcamSnapshots(_) => CabinPage::new(Vec::new(), page, 0),
        }
    }

    /// The page of a structure of centrale.ffcam.fr that begins with the month of a date, and has all structures. It is
    /// for no structure if the site does not know this one.
    #[must_use]
    pub fn structure_page(
        &self,
        structure: &str,
        date: Option<NaiveDate>,
        now: DateTime<Utc>,
    ) -> StructurePage {
        match self {
            Self::Model(model) => model.structure_page(structure, date, now),
            Self::Snapshots(_) => StructurePage::default(),
            Self::FfcamSnapshots(snapshots) => {
                snapshots.structure_page(structure, date, today(now))
            }
        }
    }
}
