//! A hut on the map, and whether it fits a group. Pure functions.

use std::cmp::Reverse;

use strum::{Display, VariantArray};

use crate::domain::geo::Place;
use crate::query::night::{Night, NightStatus};

/// Whether a group fits into a hut, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Display, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Fit {
    /// Enough places can be booked.
    Fits,
    /// Places can be booked, but the site does not publish how many.
    Ask,
    /// Too few places, or none, can be booked.
    Full,
    Closed,
    /// Nothing is known of the night, or the site no longer lists it.
    Unknown,
}

impl Fit {
    /// Whether `places` people fit into a hut on a night.
    #[must_use]
    pub fn of(night: &Night, places: u16) -> Self {
        match night.status() {
            _ if night.has_room_for(places.max(1)) => Self::Fits,
            _ if night.must_ask() => Self::Ask,
            NightStatus::Closed => Self::Closed,
            NightStatus::Withdrawn | NightStatus::Unknown => Self::Unknown,
            NightStatus::FreeUnknown if night.state.free.is_none() => Self::Unknown,
            _ => Self::Full,
        }
    }
}

/// A hut on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapHut {
    pub slug: String,
    /// Where its mark leads without a script.
    pub url: String,
    pub name: String,
    /// What is known of its places, for screen readers: `12 of 40 free, low`.
    pub words: String,
    pub place: Place,
    pub fit: Fit,
    /// The free places, if they are known and can be booked.
    pub free: Option<i16>,
}

impl MapHut {
    /// What stands in the mark of the hut. Colours alone would not tell the marks apart.
    #[must_use]
    pub fn sign(&self) -> String {
        match (self.fit, self.free) {
            (Fit::Fits | Fit::Full, Some(free @ ..=999)) => free.to_string(),
            (Fit::Fits, Some(_)) => "999+".into(),
            (Fit::Fits, None) => "✓".into(),
            (Fit::Full, _) => "0".into(),
            (Fit::Ask, _) => "?".into(),
            (Fit::Closed, _) => "×".into(),
            (Fit::Unknown, _) => "–".into(),
        }
    }

    /// The order of huts: the one with the most room first. Equal ones are ordered by slug, so that the same huts
    /// always give the same map.
    #[must_use]
    pub fn order(&self) -> impl Ord + '_ {
        (self.fit, Reverse(self.free), &self.slug)
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
            (night(7, 40, NotOnline), 1, Fit::Full),
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

    #[test]
    fn huts_that_fit_come_first_and_then_those_to_ask() {
        let hut = |slug: &str, fit, free| MapHut {
            slug: slug.into(),
            url: String::new(),
            name: String::new(),
            words: String::new(),
            place: Place { latitude: 46.0, longitude: 8.0 },
            fit,
            free,
        };
        let mut huts = [
            hut("closed", Fit::Closed, None),
            hut("none", Fit::Full, Some(0)),
            hut("ask", Fit::Ask, None),
            hut("b", Fit::Fits, Some(3)),
            hut("a", Fit::Fits, Some(3)),
            hut("most", Fit::Fits, Some(1_200)),
        ];
        huts.sort_by(|a, b| a.order().cmp(&b.order()));
        let signs = huts.each_ref().map(|hut| format!("{} {}", hut.slug, hut.sign()));
        assert_eq!(signs, ["most 999+", "a 3", "b 3", "ask ?", "none 0", "closed ×"]);
    }
}
