//! The state of a night as this program stores it, from the values of the other database.

use super::counts::{Correction, Counts};
use crate::domain::hut::HutType;
use crate::domain::state::{OccupancyStatus, ReservationStatus, State};

/// The stored values of a night. Computed values are not among them: they are computed anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TheirState {
    pub free: Option<i32>,
    pub total: Option<i32>,
    /// None if it is null, or if this program does not know the type.
    pub hut_type: Option<HutType>,
    pub reservation_status: String,
    /// It says that a night is full whose free places are null.
    pub occupancy_status: String,
}

impl TheirState {
    /// The state by the rules of this program. Each corrected value is counted.
    #[must_use]
    pub fn correct(&self, counts: &mut Counts) -> State {
        let mut places = |value: i32| {
            let valid = value.clamp(0, i16::MAX.into());
            if valid != value {
                counts.correct(Correction::PlacesOutOfRange);
            }
            i16::try_from(valid).expect("at most i16::MAX")
        };
        let (mut free, mut total) = (self.free.map(&mut places), self.total.map(places));
        let hut_type = self.hut_type.unwrap_or_else(|| {
            counts.correct(Correction::HutType);
            HutType::Unknown
        });
        let mut status = self.reservation_status.parse().unwrap_or_else(|_| {
            counts.correct(Correction::ReservationStatus);
            ReservationStatus::Unknown
        });
        if status == ReservationStatus::NotPossible && free.is_some_and(|free| free > 0) {
            // The site called the night closed, and published numbers nevertheless.
            counts.correct(Correction::PlacesOfClosedNight);
            (free, total) = (Some(0), Some(0));
        }
        let is_full = self.occupancy_status == <&str>::from(OccupancyStatus::Full);
        if free.is_none() && (is_full || total == Some(0)) {
            counts.correct(Correction::FreeOfFullNight);
            free = Some(0);
        }
        if let (Some(free), Some(below)) = (free, total.as_mut())
            && free > *below
        {
            counts.correct(Correction::FreeAboveTotal);
            *below = free;
        }
        if status == ReservationStatus::Possible && free == Some(0) {
            counts.correct(Correction::BookableWithoutPlaces);
            status = ReservationStatus::NotPossible;
        }
        State { free, total, hut_type, reservation_status: status }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn correct(
        free: Option<i32>,
        total: Option<i32>,
        status: &str,
    ) -> (Option<i16>, Option<i16>, String, Vec<Correction>) {
        let mut counts = Counts::default();
        let their = TheirState {
            free,
            total,
            hut_type: Some(HutType::Hut),
            reservation_status: status.into(),
            occupancy_status: "low".into(),
        };
        let state = their.correct(&mut counts);
        let corrected = counts.corrected.into_keys().collect();
        (state.free, state.total, state.reservation_status.to_string(), corrected)
    }

    #[test]
    fn valid_values_stay() {
        for (free, total, status) in [
            (Some(3), Some(40), "possible"),
            (Some(0), Some(40), "not_possible"),
            (Some(0), Some(0), "not_possible"),
            (None, Some(40), "possible"),
            (None, None, "unknown"),
            (Some(5), None, "not_online"),
            (Some(0), Some(0), "unknown"),
        ] {
            let places = |value: Option<i32>| value.map(|value| value as i16);
            let expected = (places(free), places(total), status.to_owned(), vec![]);
            assert_eq!(correct(free, total, status), expected);
        }
    }

    #[test]
    fn invalid_values_are_corrected_and_counted() {
        use Correction::*;
        let is = |free, total, status: &str, why: &[Correction]| {
            (free, total, status.to_owned(), why.to_vec())
        };
        assert_eq!(
            correct(Some(9), Some(4), "possible"),
            is(Some(9), Some(9), "possible", &[FreeAboveTotal])
        );
        assert_eq!(
            correct(Some(-1), Some(4), "unknown"),
            is(Some(0), Some(4), "unknown", &[PlacesOutOfRange])
        );
        assert_eq!(
            correct(Some(7), Some(9), "not_possible"),
            is(Some(0), Some(0), "not_possible", &[PlacesOfClosedNight])
        );
        assert_eq!(
            correct(None, Some(0), "unknown"),
            is(Some(0), Some(0), "unknown", &[FreeOfFullNight])
        );
        assert_eq!(
            correct(Some(0), Some(9), "possible"),
            is(Some(0), Some(9), "not_possible", &[BookableWithoutPlaces])
        );
        assert_eq!(
            correct(Some(2), Some(9), "maybe"),
            is(Some(2), Some(9), "unknown", &[ReservationStatus])
        );
    }

    #[test]
    fn a_full_night_without_a_number_has_no_free_places() {
        let mut counts = Counts::default();
        let their = TheirState {
            total: Some(40),
            reservation_status: "not_possible".into(),
            occupancy_status: "full".into(),
            ..TheirState::default()
        };
        let state = their.correct(&mut counts);
        assert_eq!(
            (state.free, state.total, state.hut_type),
            (Some(0), Some(40), HutType::Unknown)
        );
        assert_eq!(counts.values_corrected(), 2);
    }
}
