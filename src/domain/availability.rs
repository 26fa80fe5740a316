//! Pure: what a booking site publishes about a hut, and the check that is made of it.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::hut::{FollowedHut, HutTypes};
use crate::domain::state::{ReservationStatus, State};
use crate::domain::unknown_values::UnknownValues;
use crate::domain::validators::{Validators, asked_digest};

/// What a site says in words about booking a date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SiteStatus {
    Closed,
    Full,
    Available,
    /// Nothing that the program knows.
    #[default]
    Unsaid,
}

/// One date as a booking site publishes it. The numbers are unchecked and may be invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteDay {
    pub date: NaiveDate,
    /// None if the site does not publish it.
    pub free: Option<i64>,
    /// None if the site does not publish it.
    pub total: Option<i64>,
    pub status: SiteStatus,
    /// The site says that there is no warden on this date.
    pub unattended: bool,
}

impl SiteDay {
    /// The state of the date. Invalid numbers are adjusted.
    #[must_use]
    pub fn state(&self, types: &HutTypes, adjustments: &mut Adjustments) -> State {
        if self.status == SiteStatus::Closed {
            return State {
                free: Some(0),
                total: Some(0),
                hut_type: types.on_date(Some(0), self.unattended),
                reservation_status: ReservationStatus::NotPossible,
            };
        }
        let mut places = |name, value: Option<i64>| {
            value.map(|value| within_range(self.date, name, value, adjustments))
        };
        let (published_free, published_total) =
            (places("free", self.free), places("total", self.total));
        let known_total = published_total.or_else(|| types.capacity(self.unattended));
        let free = published_free.or_else(|| {
            let is_none_free = self.status == SiteStatus::Full || known_total == Some(0);
            is_none_free.then_some(0)
        });
        if let (Some(free), Some(total)) = (free, published_total)
            && free > total
        {
            adjustments.add(|| format!("{}: total {total} is raised to free {free}", self.date));
        }
        let total = known_total.map(|total| total.max(free.unwrap_or(0)));
        let reservation_status = match (free, self.status) {
            (Some(0), _) => ReservationStatus::NotPossible,
            (Some(_), _) | (None, SiteStatus::Available) => ReservationStatus::Possible,
            (None, _) => ReservationStatus::Unknown,
        };
        State { free, total, hut_type: types.on_date(total, self.unattended), reservation_status }
    }
}

/// Invalid values from a site that were corrected or dropped. Only the first one is described, because
/// every date of a site may be wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adjustments {
    pub count: usize,
    pub first: Option<String>,
}

impl Adjustments {
    /// Counts one more. `describe` is called only for the first.
    pub fn add(&mut self, describe: impl FnOnce() -> String) {
        self.count += 1;
        self.first.get_or_insert_with(describe);
    }

    /// Adds the adjustments of a later part of the same answer.
    pub fn append(&mut self, later: Self) {
        self.count += later.count;
        self.first = self.first.take().or(later.first);
    }
}

/// One answer of a booking site for one hut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub days: Vec<SiteDay>,
    /// The page where the hut is booked.
    pub link: Option<String>,
    /// Entries of the answer that could not be read as a day.
    pub adjustments: Adjustments,
    /// Values of known fields that the program does not know.
    pub unknown_values: UnknownValues,
    /// HTTP validators of the answer, if the site sends any.
    pub validators: Validators,
}

/// One answer of a booking site for one hut at one instant, ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub hut_id: i32,
    /// When the answer had arrived.
    pub at: DateTime<Utc>,
    /// Slug of the organization.
    pub organization: String,
    pub source_hut_id: String,
    /// The page where the hut is booked, if it differs from the stored one.
    pub new_link: Option<String>,
    /// The requested range of dates.
    pub range: RangeInclusive<NaiveDate>,
    /// The dates that the site listed, within the requested range.
    pub days: BTreeMap<NaiveDate, State>,
    pub adjustments: Adjustments,
    pub unknown_values: UnknownValues,
    /// HTTP validators of the answer, if the site sends any.
    pub validators: Validators,
}

impl Check {
    /// Converts an answer that arrived at `at` into states of the requested `dates`.
    #[must_use]
    pub fn new(
        hut: &FollowedHut,
        answer: Answer,
        dates: &RangeInclusive<NaiveDate>,
        at: DateTime<Utc>,
    ) -> Self {
        let mut adjustments = answer.adjustments;
        let mut days = BTreeMap::new();
        for day in answer.days.iter().filter(|day| dates.contains(&day.date)) {
            let state = day.state(&hut.types, &mut adjustments);
            if days.insert(day.date, state).is_some() {
                adjustments.add(|| format!("{} is listed twice: the last entry is used", day.date));
            }
        }
        // Corrections and unknown values are reported in every run. So the full answer is needed every time.
        let validators = if adjustments.count > 0 || !answer.unknown_values.is_empty() {
            Validators::default()
        } else {
            answer.validators
        };
        Self {
            hut_id: hut.id,
            at,
            organization: hut.organization.clone(),
            source_hut_id: hut.source_hut_id.clone(),
            new_link: answer.link.filter(|link| hut.link.as_ref() != Some(link)),
            range: dates.clone(),
            days,
            adjustments,
            unknown_values: answer.unknown_values,
            validators: validators.with_asked_digest(&asked_digest(hut, dates)),
        }
    }
}

/// A number of places, limited to what the program stores.
fn within_range(date: NaiveDate, name: &str, value: i64, log: &mut Adjustments) -> i16 {
    let valid = value.clamp(0, i64::from(i16::MAX));
    if valid != value {
        log.add(|| format!("{date}: {name} {value} is corrected to {valid}"));
    }
    i16::try_from(valid).expect("at most i16::MAX")
}

#[cfg(test)]
mod tests;
