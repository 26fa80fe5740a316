//! Pure: the state of a date, and the formulas on it.

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use utoipa::ToSchema;

use crate::domain::hut::HutType;

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
#[schema(as = ReservationStatusEnum)]
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
#[schema(as = OccupancyStatusEnum)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OccupancyStatus {
    Empty,
    Low,
    Medium,
    High,
    Full,
    /// Either the free places or the total are not published, and the hut is not full.
    FreeUnknown,
    Unknown,
}

/// What a check says about one date. Two states are equal when these four values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// Free places, `0 <= free <= total`. None if the site does not publish them.
    pub free: Option<i16>,
    /// Places that could be booked on this date; not the hut's capacity, unless the site publishes no total.
    /// None if neither is known.
    pub total: Option<i16>,
    pub hut_type: HutType,
    pub reservation_status: ReservationStatus,
}

impl State {
    /// Occupied places in percent of `total`. None if that cannot be computed.
    #[must_use]
    pub fn occupancy_percent(&self) -> Option<f64> {
        let (taken, total) = self.taken_of_total()?;
        Some(f64::from(taken) / f64::from(total) * 100.0)
    }

    /// The percentage in steps of ten, ties to even. Below 5 % it is 10 if there is any guest, and above
    /// 95 % it is 90 if there is any free place. None where the percentage is None.
    #[must_use]
    pub fn occupancy_steps(&self) -> Option<i16> {
        let (taken, total) = self.taken_of_total()?;
        if taken > 0 && taken * 20 < total {
            return Some(10);
        }
        if taken < total && taken * 20 > total * 19 {
            return Some(90);
        }
        let (tenths, rest) = (taken * 10 / total, taken * 10 % total);
        let rounded = match (rest * 2).cmp(&total) {
            std::cmp::Ordering::Less => tenths,
            std::cmp::Ordering::Equal => tenths + tenths % 2,
            std::cmp::Ordering::Greater => tenths + 1,
        };
        Some(i16::try_from(rounded * 10).expect("at most 100, because free is at least 0"))
    }

    /// The occupancy as a level.
    #[must_use]
    pub fn occupancy_status(&self) -> OccupancyStatus {
        match (self.free, self.total) {
            (_, Some(0)) | (None, None) => return OccupancyStatus::Unknown,
            (Some(0), None) => return OccupancyStatus::Full,
            (None, Some(_)) | (Some(_), None) => return OccupancyStatus::FreeUnknown,
            (Some(_), Some(_)) => {}
        }
        // A stored total may be damaged.
        let Some((taken, total)) = self.taken_of_total() else { return OccupancyStatus::Unknown };
        match () {
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

    /// Whether `places` can be booked. If the free places are not published, this is not known, and false.
    #[must_use]
    pub fn has_room_for(&self, places: u16) -> bool {
        let is_enough = |free| i32::from(free) >= i32::from(places);
        self.is_bookable() && self.free.is_some_and(is_enough)
    }

    /// Whether a place can be booked, but the site does not publish how many.
    #[must_use]
    pub fn must_ask(&self) -> bool {
        self.is_bookable() && self.free.is_none()
    }

    /// Whether nothing is for sale on the date. Earlier versions stored the numbers that a site gave for a closed
    /// date, and entries of the history keep them.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.reservation_status == ReservationStatus::NotPossible
            && (self.total == Some(0) || self.free.is_some_and(|free| free > 0))
    }

    fn taken_of_total(&self) -> Option<(i32, i32)> {
        let (free, total) = (i32::from(self.free?), i32::from(self.total?));
        (total > 0).then_some((total - free, total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn state(free: impl Into<Option<i16>>, total: impl Into<Option<i16>>) -> State {
        State {
            free: free.into(),
            total: total.into(),
            hut_type: HutType::Hut,
            reservation_status: ReservationStatus::Possible,
        }
    }

    #[test]
    fn steps_round_ties_to_even() {
        let steps = |taken: i16| state(100 - taken, 100).occupancy_steps().unwrap();
        assert_eq!((steps(15), steps(25), steps(35), steps(45)), (20, 20, 40, 40));
        assert_eq!((steps(5), steps(95)), (0, 100));
        assert_eq!((steps(14), steps(16), steps(24), steps(26)), (10, 20, 20, 30));
    }

    #[test]
    fn steps_show_a_single_guest_and_a_single_free_place() {
        assert_eq!(state(100, 100).occupancy_steps(), Some(0));
        assert_eq!(state(99, 100).occupancy_steps(), Some(10));
        assert_eq!(state(1, 100).occupancy_steps(), Some(90));
        assert_eq!(state(0, 100).occupancy_steps(), Some(100));
    }

    #[test]
    fn status_changes_just_above_37_and_62_percent() {
        let status = |taken: i16| state(100 - taken, 100).occupancy_status();
        assert_eq!(status(0), OccupancyStatus::Empty);
        assert_eq!((status(1), status(37)), (OccupancyStatus::Low, OccupancyStatus::Low));
        assert_eq!((status(38), status(62)), (OccupancyStatus::Medium, OccupancyStatus::Medium));
        assert_eq!((status(63), status(99)), (OccupancyStatus::High, OccupancyStatus::High));
        assert_eq!(status(100), OccupancyStatus::Full);
    }

    #[test]
    fn what_is_not_published_has_no_percentage() {
        let computed = |free: Option<i16>, total: Option<i16>| {
            let state = state(free, total);
            assert_eq!((state.occupancy_percent(), state.occupancy_steps()), (None, None));
            state.occupancy_status()
        };
        assert_eq!(computed(Some(0), Some(0)), OccupancyStatus::Unknown);
        assert_eq!(computed(None, Some(0)), OccupancyStatus::Unknown);
        assert_eq!(computed(None, None), OccupancyStatus::Unknown);
        assert_eq!(computed(None, Some(40)), OccupancyStatus::FreeUnknown);
        assert_eq!(computed(Some(3), None), OccupancyStatus::FreeUnknown);
        assert_eq!(computed(Some(0), None), OccupancyStatus::Full);
    }

    #[test]
    fn room_needs_known_free_places_that_can_be_booked() {
        assert!(state(4, 40).has_room_for(4) && state(4, None).has_room_for(1));
        assert!(!state(4, 40).has_room_for(5) && !state(None, 40).has_room_for(1));
        assert!(state(None, 40).must_ask() && !state(0, 40).must_ask());
        let closed = State { reservation_status: ReservationStatus::NotPossible, ..state(5, 9) };
        assert!(closed.is_closed() && !closed.has_room_for(1));
        let full = State { free: Some(0), ..closed };
        assert!(!full.is_closed());
        assert!(State { total: Some(0), ..full }.is_closed());
    }

    proptest! {
        /// Compares the integer formulas with the floating-point definition of the contract.
        #[test]
        fn formulas_agree_with_their_definition(
            total in prop::option::of(0i16..2000), taken in prop::option::of(0i16..2000),
        ) {
            let free = taken.map(|taken| total.map_or(taken, |total| total - taken.min(total)));
            let state = state(free, total);
            let (percent, steps) = (state.occupancy_percent(), state.occupancy_steps());
            let (Some(free), Some(total @ 1..)) = (free, total) else {
                prop_assert_eq!((percent, steps), (None, None));
                let expected = match (free, total) {
                    (_, Some(_)) if total == Some(0) => "unknown",
                    (None, None) => "unknown",
                    (Some(0), None) => "full",
                    _ => "free_unknown",
                };
                prop_assert_eq!(state.occupancy_status().to_string(), expected);
                return Ok(());
            };
            let (taken, total) = (i32::from(total - free), i32::from(total));
            let percent = percent.unwrap();
            prop_assert!((percent - f64::from(taken) * 100.0 / f64::from(total)).abs() < 1e-9);
            let is_tie = taken * 20 % total == 0;
            let expected = match percent {
                p if p > 0.0 && taken * 20 < total => 10.0,
                p if p < 100.0 && taken * 20 > total * 19 => 90.0,
                p if is_tie => ((p / 5.0).round() / 2.0).round_ties_even() * 10.0,
                p => (p / 10.0).round() * 10.0,
            };
            prop_assert_eq!(f64::from(steps.unwrap()), expected);
        }
    }
}
