//! Replays captured days of centrale.ffcam.fr.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, ensure};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::payload::{Structure, StructurePage, two_months};
use crate::simulate::clock::today;
use crate::simulate::snapshots::open;

/// The columns of a file.
pub const HEADER: &str = "fetched_at,structure,date,free";

/// The free places by night.
type Nights = BTreeMap<NaiveDate, i32>;

/// The captured answers, by day and structure. They have no totals.
pub struct FfcamSnapshots {
    days: BTreeMap<NaiveDate, BTreeMap<String, Nights>>,
}

/// One night in a captured answer.
#[derive(Clone, Debug, Deserialize)]
pub struct FfcamSnapshot {
    pub fetched_at: DateTime<Utc>,
    pub structure: String,
    pub date: NaiveDate,
    pub free: i32,
}

impl FfcamSnapshots {
    /// Reads a CSV file; a name that ends in `.gz` means that it is compressed.
    ///
    /// # Errors
    /// If the file cannot be read, or has no snapshots.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let mut days = BTreeMap::<_, BTreeMap<_, Nights>>::new();
        for snapshot in read(path).with_context(|| format!("cannot read {}", path.display()))? {
            let structures = days.entry(today(snapshot.fetched_at)).or_default();
            let nights: &mut Nights = structures.entry(snapshot.structure).or_default();
            nights.insert(snapshot.date, snapshot.free);
        }
        ensure!(!days.is_empty(), "{} has no snapshots", path.display());
        Ok(Self { days })
    }

    /// The captured days, in order.
    #[must_use]
    pub fn days(&self) -> impl DoubleEndedIterator<Item = NaiveDate> {
        self.days.keys().copied()
    }

    /// The page of a structure on a captured day. A capture ends after two months, so the fake sells nothing after
    /// them. It invents the names, which were not captured with the nights.
    #[must_use]
    pub fn structure_page(
        &self,
        structure: &str,
        date: Option<NaiveDate>,
        today: NaiveDate,
    ) -> StructurePage {
        let Some(captured) = self.days.get(&today) else { return StructurePage::default() };
        let structures = captured.iter().filter_map(|(id, nights)| {
            let sold = (*nights.keys().next()?, *nights.keys().next_back()?);
            let key = id.split_once(':').map_or(id.as_str(), |(_, key)| key);
            Some(Structure::new(id.clone(), &format!("Refuge {key}"), sold, true))
        });
        let structures = structures.collect();
        let Some(nights) = captured.get(structure) else {
            return StructurePage { structures, ..StructurePage::default() };
        };
        // Where nothing is sold at first, the site begins with the month in which something is.
        let begin = nights.keys().next().copied().unwrap_or(today);
        let (first, end) = two_months(date.map_or(begin, |date| date.max(begin)));
        let free: Nights = nights.range(first..end).map(|(night, free)| (*night, *free)).collect();
        let open = free.keys().copied().collect();
        let (structure, begins) = (Some(structure.to_owned()), Some(first));
        StructurePage { structure, structures, begins, free, stock: None, open }
    }
}

/// Reads the snapshots of a CSV file, in the order of the file.
pub fn read(path: &Path) -> anyhow::Result<Vec<FfcamSnapshot>> {
    let rows: csv::Result<_> = csv::Reader::from_reader(open(path)?).deserialize().collect();
    Ok(rows?)
}
