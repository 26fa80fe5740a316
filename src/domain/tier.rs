//! Pure: the tier of a hut, which decides how often it is polled. It depends on how full the coming dates are.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::domain::state::{OccupancyStatus, State};

/// Above this occupancy, in percent, a date puts its hut into the high or the medium tier.
const HIGH_ABOVE: f64 = 75.0;
const MEDIUM_ABOVE: f64 = 25.0;

/// The occupancy, in percent, of a date on which either the free places or the total are not published.
pub const UNPUBLISHED_COUNTS_AS: f64 = 50.0;

/// The number of days after today that decide the tier, unless an option says otherwise.
pub const NEXT_DAYS: u64 = 14;

/// Days. The tier is not computed further ahead, since the hut is polled again by then.
const MAX_SPAN: u64 = 31;

/// A hut's tier. Its fullest coming date decides it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    AsExpression,
    FromSqlRow,
)]
#[diesel(sql_type = Text)]
#[strum(serialize_all = "snake_case")]
pub enum Tier {
    High,
    Medium,
    Low,
    /// No listed date is known.
    Inactive,
}

impl Tier {
    /// The tier for the highest occupancy of the next dates, as `occupancy` gives it. `any_known`: whether any
    /// listed date from today on is known, however far ahead it is.
    #[must_use]
    pub fn of(highest_occupancy: Option<f64>, any_known: bool) -> Self {
        match highest_occupancy {
            Some(percent) if percent > HIGH_ABOVE => Self::High,
            Some(percent) if percent > MEDIUM_ABOVE => Self::Medium,
            Some(_) => Self::Low,
            None if any_known => Self::Low,
            None => Self::Inactive,
        }
    }

    /// The tier on a day: the listed dates from `today` to `next_days` later decide it.
    fn on(today: NaiveDate, next_days: u64, listed: &BTreeMap<NaiveDate, State>) -> Self {
        let coming = listed.range(today..=today + Days::new(next_days));
        let highest = coming.filter_map(|(_, state)| occupancy(state)).max_by(f64::total_cmp);
        Self::of(highest, listed.range(today..).any(|(_, state)| occupancy(state).is_some()))
    }
}

/// The occupancy of a date as it counts for the tier, in percent. None if the date is not known. A date whose free
/// places or total are not published counts as medium, and as full if nothing is free.
fn occupancy(state: &State) -> Option<f64> {
    match state.occupancy_status() {
        OccupancyStatus::Unknown => None,
        OccupancyStatus::FreeUnknown => Some(UNPUBLISHED_COUNTS_AS),
        OccupancyStatus::Full => Some(100.0),
        _ => state.occupancy_percent(),
    }
}

/// A tier, and the days on which the listed dates of a check give this tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierSpan {
    pub tier: Tier,
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// The number of days after each of those days whose dates count.
    pub next_days: u64,
}

impl TierSpan {
    /// The tier that the listed dates give `today`, and until when they give the same tier.
    #[must_use]
    pub fn new(today: NaiveDate, next_days: u64, listed: &BTreeMap<NaiveDate, State>) -> Self {
        let tier = Tier::on(today, next_days, listed);
        let later = (1..=MAX_SPAN).map(|days| today + Days::new(days));
        let until = later.take_while(|day| Tier::on(*day, next_days, listed) == tier).last();
        Self { tier, from: today, until: until.unwrap_or(today), next_days }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::ReservationStatus;
    use proptest::prelude::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 1).expect("it is a day");

    fn days(free: &[i16]) -> BTreeMap<NaiveDate, State> {
        let state = |&free: &i16| State {
            free: Some(free.max(0)),
            total: Some(if free < 0 { 0 } else { 100 }),
            hut_type: HutType::Hut,
            reservation_status: ReservationStatus::Possible,
        };
        free.iter()
            .enumerate()
            .map(|(day, free)| (TODAY + Days::new(day as u64), state(free)))
            .collect()
    }

    #[test]
    fn the_fullest_coming_date_decides_the_tier() {
        let of = |percent| Tier::of(Some(percent), true);
        assert_eq!((of(75.1), of(75.0)), (Tier::High, Tier::Medium));
        assert_eq!((of(25.1), of(25.0), of(0.0)), (Tier::Medium, Tier::Low, Tier::Low));
        assert_eq!((Tier::of(None, true), Tier::of(None, false)), (Tier::Low, Tier::Inactive));
    }

    #[test]
    fn an_unpublished_number_counts_as_medium_unless_nothing_is_free() {
        let on = |free, total| {
            let state = State { free, total, ..days(&[50])[&TODAY] };
            Tier::on(TODAY, 14, &BTreeMap::from([(TODAY, state)]))
        };
        assert_eq!((on(None, Some(40)), on(Some(3), None)), (Tier::Medium, Tier::Medium));
        assert_eq!((on(Some(0), None), on(None, None)), (Tier::High, Tier::Inactive));
    }

    #[test]
    fn a_tier_lasts_until_a_date_comes_near_or_passes() {
        let span = |free: &[i16]| {
            let TierSpan { tier, from, until, .. } = TierSpan::new(TODAY, 2, &days(free));
            assert_eq!(from, TODAY);
            (tier, (until - TODAY).num_days())
        };
        assert_eq!(span(&[90, 90, 90, 90, 10, 90]), (Tier::Low, 1), "the fifth date is full");
        assert_eq!(span(&[10, 90, 90, 90, 90, 90]), (Tier::High, 0), "today is full");
        assert_eq!(span(&[-1, -1, -1, 50]), (Tier::Low, 0), "only the fourth date is known");
        assert_eq!(span(&[50, 50, 50]), (Tier::Medium, 2), "nothing is listed from the fourth on");
        assert_eq!(span(&[50; 60]), (Tier::Medium, 31));
        assert_eq!(span(&[]), (Tier::Inactive, 31));
    }

    proptest! {
        #[test]
        fn the_tier_is_the_same_on_each_day_of_a_span(
            free in prop::collection::vec(-1i16..=100, 0..50), next_days in 0u64..20, later in 0u64..32,
        ) {
            let listed = days(&free);
            let span = TierSpan::new(TODAY, next_days, &listed);
            let day = TODAY + Days::new(later);
            if day <= span.until {
                prop_assert_eq!(Tier::on(day, next_days, &listed), span.tier);
            }
        }
    }
}
