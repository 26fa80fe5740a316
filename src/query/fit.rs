//! Whether a group fits into a hut on a night. Pure.

use strum::{Display, VariantArray};

use super::night::{Night, NightStatus};

/// Whether a group fits into a hut, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Display, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Fit {
    /// Enough places can be booked.
    Fits,
    /// Places can be booked, but the site does not publish how many.
    Ask,
    /// Too few places, or none, are free.
    Full,
    Closed,
    /// Nothing is known of the night, nothing says how its places can be booked, or the site no longer lists it.
    Unknown,
}

impl Fit {
    /// Whether `places` people fit into a hut on a night.
    #[must_use]
    pub fn of(night: &Night, places: u16) -> Self {
        let places = places.max(1);
        match night.status() {
            _ if night.has_room_for(places) => Self::Fits,
            _ if night.must_ask() => Self::Ask,
            NightStatus::Closed => Self::Closed,
            NightStatus::Withdrawn | NightStatus::Unknown | NightStatus::FreeUnknown => {
                Self::Unknown
            }
            _ if night.state.free.is_some_and(|free| i32::from(free) >= i32::from(places)) => {
                Self::Unknown
            }
            _ => Self::Full,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hut::HutType;
    use crate::domain::state::ReservationStatus::{
        self, NotOnline, NotPossible, Possible, Unknown,
    };
    use crate::domain::state::State;

    fn night(
        free: impl Into<Option<i16>>,
        total: impl Into<Option<i16>>,
        reservation_status: ReservationStatus,
    ) -> Night {
        let (free, total) = (free.into(), total.into());
        Night {
            state: State { free, total, hut_type: HutType::Hut, reservation_status },
            last_checked: chrono::DateTime::UNIX_EPOCH,
            tier: None,
            is_listed: true,
            is_withdrawn: false,
        }
    }

    #[test]
    fn a_hut_fits_if_its_places_can_be_booked_for_the_whole_group() {
        for (night, places, fit) in [
            (night(12, 40, Possible), 12, Fit::Fits),
            (night(12, 40, Possible), 13, Fit::Full),
            (night(12, 40, Possible), 0, Fit::Fits),
            (night(0, 40, NotPossible), 0, Fit::Full),
            (night(7, 40, NotOnline), 1, Fit::Unknown),
            (night(7, 40, NotOnline), 8, Fit::Full),
            (night(None, 40, Possible), 99, Fit::Ask),
            (night(None, None, Possible), 1, Fit::Ask),
            (night(3, None, Possible), 3, Fit::Fits),
            (night(5, 9, NotPossible), 1, Fit::Closed),
            (night(0, 0, NotPossible), 1, Fit::Closed),
            (night(0, 0, Unknown), 1, Fit::Unknown),
            (night(None, 40, NotOnline), 1, Fit::Unknown),
            (Night { is_withdrawn: true, ..night(12, 40, Possible) }, 1, Fit::Unknown),
        ] {
            assert_eq!(Fit::of(&night, places), fit, "{night:?} for {places}");
        }
    }
}
