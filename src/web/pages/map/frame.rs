//! What a map shows: a rectangle of the earth in a view of some pixels. Pure functions.

use super::projection::{WorldPoint, place, world};
use crate::domain::geo::{Bounds, Place};

/// Where huts are shown on the map, in degrees: the Alps, the Pyrenees and their foreland. A hut elsewhere is only in
/// lists, because one wrong coordinate would make the map too large to read.
const REGION: Bounds = Bounds { west: -5.0, south: 41.0, east: 18.5, north: 50.0 };

/// The whole area, if there is no hut to fit the map to: the Alps.
const ALPS: Bounds = Bounds { west: 5.0, south: 43.5, east: 16.5, north: 48.2 };

/// How far a map reaches, in degrees: the base map ends there.
const LIMITS: Bounds = Bounds { west: -8.0, south: 38.5, east: 21.5, north: 53.0 };

/// The largest scale: a pixel is about 3 m in the Alps, that of zoom level 15 of tile servers.
const MAX_SCALE: f64 = 256.0 * 32_768.0;

/// The least width and height of a fitted map in degrees: around a single hut, a town or a border tells where it is.
const MIN_FITTED: f64 = 1.0;

/// The margin around fitted huts, as a part of their rectangle: room for the marks at its edges.
const MARGIN: f64 = 0.09;

/// A size in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

/// A point in CSS pixels from the upper left corner of a view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// A rectangle of the earth in a view of a size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// The upper left corner.
    pub corner: WorldPoint,
    /// CSS pixels for the width of the earth.
    pub scale: f64,
    pub size: Size,
}

/// Whether huts at a place are shown on the map.
#[must_use]
pub fn is_on_map(place: Place) -> bool {
    let Bounds { west, south, east, north } = REGION;
    (west..=east).contains(&place.longitude) && (south..=north).contains(&place.latitude)
}

/// The rectangle that holds all places with a margin; the Alps if there are none.
#[must_use]
pub fn fitted(places: impl Iterator<Item = Place>) -> Bounds {
    let Some(around) = around(places) else { return ALPS };
    let margin = |from: f64, to: f64| ((MIN_FITTED - (to - from)) / 2.0).max((to - from) * MARGIN);
    let (x, y) = (margin(around.west, around.east), margin(around.south, around.north));
    Bounds {
        west: around.west - x,
        south: around.south - y,
        east: around.east + x,
        north: around.north + y,
    }
}

/// The smallest rectangle that holds all places; none if there are none.
#[must_use]
pub fn around(places: impl Iterator<Item = Place>) -> Option<Bounds> {
    let grow = |bounds: Option<Bounds>, Place { latitude, longitude }| {
        let point = Bounds { west: longitude, south: latitude, east: longitude, north: latitude };
        let Bounds { west, south, east, north } = bounds.unwrap_or(point);
        Some(Bounds {
            west: west.min(longitude),
            south: south.min(latitude),
            east: east.max(longitude),
            north: north.max(latitude),
        })
    };
    places.fold(None, grow)
}

/// The rectangle cut to what the map can show; the Alps if nothing is left.
#[must_use]
pub fn within_limits(bounds: Bounds) -> Bounds {
    let cut = Bounds {
        west: bounds.west.max(LIMITS.west),
        south: bounds.south.max(LIMITS.south),
        east: bounds.east.min(LIMITS.east),
        north: bounds.north.min(LIMITS.north),
    };
    if cut.west <= cut.east && cut.south <= cut.north { cut } else { ALPS }
}

/// Whether the rectangle is all that the map can show.
#[must_use]
pub fn is_whole(bounds: &Bounds) -> bool {
    within_limits(scaled(bounds, 1.01)) == LIMITS
}

/// The rectangle with the same centre, larger by a factor.
#[must_use]
pub fn scaled(bounds: &Bounds, factor: f64) -> Bounds {
    let (from, to) = corners(bounds);
    let stretch = |from: f64, to: f64| {
        let (middle, half) = (f64::midpoint(from, to), (to - from) / 2.0 * factor);
        (middle - half, middle + half)
    };
    let ((west, east), (north, south)) = (stretch(from.x, to.x), stretch(from.y, to.y));
    bounds_of(WorldPoint { x: west, y: north }, WorldPoint { x: east, y: south })
}

/// The rectangle moved by parts of its width to the east, and of its height to the south. It stays within what the map
/// can show.
#[must_use]
pub fn moved(bounds: &Bounds, east: f64, south: f64) -> Bounds {
    let (from, to) = corners(bounds);
    let (first, last) = corners(&LIMITS);
    let (width, height) = (to.x - from.x, to.y - from.y);
    let start = |start: f64, length: f64, first: f64, last: f64| {
        start.min(last - length).max(first.min(last - length))
    };
    let x = start(from.x + width * east, width, first.x, last.x);
    let y = start(from.y + height * south, height, first.y, last.y);
    bounds_of(WorldPoint { x, y }, WorldPoint { x: x + width, y: y + height })
}

/// The corners in the north-west and in the south-east.
fn corners(bounds: &Bounds) -> (WorldPoint, WorldPoint) {
    (
        world(Place { latitude: bounds.north, longitude: bounds.west }),
        world(Place { latitude: bounds.south, longitude: bounds.east }),
    )
}

fn bounds_of(from: WorldPoint, to: WorldPoint) -> Bounds {
    let (from, to) = (place(from), place(to));
    Bounds { west: from.longitude, south: to.latitude, east: to.longitude, north: from.latitude }
}

impl Frame {
    /// The frame with the largest scale that holds the rectangle. It shows more of the earth where the view has
    /// another shape than the rectangle.
    #[must_use]
    pub fn around(bounds: &Bounds, size: Size) -> Self {
        let (from, to) = corners(bounds);
        let scale = (size.width / (to.x - from.x)).min(size.height / (to.y - from.y));
        let scale = scale.min(MAX_SCALE);
        let corner =
            |from: f64, to: f64, length: f64| f64::midpoint(from, to) - length / scale / 2.0;
        let corner = WorldPoint {
            x: corner(from.x, to.x, size.width),
            y: corner(from.y, to.y, size.height),
        };
        Self { corner, scale, size }
    }

    /// The point of a place; it may lie outside the view.
    #[must_use]
    pub fn point(&self, place: Place) -> Point {
        self.of_world(world(place))
    }

    /// The point of a point of the earth; it may lie outside the view.
    #[must_use]
    pub fn of_world(&self, at: WorldPoint) -> Point {
        let x = (at.x - self.corner.x) * self.scale;
        Point { x, y: (at.y - self.corner.y) * self.scale }
    }

    /// Whether the view shows a point.
    #[must_use]
    pub fn shows(&self, point: Point) -> bool {
        (0.0..=self.size.width).contains(&point.x) && (0.0..=self.size.height).contains(&point.y)
    }

    /// What the frame shows of the earth.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let WorldPoint { x, y } = self.corner;
        let (width, height) = (self.size.width / self.scale, self.size.height / self.scale);
        bounds_of(self.corner, WorldPoint { x: x + width, y: y + height })
    }

    /// Whether there is a larger scale.
    #[must_use]
    pub fn can_zoom_in(&self) -> bool {
        self.scale < MAX_SCALE
    }
}

/// A rectangle as the parameter `bbox`: 5 decimals are 1 m.
#[must_use]
pub fn text(bounds: &Bounds) -> String {
    let Bounds { west, south, east, north } = bounds;
    format!("{west:.5},{south:.5},{east:.5},{north:.5}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIZE: Size = Size { width: 640.0, height: 427.0 };

    fn bounds(west: f64, south: f64, east: f64, north: f64) -> Bounds {
        Bounds { west, south, east, north }
    }

    #[test]
    fn a_map_without_huts_shows_the_alps() {
        assert_eq!(fitted(std::iter::empty()), ALPS);
        assert_eq!(within_limits(bounds(100.0, 10.0, 110.0, 20.0)), ALPS);
    }

    #[test]
    fn a_map_of_one_hut_shows_what_is_around_it() {
        let place = Place { latitude: 46.5, longitude: 8.0 };
        let fitted = fitted([place, place].into_iter());
        assert!((fitted.east - fitted.west - MIN_FITTED).abs() < 1e-9);
        assert_eq!(text(&fitted), "7.50000,46.00000,8.50000,47.00000");
    }

    #[test]
    fn huts_outside_the_region_are_not_on_the_map() {
        let is_on = |latitude, longitude| is_on_map(Place { latitude, longitude });
        assert!(is_on(42.8355, -0.4269), "the Refuge de Pombie in the Pyrenees");
        assert!(!is_on(0.0, 0.0) && !is_on(51.8, 10.6) && !is_on(f64::NAN, 8.0));
    }

    #[test]
    fn zooming_in_ends_at_the_largest_scale() {
        let mut frame = Frame::around(&ALPS, SIZE);
        for _ in 0..9 {
            assert!(frame.can_zoom_in());
            frame = Frame::around(&scaled(&frame.bounds(), 0.5), SIZE);
        }
        assert!(!frame.can_zoom_in());
        let point = bounds(8.0, 46.0, 8.0, 46.0);
        assert_eq!(Frame::around(&point, SIZE).scale, MAX_SCALE);
    }

    #[test]
    fn moving_stops_at_the_limits() {
        let mut at = ALPS;
        (0..50).for_each(|_| at = moved(&at, -0.5, 0.5));
        assert_eq!(
            text(&bounds(at.west, at.south, at.west, at.south)),
            "-8.00000,38.50000,-8.00000,38.50000"
        );
        assert!(is_whole(&LIMITS) && !is_whole(&ALPS));
        assert_eq!(text(&moved(&LIMITS, 0.5, -0.5)), text(&LIMITS));
    }

    proptest! {
        #[test]
        fn a_fitted_frame_shows_all_its_huts(
            places in proptest::collection::vec((41.0..50.0_f64, -5.0..18.5_f64), 1..40),
            width in 200.0..2_000.0_f64, height in 200.0..2_000.0_f64,
        ) {
            let place = |(latitude, longitude): &(f64, f64)| Place { latitude: *latitude, longitude: *longitude };
            let frame = Frame::around(&fitted(places.iter().map(place)), Size { width, height });
            for hut in &places {
                prop_assert!(frame.shows(frame.point(place(hut))), "{hut:?}");
            }
        }

        #[test]
        fn the_bounds_of_a_frame_give_the_same_frame(
            west in -7.0..15.0_f64, south in 39.0..49.0_f64, span in 0.05..6.0_f64,
        ) {
            let frame = Frame::around(&bounds(west, south, west + span, south + span), SIZE);
            let again = Frame::around(&frame.bounds(), SIZE);
            prop_assert!((again.scale / frame.scale - 1.0).abs() < 1e-9);
            let corner = again.of_world(frame.corner);
            prop_assert!(corner.x.abs() < 1e-3 && corner.y.abs() < 1e-3, "{corner:?}");
        }
    }
}
