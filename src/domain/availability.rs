//! What a booking site publishes about a hut: plain values and the formulas on them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use utoipa::ToSchema;

use crate::domain::hut::{FollowedHut, HutType};
use crate::domain::validators::{Validators, asked_digest};

/// Whether a place can be booked on a date.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
    ToSchema,
    AsExpression,
    FromSqlRow,
)]
#[diesel(sql_type = Text)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReservationStatus {
    /// Bookable online, places free.
    Possible,
    /// Full, or closed.
    NotPossible,
    /// The hut takes no online bookings.
    NotOnline,
    Unknown,
}

/// How full a hut is on a date, as a level.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OccupancyStatus {
    Empty,
    Low,
    Medium,
    High,
    Full,
    Unknown,
}

/// What a check says about one date. Two states are equal when these four values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// Free places, `0 <= free <= total`.
    pub free: i16,
    /// Places that could be booked on this date; not the hut's capacity.
    pub total: i16,
    pub hut_type: HutType,
    pub reservation_status: ReservationStatus,
}

impl State {
    /// Occupied places in percent of `total`; 100 where `total` is 0.
    #[must_use]
    pub fn occupancy_percent(&self) -> f64 {
        if self.total == 0 {
            return 100.0;
        }
        f64::from(self.taken()) / f64::from(self.total) * 100.0
    }

    /// The percentage in steps of ten, ties to even. Below 5 % it is 10 if there is any guest, and above
    /// 95 % it is 90 if there is any free place.
    #[must_use]
    pub fn occupancy_steps(&self) -> i16 {
        let (taken, total) = (self.taken(), i32::from(self.total));
        if total == 0 {
            return 100;
        }
        if taken > 0 && taken * 20 < total {
            return 10;
        }
        if taken < total && taken * 20 > total * 19 {
            return 90;
        }
        let (tenths, rest) = (taken * 10 / total, taken * 10 % total);
        let rounded = match (rest * 2).cmp(&total) {
            std::cmp::Ordering::Less => tenths,
            std::cmp::Ordering::Equal => tenths + tenths % 2,
            std::cmp::Ordering::Greater => tenths + 1,
        };
        i16::try_from(rounded * 10).expect("at most 100, because free is at least 0")
    }

    /// The percentage as a level.
    #[must_use]
    pub fn occupancy_status(&self) -> OccupancyStatus {
        let (taken, total) = (self.taken(), i32::from(self.total));
        match () {
            () if total == 0 => OccupancyStatus::Unknown,
            () if taken == total => OccupancyStatus::Full,
            () if taken * 100 > total * 62 => OccupancyStatus::High,
            () if taken * 100 > total * 37 => OccupancyStatus::Medium,
            () if taken > 0 => OccupancyStatus::Low,
            () => OccupancyStatus::Empty,
        }
    }

    /// Whether a place can be booked.
    #[must_use]
    pub fn is_bookable(&self) -> bool {
        self.reservation_status == ReservationStatus::Possible
    }

    fn taken(&self) -> i32 {
        i32::from(self.total) - i32::from(self.free)
    }
}

/// One date as a booking site publishes it. The numbers are unchecked and may be invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteDay {
    pub date: NaiveDate,
    pub free: i64,
    pub total: i64,
    /// The site says that there is no warden on this date.
    pub unattended: bool,
    pub reservation_status: ReservationStatus,
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
    /// The dates that the site listed, within the requested range.
    pub days: BTreeMap<NaiveDate, State>,
    pub adjustments: Adjustments,
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
            let total =
                adjusted(day.date, "total", day.total, i64::from(i16::MAX), &mut adjustments);
            let free = adjusted(day.date, "free", day.free, i64::from(total), &mut adjustments);
            let state = State {
                free,
                total,
                hut_type: hut.types.on_date(total, day.unattended),
                reservation_status: day.reservation_status,
            };
            if days.insert(day.date, state).is_some() {
                adjustments.add(|| format!("{} is listed twice: the last entry is used", day.date));
            }
        }
        // Corrections are reported in every run. So the full answer is needed every time.
        let validators =
            if adjustments.count > 0 { Validators::default() } else { answer.validators };
        Self {
            hut_id: hut.id,
            at,
            organization: hut.organization.clone(),
            source_hut_id: hut.source_hut_id.clone(),
            new_link: answer.link.filter(|link| hut.link.as_ref() != Some(link)),
            days,
            adjustments,
            validators: validators.with_asked_digest(asked_digest(hut, dates)),
        }
    }
}

/// A number of places, limited to `0..=max`.
fn adjusted(date: NaiveDate, name: &str, value: i64, max: i64, log: &mut Adjustments) -> i16 {
    let valid = value.clamp(0, max);
    if valid != value {
        log.add(|| format!("{date}: {name} {value} is corrected to {valid}"));
    }
    i16::try_from(valid).expect("max is at most i16::MAX")
}

#[cfg(test)]
mod tests;
