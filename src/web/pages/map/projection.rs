//! Web Mercator: the projection of the map, and of every tile server. Pure functions.

use std::f64::consts::{PI, TAU};

use crate::domain::geo::Place;

/// A point of the earth in the square of Web Mercator, whose corners are (0, 0) in the north-west and (1, 1) in the
/// south-east.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorldPoint {
    pub x: f64,
    pub y: f64,
}

/// The latitude in degrees where the square of Web Mercator ends.
const MAX_LATITUDE: f64 = 85.0;

/// The point of a place. Places beyond 85 degrees north or south are moved to there.
#[must_use]
pub fn world(Place { latitude, longitude }: Place) -> WorldPoint {
    let latitude = latitude.clamp(-MAX_LATITUDE, MAX_LATITUDE).to_radians();
    WorldPoint { x: longitude / 360.0 + 0.5, y: 0.5 - latitude.tan().asinh() / TAU }
}

/// The place of a point.
#[must_use]
pub fn place(WorldPoint { x, y }: WorldPoint) -> Place {
    Place { latitude: (PI - TAU * y).sinh().atan().to_degrees(), longitude: (x - 0.5) * 360.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn north_is_up_and_east_is_right() {
        let at = |latitude, longitude| world(Place { latitude, longitude });
        assert_eq!(at(0.0, 0.0), WorldPoint { x: 0.5, y: 0.5 });
        let (bern, vienna) = (at(46.9, 7.4), at(48.2, 16.4));
        assert!(bern.x < vienna.x && bern.y > vienna.y);
    }

    #[test]
    fn the_tile_of_a_place_is_that_of_every_tile_server() {
        // Zürich lies in the tile 10/536/358 of OpenStreetMap and all others.
        let WorldPoint { x, y } = world(Place { latitude: 47.3769, longitude: 8.5417 });
        assert_eq!(((x * 1024.0).floor(), (y * 1024.0).floor()), (536.0, 358.0));
    }

    #[test]
    fn a_point_leads_back_to_its_place() {
        for (latitude, longitude) in [(46.5, 8.25), (-33.0, -70.5), (84.9, 179.0)] {
            let back = place(world(Place { latitude, longitude }));
            let is_near = |a: f64, b: f64| (a - b).abs() < 1e-9;
            assert!(is_near(back.latitude, latitude) && is_near(back.longitude, longitude));
        }
    }
}
