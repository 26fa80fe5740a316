//! Pure: the tier of a hut, which decides how often it is polled. It depends on how full the coming dates are.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::domain::availability::State;

/// Above this occupancy, in percent, a date puts its hut into the high or the medium tier.
const HIGH_ABOVE: f64 = 75.0;
const MEDIUM_ABOVE: f64 = 25.0;

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
    /// No date is known, or none was listed.
    Inactive,
}

impl Tier {
    /// The tier for the highest occupancy, in percent, of the dates with known places.
    #[must_use]
    pub fn of(highest_occupancy: Option<f64>) -> Self {
        match highest_occupancy {
            Some(percent) if percent > HIGH_ABOVE => Self::High,
            Some(percent) if percent > MEDIUM_ABOVE => Self::Medium,
            Some(_) => Self::Low,
            None => Self::Inactive,
        }
    }

    /// The tier on a day: the listed dates from `today` to `next_days` later decide it.
    fn on(today: NaiveDate, next_days: u64, listed: &BTreeMap<NaiveDate, State>) -> Self {
        let coming = listed.range(today..=today + Days::new(next_days));
        let known = coming.filter(|(_, state)| state.total > 0);
        Self::of(known.map(|(_, state)| state.occupancy_percent()).max_by(f64::total_cmp))
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
    use crate::domain::availability::ReservationStatus;
    use crate::domain::hut::HutType;
    use proptest::prelude::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 1).expect("it is a day");

    fn days(free: &[i16]) -> BTreeMap<NaiveDate, State> {
        let state = |&free: &i16| State {
            free: free.max(0),
            total: if free < 0 { 0 } else { 100 },
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
        assert_eq!(Tier::of(Some(75.1)), Tier::High);
        assert_eq!(Tier::of(Some(75.0)), Tier::Medium);
        assert_eq!(Tier::of(Some(25.1)), Tier::Medium);
        assert_eq!(Tier::of(Some(25.0)), Tier::Low);
        assert_eq!(Tier::of(Some(0.0)), Tier::Low);
        assert_eq!(Tier::of(None), Tier::Inactive);
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
        assert_eq!(span(&[-1, -1, -1, 50]), (Tier::Inactive, 0), "only the fourth date is known");
        assert_eq!(span(&[50, 50, 50]), (Tier::Medium, 2), "nothing is listed from the third on");
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
