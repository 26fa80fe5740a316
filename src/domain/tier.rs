//! Pure: how often a hut is asked, by how full its coming dates are.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::domain::availability::State;

/// Occupied percent above which a date makes its hut a high or a medium one.
const HIGH_ABOVE: f64 = 75.0;
const MEDIUM_ABOVE: f64 = 25.0;

/// The days after today whose dates make the tier, unless a run says another number.
pub const NEXT_DAYS: u64 = 14;

/// No tier is looked for further ahead: by then the hut was asked again.
const MAX_SPAN: u64 = 31;

/// A hut's tier, by the fullest of its coming dates.
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
    /// By the highest occupancy in percent of the dates of which any places are known.
    #[must_use]
    pub fn of(highest_occupancy: Option<f64>) -> Self {
        match highest_occupancy {
            Some(percent) if percent > HIGH_ABOVE => Self::High,
            Some(percent) if percent > MEDIUM_ABOVE => Self::Medium,
            Some(_) => Self::Low,
            None => Self::Inactive,
        }
    }

    /// By those of the listed dates that are from `today` to `next_days` later.
    fn on(today: NaiveDate, next_days: u64, listed: &BTreeMap<NaiveDate, State>) -> Self {
        let coming = listed.range(today..=today + Days::new(next_days));
        let known = coming.filter(|(_, state)| state.total > 0);
        Self::of(known.map(|(_, state)| state.occupancy_percent()).max_by(f64::total_cmp))
    }
}

/// A tier, and the days on which a check says that it is this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierSpan {
    pub tier: Tier,
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// Dates go by for so many days after each of those.
    pub next_days: u64,
}

impl TierSpan {
    /// What the listed dates say `today`, and until when they say the same.
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
    fn the_fullest_coming_date_makes_the_tier() {
        assert_eq!(Tier::of(Some(75.1)), Tier::High);
        assert_eq!(Tier::of(Some(75.0)), Tier::Medium);
        assert_eq!(Tier::of(Some(25.1)), Tier::Medium);
        assert_eq!(Tier::of(Some(25.0)), Tier::Low);
        assert_eq!(Tier::of(Some(0.0)), Tier::Low);
        assert_eq!(Tier::of(None), Tier::Inactive);
    }

    #[test]
    fn a_tier_holds_until_a_date_comes_near_or_passes() {
        let span = |free: &[i16]| {
            let TierSpan { tier, from, until, .. } = TierSpan::new(TODAY, 2, &days(free));
            assert_eq!(from, TODAY);
            (tier, (until - TODAY).num_days())
        };
        assert_eq!(span(&[90, 90, 90, 90, 10, 90]), (Tier::Low, 1), "the fifth date is full");
        assert_eq!(span(&[10, 90, 90, 90, 90, 90]), (Tier::High, 0), "today is full");
        assert_eq!(span(&[-1, -1, -1, 50]), (Tier::Inactive, 0), "of the fourth anything is known");
        assert_eq!(span(&[50, 50, 50]), (Tier::Medium, 2), "nothing is listed from the third on");
        assert_eq!(span(&[50; 60]), (Tier::Medium, 31));
        assert_eq!(span(&[]), (Tier::Inactive, 31));
    }

    proptest! {
        #[test]
        fn on_each_day_of_a_span_the_dates_say_the_same(
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
