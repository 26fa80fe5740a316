//! Pure: the country of a place.

use std::sync::LazyLock;

use country_boundaries::{BOUNDARIES_ODBL_360X180, CountryBoundaries, LatLon};

use super::place::Place;

/// OpenStreetMap's boundaries, compiled in.
static BOUNDARIES: LazyLock<CountryBoundaries> = LazyLock::new(|| {
    CountryBoundaries::from_reader(BOUNDARIES_ODBL_360X180).expect("compiled in with its reader")
});

/// Degrees around a place, about 500 m. Nearer to a border than this, neither the boundary data nor the
/// typed coordinates are exact enough to decide the country.
const NEAR_A_BORDER: f64 = 0.005;

/// The country of a place, as two letters. Near a border it is the `reported` one, if that is one of
/// the countries there.
#[must_use]
pub fn country(place: Place, reported: Option<&str>) -> Option<String> {
    let d = NEAR_A_BORDER;
    let around = [(0.0, 0.0), (d, d), (d, -d), (-d, d), (-d, -d)];
    let is_near = |reported: &str| {
        around.iter().any(|&(north, east)| countries(place, north, east).contains(&reported))
    };
    match reported {
        Some(reported) if is_near(reported) => Some(reported.to_owned()),
        _ => countries(place, 0.0, 0.0).first().map(|&country| country.to_owned()),
    }
}

/// The countries at an offset in degrees from a place: more than one only in disputed areas.
fn countries(place: Place, north: f64, east: f64) -> Vec<&'static str> {
    let Ok(at) = LatLon::new(place.latitude + north, place.longitude + east) else {
        return Vec::new();
    };
    // The data lists parts of countries too, such as IT-32.
    BOUNDARIES.ids(at).into_iter().filter(|id| id.len() == 2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64, reported: &str) -> Option<String> {
        country(Place { latitude, longitude }, Some(reported))
    }

    #[test]
    fn the_location_decides_the_country_not_the_association() {
        // Berliner Hütte, owned by a German association.
        assert_eq!(at(47.024_52, 11.8128, "DE").as_deref(), Some("AT"));
        // Heidelberger Hütte, likewise.
        assert_eq!(at(46.912, 10.254, "DE").as_deref(), Some("CH"));
        assert_eq!(at(46.3036, 7.4617, "CH").as_deref(), Some("CH"));
    }

    #[test]
    fn near_a_border_the_reported_country_is_used() {
        // Münchner Haus, on the summit of the Zugspitze.
        let border = (47.421, 10.9853);
        assert_eq!(at(border.0, border.1, "AT").as_deref(), Some("AT"));
        assert_eq!(at(border.0, border.1, "DE").as_deref(), Some("DE"));
        assert!(at(border.0, border.1, "IT").is_some_and(|country| country != "IT"));
    }
}
