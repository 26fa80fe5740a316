//! Projects coordinates to points on the map, and back. Pure functions.

use crate::domain::geo::Place;

/// The edges of the map in degrees: the Alps and the French Pyrenees with a margin.
const WEST: f64 = -1.0;
const EAST: f64 = 16.8;
const SOUTH: f64 = 42.2;
const NORTH: f64 = 48.5;

/// The ratio of a degree of longitude to a degree of latitude, in the middle of the map.
const LONGITUDE_TO_LATITUDE: f64 = 0.7028;

/// The size of the map in its own units.
pub const WIDTH: f64 = 1_000.0;
pub const HEIGHT: f64 = WIDTH / (EAST - WEST) / LONGITUDE_TO_LATITUDE * (NORTH - SOUTH);

/// A point on the map, in units from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// The point of a place; none if it is outside the map.
#[must_use]
pub fn point(place: Place) -> Option<Point> {
    let is_inside =
        (WEST..=EAST).contains(&place.longitude) && (SOUTH..=NORTH).contains(&place.latitude);
    is_inside.then(|| Point { x: x(place.longitude), y: y(place.latitude) })
}

/// The place of a point.
#[must_use]
pub fn place(point: Point) -> Place {
    Place {
        latitude: NORTH - point.y / HEIGHT * (NORTH - SOUTH),
        longitude: WEST + point.x / WIDTH * (EAST - WEST),
    }
}

fn x(longitude: f64) -> f64 {
    (longitude - WEST) / (EAST - WEST) * WIDTH
}

fn y(latitude: f64) -> f64 {
    (NORTH - latitude) / (NORTH - SOUTH) * HEIGHT
}

/// A line of the grid of latitude and longitude: its position on the map, and its label.
#[derive(Clone, Debug, PartialEq)]
pub struct GridLine {
    pub at: f64,
    pub label: String,
}

/// The meridians on the map, one every two degrees, from west to east.
#[must_use]
pub fn meridians() -> Vec<GridLine> {
    let degrees = (0..=180).step_by(2).map(f64::from);
    let inside = degrees.filter(|degree| (WEST..EAST).contains(degree));
    inside.map(|degree| GridLine { at: x(degree), label: format!("{degree}° E") }).collect()
}

/// The parallels on the map, one every degree, from south to north.
#[must_use]
pub fn parallels() -> Vec<GridLine> {
    let inside = (0..90).map(f64::from).filter(|degree| (SOUTH..NORTH).contains(degree));
    inside.map(|degree| GridLine { at: y(degree), label: format!("{degree}° N") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Option<Point> {
        point(Place { latitude, longitude })
    }

    #[test]
    fn north_is_up_and_east_is_right() {
        assert_eq!(at(NORTH, WEST), Some(Point { x: 0.0, y: 0.0 }));
        assert_eq!(at(SOUTH, EAST), Some(Point { x: WIDTH, y: HEIGHT }));
        let (bern, vienna) = (at(46.9, 7.4).unwrap(), at(48.2, 16.4).unwrap());
        assert!(bern.x < vienna.x && bern.y > vienna.y);
        assert!(at(42.8355, -0.4269).is_some(), "the Refuge de Pombie in the Pyrenees");
    }

    #[test]
    fn a_place_outside_the_map_has_no_point() {
        assert_eq!(at(0.0, 0.0), None);
        assert_eq!(at(51.8, 10.6), None, "the Harz");
    }

    #[test]
    fn the_grid_lines_lie_on_the_map() {
        let labels = |lines: Vec<GridLine>| {
            lines.into_iter().map(|line| line.label).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(labels(meridians()), "0° E, 2° E, 4° E, 6° E, 8° E, 10° E, 12° E, 14° E, 16° E");
        assert_eq!(labels(parallels()), "43° N, 44° N, 45° N, 46° N, 47° N, 48° N");
    }
}
