//! Places in the Alps and their foreland.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use geographiclib_rs::{Geodesic, InverseGeodesic};
use thiserror::Error;

/// The Alps and their foreland, degrees north and east. The two ranges do not overlap, so that swapped
/// axes are recognized.
pub(super) const LATITUDES: RangeInclusive<f64> = 43.0..=53.0;
pub(super) const LONGITUDES: RangeInclusive<f64> = 4.0..=17.0;

/// Bytes. The longest spelling seen has 47. A longer text is prose.
pub(super) const MAX_SPELLING_LEN: usize = 200;

/// The coefficients of its series are computed once.
static EARTH: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// A place in the Alps or their foreland, degrees WGS84, rounded to 6 decimals (0.1 m).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub latitude: f64,
    pub longitude: f64,
}

/// Why a text or a pair of numbers is not a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unplaced {
    #[error("is empty")]
    Empty,
    #[error("is a placeholder")]
    Placeholder,
    #[error("cannot be read as coordinates")]
    Unreadable,
    /// The zone cannot be guessed: zones 32 and 33 both lie in the Alps.
    #[error("is UTM without its zone")]
    UtmWithoutZone,
    #[error("lies outside 43 to 53 N, 4 to 17 E")]
    Outside,
    /// The decimals were lost. The error may be up to 75 km.
    #[error("is a whole degree")]
    WholeDegree,
    /// The hut is not in Switzerland.
    #[error("would be Swiss grid, outside Switzerland")]
    SwissGridAbroad,
    #[error("names two places")]
    TwoPlaces,
}

impl Place {
    /// A place from degrees WGS84, in either order.
    ///
    /// # Errors
    /// `Placeholder` if both are 0, `Outside` (also for NaN), `WholeDegree`.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, Unplaced> {
        if latitude == 0.0 && longitude == 0.0 {
            return Err(Unplaced::Placeholder);
        }
        let (latitude, longitude) = if LATITUDES.contains(&longitude) {
            (longitude, latitude)
        } else {
            (latitude, longitude)
        };
        if !LATITUDES.contains(&latitude) || !LONGITUDES.contains(&longitude) {
            return Err(Unplaced::Outside);
        }
        if latitude.fract() == 0.0 || longitude.fract() == 0.0 {
            return Err(Unplaced::WholeDegree);
        }
        Ok(Self::rounded(latitude, longitude))
    }

    pub(super) fn rounded(latitude: f64, longitude: f64) -> Self {
        let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
        Self { latitude: round(latitude), longitude: round(longitude) }
    }

    /// Metres between two places, along the surface of the ellipsoid at sea level.
    #[must_use]
    pub fn distance(&self, other: &Self) -> f64 {
        EARTH.inverse(self.latitude, self.longitude, other.latitude, other.longitude)
    }
}

/// Whether the form was never filled in: `XXX.XXX / YYY.YYY`, `XXX m`, `00.000000/0.000000`, `-`.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).all(|c| matches!(c, 'X' | 'x' | 'Y' | 'y' | '0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_numbers_are_a_place_in_either_order() {
        let place = Place { latitude: 46.5, longitude: 7.25 };
        assert_eq!(Place::new(46.5, 7.25), Ok(place));
        assert_eq!(Place::new(7.25, 46.5), Ok(place));
    }

    #[test]
    fn numbers_outside_the_alps_are_not_a_place() {
        for (latitude, longitude) in [
            (46.5, 46.5),
            (7.5, 7.5),
            (42.999, 7.5),
            (46.5, 17.001),
            (-46.5, 7.5),
            (f64::NAN, 7.5),
            (46.5, f64::NAN),
            (f64::INFINITY, f64::MAX),
        ] {
            assert_eq!(Place::new(latitude, longitude), Err(Unplaced::Outside));
        }
        assert_eq!(Place::new(0.0, 0.0), Err(Unplaced::Placeholder));
    }

    #[test]
    fn a_whole_degree_is_not_a_place() {
        assert_eq!(Place::new(47.791762, 15.0), Err(Unplaced::WholeDegree));
        assert_eq!(Place::new(47.0, 11.5), Err(Unplaced::WholeDegree));
    }

    #[test]
    fn distance_is_metres_on_the_ellipsoid() {
        // A degree of latitude and one of longitude at 47 N (IUGG tables: 111,170 m and 76,056 m).
        let place = |latitude, longitude| Place { latitude, longitude };
        let north = place(46.5, 11.0).distance(&place(47.5, 11.0));
        let east = place(47.0, 10.5).distance(&place(47.0, 11.5));
        assert!((north - 111_170.0).abs() < 10.0, "{north}");
        assert!((east - 76_056.0).abs() < 10.0, "{east}");
        assert_eq!(place(47.0, 11.5).distance(&place(47.0, 11.5)), 0.0);
    }

    proptest! {
        #[test]
        fn every_place_lies_in_the_allowed_range(
            a in prop_oneof![any::<f64>(), 0.0..60.0],
            b in prop_oneof![any::<f64>(), 0.0..60.0],
        ) {
            if let Ok(place) = Place::new(a, b) {
                prop_assert!(LATITUDES.contains(&place.latitude));
                prop_assert!(LONGITUDES.contains(&place.longitude));
            }
        }
    }
}
