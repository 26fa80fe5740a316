//! Pure: in which country a place lies.

use std::sync::LazyLock;

use country_boundaries::{BOUNDARIES_ODBL_360X180, CountryBoundaries, LatLon};

use super::Place;

/// OpenStreetMap's boundaries, compiled in.
static BOUNDARIES: LazyLock<CountryBoundaries> = LazyLock::new(|| {
    CountryBoundaries::from_reader(BOUNDARIES_ODBL_360X180).expect("compiled in with its reader")
});

/// Degrees around a place, about 500 m: nearer than this to a border, neither the line nor what a
/// warden typed is exact enough to tell.
const NEAR_A_BORDER: f64 = 0.005;

/// The country of a place, two letters. Near a border it is the one that is `said`, if it is one of
/// those.
#[must_use]
pub fn country(place: Place, said: Option<&str>) -> Option<String> {
    let d = NEAR_A_BORDER;
    let around = [(0.0, 0.0), (d, d), (d, -d), (-d, d), (-d, -d)];
    let is_near = |said: &str| {
        around.iter().any(|&(north, east)| countries(place, north, east).contains(&said))
    };
    match said {
        Some(said) if is_near(said) => Some(said.to_owned()),
        _ => countries(place, 0.0, 0.0).first().map(|&country| country.to_owned()),
    }
}

/// The countries so many degrees beside a place: one, where nobody claims it as well.
fn countries(place: Place, north: f64, east: f64) -> Vec<&'static str> {
    let Ok(at) = LatLon::new(place.latitude + north, place.longitude + east) else {
        return Vec::new();
    };
    // Parts of countries are listed as well, as IT-32.
    BOUNDARIES.ids(at).into_iter().filter(|id| id.len() == 2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64, said: &str) -> Option<String> {
        country(Place { latitude, longitude }, Some(said))
    }

    #[test]
    fn a_hut_is_where_it_stands_whoever_runs_it() {
        // Berliner Hütte, of a German association.
        assert_eq!(at(47.024_52, 11.8128, "DE").as_deref(), Some("AT"));
        // Heidelberger Hütte, likewise.
        assert_eq!(at(46.912, 10.254, "DE").as_deref(), Some("CH"));
        assert_eq!(at(46.3036, 7.4617, "CH").as_deref(), Some("CH"));
    }

    #[test]
    fn near_a_border_the_site_knows_better() {
        // Münchner Haus, on the summit of the Zugspitze.
        let border = (47.421, 10.9853);
        assert_eq!(at(border.0, border.1, "AT").as_deref(), Some("AT"));
        assert_eq!(at(border.0, border.1, "DE").as_deref(), Some("DE"));
        assert!(at(border.0, border.1, "IT").is_some_and(|country| country != "IT"));
    }
}
