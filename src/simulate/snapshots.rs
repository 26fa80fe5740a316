//! Replays captured days of hut-reservation.org.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, ensure};
use chrono::NaiveDate;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use super::hut_reservation::payload::{Day, HutInfo};

/// The captured answers, by day and hut.
pub struct Snapshots {
    days: BTreeMap<NaiveDate, BTreeMap<String, Vec<Snapshot>>>,
}

/// One date in a captured answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Snapshot {
    pub fetched_on: NaiveDate,
    pub hut_id: String,
    pub date: NaiveDate,
    pub free_beds: Option<i16>,
    pub total_sleeping_places: i16,
    pub hut_status: String,
}

impl Snapshots {
    /// Reads a CSV file; a name that ends in `.gz` means that it is compressed.
    ///
    /// # Errors
    /// If the file cannot be read, or has no snapshots.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let mut days = BTreeMap::<_, BTreeMap<_, Vec<_>>>::new();
        for snapshot in read(path).with_context(|| format!("cannot read {}", path.display()))? {
            let huts = days.entry(snapshot.fetched_on).or_default();
            huts.entry(snapshot.hut_id.clone()).or_default().push(snapshot);
        }
        ensure!(!days.is_empty(), "{} has no snapshots", path.display());
        Ok(Self { days })
    }

    /// The captured days, in order.
    #[must_use]
    pub fn days(&self) -> impl DoubleEndedIterator<Item = NaiveDate> {
        self.days.keys().copied()
    }

    /// The dates that the site listed for a hut on a captured day. None if the day or the hut was not
    /// captured.
    #[must_use]
    pub fn availability(&self, hut_id: &str, today: NaiveDate) -> Option<Vec<Day>> {
        let day =
            |s: &Snapshot| Day::new(s.date, s.free_beds, s.total_sleeping_places, &s.hut_status);
        Some(self.days.get(&today)?.get(hut_id)?.iter().map(day).collect())
    }

    /// An answer of `hutInfo` with only an ID and an invented name, because the captures have no other
    /// fields.
    #[must_use]
    pub fn info(&self, hut_id: &str) -> Option<HutInfo> {
        let is_known = self.days.values().any(|huts| huts.contains_key(hut_id));
        Some(HutInfo {
            hut_id: hut_id.parse().ok().filter(|_| is_known)?,
            hut_name: format!("Hut {hut_id}"),
            hut_unlocked: true,
            tenant_country: String::new(),
            coordinates: String::new(),
            altitude: String::new(),
            hut_bed_categories: Vec::new(),
        })
    }
}

/// Reads the snapshots of a CSV file, in the order of the file.
pub fn read(path: &Path) -> anyhow::Result<Vec<Snapshot>> {
    Ok(parse(open(path)?)?)
}

/// Opens a file; a name that ends in `.gz` means that it is compressed.
pub fn open(path: &Path) -> std::io::Result<Box<dyn Read>> {
    let file = BufReader::new(std::fs::File::open(path)?);
    let is_compressed = path.extension().is_some_and(|extension| extension == "gz");
    Ok(if is_compressed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
}

/// Parses the snapshots of a CSV text, in the order of the text.
pub fn parse(csv: impl Read) -> csv::Result<Vec<Snapshot>> {
    csv::Reader::from_reader(csv).deserialize().collect()
}
