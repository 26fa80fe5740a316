//! Pure: the Swiss grids LV03 and LV95, converted by swisstopo's published approximate formulas. They are
//! exact to about 1 m, and to 3 m in the corners of the country.

use std::ops::RangeInclusive;

use lv03::{Lv03, Lv95, Wgs84};

use super::number::Number;
use super::place::Place;

/// Metres, LV03; LV95 has 2,000,000 and 1,000,000 more.
const EASTINGS: RangeInclusive<f64> = 480_000.0..=840_000.0;
const NORTHINGS: RangeInclusive<f64> = 70_000.0..=300_000.0;

/// The ways in which metres are typed: the factor for the number, and its digits before and after the
/// point. A misplaced point is accepted only if no digit is missing, because `56.12/7.34` may also be
/// mistyped degrees.
const SPELLINGS: [(f64, RangeInclusive<usize>, RangeInclusive<usize>); 4] = [
    // 664688
    (1.0, 5..=7, 0..=usize::MAX),
    // 664.688, in kilometres
    (1e3, 2..=4, 1..=usize::MAX),
    // 66.4688
    (1e4, 2..=2, 4..=4),
    // 2.664688
    (1e6, 1..=1, 6..=6),
];

/// The place, if both numbers are coordinates of a Swiss grid in the same spelling. The easting
/// decides which spelling: LV03's range is less than a factor of ten wide, and no power of ten maps LV95's
/// range onto it.
pub fn place(north: Number, east: Number) -> Option<Place> {
    SPELLINGS
        .iter()
        .filter(|(_, whole, decimals)| {
            [north, east].iter().all(|n| whole.contains(&n.whole) && decimals.contains(&n.decimals))
        })
        .find_map(|(factor, ..)| wgs84(north.value * factor, east.value * factor))
}

/// Converts metres of LV03 or LV95.
fn wgs84(north: f64, east: f64) -> Option<Place> {
    let lies_in = |north: f64, east: f64| NORTHINGS.contains(&north) && EASTINGS.contains(&east);
    let Wgs84 { latitude, longitude, .. } = if lies_in(north, east) {
        Lv03 { north, east, altitude: 0.0 }.to_wgs84()
    } else if lies_in(north - 1e6, east - 2e6) {
        Lv95 { north, east, altitude: 0.0 }.to_wgs84()
    } else {
        return None;
    };
    Some(Place::rounded(latitude, longitude))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// swisstopo, "Formulas and constants for the calculation of the Swiss conformal cylindrical
    /// projection", chapter 4.2: LV95 to degrees.
    fn swisstopo(north: f64, east: f64) -> Place {
        let (y, x) = ((east - 2.6e6) / 1e6, (north - 1.2e6) / 1e6);
        let longitude = 2.6779094 + 4.728982 * y + 0.791484 * y * x + 0.1306 * y * x.powi(2)
            - 0.0436 * y.powi(3);
        let latitude = 16.9023892 + 3.238272 * x
            - 0.270978 * y.powi(2)
            - 0.002528 * x.powi(2)
            - 0.0447 * y.powi(2) * x
            - 0.0140 * x.powi(3);
        Place { latitude: latitude * 100.0 / 36.0, longitude: longitude * 100.0 / 36.0 }
    }

    #[test]
    fn known_points_are_found_to_three_metres() {
        let points = [
            // The old observatory of Bern, where both grids have their origin.
            (1_200_000.0, 2_600_000.0, 46.951082877, 7.438632495),
            // swisstopo's own example for the formulas: 46°02'38.87" N, 8°43'49.79" E.
            (1_100_000.0, 2_700_000.0, 46.044130556, 8.730497222),
            // The geostation of Zimmerwald, from its geocentric coordinates.
            (1_191_775.03, 2_602_030.68, 46.877094670, 7.465273222),
            // The corners of the country, by the strict formulas of the same paper.
            (1_118_000.0, 2_490_000.0, 46.204445128, 6.013412275),
            (1_076_000.0, 2_722_000.0, 45.824667269, 9.008431253),
            (1_168_000.0, 2_832_000.0, 46.622930575, 10.468461957),
            (1_294_000.0, 2_684_000.0, 47.791144343, 8.559631774),
        ];
        for (north, east, latitude, longitude) in points {
            let known = Place { latitude, longitude };
            let lv95 = wgs84(north, east).unwrap();
            let lv03 = wgs84(north - 1e6, east - 2e6).unwrap();
            assert!(lv95.distance(&known) < 3.0, "{lv95:?}");
            assert!(lv03.distance(&known) < 3.0, "{lv03:?}");
        }
    }

    #[test]
    fn coordinates_outside_the_grid_are_not_a_place() {
        assert!(wgs84(70_000.0, 480_000.0).is_some() && wgs84(300_000.0, 840_000.0).is_some());
        assert!(wgs84(1_070_000.0, 2_480_000.0).is_some());
        for (north, east) in [
            (69_999.0, 600_000.0),
            (300_001.0, 600_000.0),
            (200_000.0, 479_999.0),
            (200_000.0, 840_001.0),
            (200_000.0, 2_600_000.0),
            (1_200_000.0, 600_000.0),
            (f64::NAN, f64::INFINITY),
        ] {
            assert_eq!(wgs84(north, east), None, "{north} {east}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_formulas_across_switzerland(
            north in 1_070_000.0..=1_300_000.0,
            east in 2_480_000.0..=2_840_000.0,
        ) {
            let place = wgs84(north, east).unwrap();
            let distance = place.distance(&swisstopo(north, east));
            prop_assert!(distance < 0.2, "{distance} m");
        }
    }
}
