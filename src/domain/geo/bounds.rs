//! A rectangle on the map, as map clients ask for it.

use std::str::FromStr;

use super::place::Place;

/// A rectangle in degrees (WGS84). It does not cross the antimeridian, where there are no huts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

/// What a text must be to name a rectangle.
const EXPECTED: &str = "expected minLon,minLat,maxLon,maxLat in degrees, such as 7.5,45.8,8.5,46.6";

/// Kilometres of a degree of latitude at least, anywhere on the ellipsoid.
const KM_OF_DEGREE: f64 = 110.5;

impl Bounds {
    /// A rectangle that contains all places up to a distance from a place, and some further ones in its corners.
    #[must_use]
    pub fn around(place: &Place, km: f64) -> Self {
        let Place { latitude, longitude } = *place;
        let north = km / KM_OF_DEGREE;
        // The degrees of longitude are shortest at the edge that is nearer to the pole.
        let east = north / (latitude.abs() + north).to_radians().cos();
        Self {
            west: longitude - east,
            south: latitude - north,
            east: longitude + east,
            north: latitude + north,
        }
    }
}

impl FromStr for Bounds {
    type Err = String;

    /// Reads `minLon,minLat,maxLon,maxLat`.
    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Option<Vec<f64>> =
            text.split(',').map(|number| number.trim().parse().ok()).collect();
        let Some([west, south, east, north]) = numbers.as_deref() else {
            return Err(format!("{EXPECTED}, got {text:?}"));
        };
        let bounds = Self { west: *west, south: *south, east: *east, north: *north };
        let within = |value: f64, max: f64| (-max..=max).contains(&value);
        if ![bounds.west, bounds.east].iter().all(|longitude| within(*longitude, 180.0)) {
            Err(format!("{EXPECTED}; a longitude of {text:?} is not from -180 to 180"))
        } else if ![bounds.south, bounds.north].iter().all(|latitude| within(*latitude, 90.0)) {
            Err(format!("{EXPECTED}; a latitude of {text:?} is not from -90 to 90"))
        } else if bounds.west > bounds.east {
            Err(format!("{EXPECTED}; in {text:?} minLon is greater than maxLon"))
        } else if bounds.south > bounds.north {
            Err(format!("{EXPECTED}; in {text:?} minLat is greater than maxLat"))
        } else {
            Ok(bounds)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_rectangle_around_a_place_contains_all_that_is_near(
            (latitude, longitude) in (43.1..52.9_f64, 4.1..16.9_f64),
            (north, east) in (-0.5..0.5_f64, -0.5..0.5_f64),
            km in 1.0..40.0_f64,
        ) {
            let place = Place { latitude, longitude };
            let other = Place { latitude: latitude + north, longitude: longitude + east };
            let bounds = Bounds::around(&place, km);
            if place.distance(&other) <= km * 1000.0 {
                prop_assert!((bounds.south..=bounds.north).contains(&other.latitude));
                prop_assert!((bounds.west..=bounds.east).contains(&other.longitude));
            }
            // It is no larger than needed.
            let corner = Place { latitude: bounds.north, longitude: bounds.east };
            prop_assert!(place.distance(&corner) <= km * 1000.0 * 1.5);
        }
    }

    #[test]
    fn four_numbers_make_a_rectangle() {
        let alps = Bounds { west: 5.0, south: 43.5, east: 16.6, north: 48.0 };
        for text in ["5,43.5,16.6,48", " 5.0, 43.5 ,16.6,48.0", "+5,43.5,16.6,4.8e1"] {
            assert_eq!(text.parse(), Ok(alps), "{text}");
        }
        let point = Bounds { west: -0.5, south: 46.0, east: -0.5, north: 46.0 };
        assert_eq!("-0.5,46,-0.5,46".parse(), Ok(point));
        assert!("-180,-90,180,90".parse::<Bounds>().is_ok());
    }

    #[test]
    fn anything_else_is_refused_with_the_reason() {
        let error = |text: &str| text.parse::<Bounds>().unwrap_err();
        for text in [
            "",
            "5",
            "5,43,16",
            "5,43,16,48,1",
            "5,43,16,north",
            "5;43;16;48",
            "5,,16,48",
            "5,43,16,48,",
        ] {
            assert_eq!(error(text), format!("{EXPECTED}, got {text:?}"));
        }
        for text in ["5,43,181,48", "nan,43,16,48", "-inf,43,inf,48"] {
            assert!(error(text).contains("a longitude of"), "{text}");
        }
        assert!(
            error("5,43,16,91").ends_with("a latitude of \"5,43,16,91\" is not from -90 to 90")
        );
        assert!(error("16,43,5,48").ends_with("minLon is greater than maxLon"));
        assert!(error("5,48,16,43").ends_with("minLat is greater than maxLat"));
    }
}
