//! Draws the lines of the base map in a frame, as paths of an SVG. Pure functions.

use std::fmt::Write;

use super::base::{Base, Line};
use super::frame::{Frame, Point};

/// Of a line, points closer than this to the one before are left out, in tenths of a CSS pixel.
const MIN_STEP: i32 = 12;

/// How much of the base map is drawn around the view, as a part of its size, so that a moved map is not empty before
/// the next one is there.
const MARGIN: f64 = 0.5;

/// The paths of an SVG, in tenths of CSS pixels from the upper left corner of a frame.
#[derive(Debug, Default)]
pub struct Paths {
    pub sea: String,
    pub lakes: String,
    pub borders: String,
}

impl Base {
    /// Draws what lies in a frame, and somewhat around it.
    #[must_use]
    pub fn draw(&self, frame: &Frame) -> Paths {
        let paths = |lines: &[Line], is_area| {
            lines.iter().fold(String::new(), |mut path, line| {
                line.draw(frame, is_area, &mut path);
                path
            })
        };
        Paths {
            sea: paths(&self.sea, true),
            lakes: paths(&self.shores, true),
            borders: paths(&self.borders, false),
        }
    }
}

impl Line {
    /// Adds the line to a path, if the frame shows any of it. An area is cut at the edges of the view, because one
    /// that is much larger would be long; a line consists of the parts that lie in the view.
    fn draw(&self, frame: &Frame, is_area: bool, path: &mut String) {
        let view = View::of(frame);
        let (from, to) = (frame.of_world(self.from), frame.of_world(self.to));
        if from.x > view.right || to.x < view.left || from.y > view.bottom || to.y < view.top {
            return;
        }
        let points: Vec<Point> = self.points.iter().map(|point| frame.of_world(*point)).collect();
        if is_area {
            write_path(&view.cut(&points), true, path);
            return;
        }
        let is_shown = |pair: &[Point]| {
            let (a, b) = (pair[0], pair[1]);
            a.x.max(b.x) >= view.left
                && a.x.min(b.x) <= view.right
                && a.y.max(b.y) >= view.top
                && a.y.min(b.y) <= view.bottom
        };
        let mut start = 0;
        for (end, pair) in points.windows(2).enumerate() {
            if !is_shown(pair) {
                write_path(&points[start..=end], false, path);
                start = end + 1;
            }
        }
        write_path(&points[start..], false, path);
    }
}

/// What is drawn, in CSS pixels.
struct View {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl View {
    fn of(frame: &Frame) -> Self {
        let (x, y) = (frame.size.width * MARGIN, frame.size.height * MARGIN);
        let (right, bottom) = (frame.size.width + x, frame.size.height + y);
        Self { left: -x, top: -y, right, bottom }
    }

    /// The part of a ring that lies in the view, by the algorithm of Sutherland and Hodgman: the ring is cut along one
    /// edge after the other. Parts that were apart are then joined along an edge, outside of what is visible.
    fn cut(&self, ring: &[Point]) -> Vec<Point> {
        let by_x = |edge: f64| move |a: Point, b: Point| (edge - a.x) / (b.x - a.x);
        let by_y = |edge: f64| move |a: Point, b: Point| (edge - a.y) / (b.y - a.y);
        let ring = cut_along(ring, |point| point.x >= self.left, by_x(self.left));
        let ring = cut_along(&ring, |point| point.x <= self.right, by_x(self.right));
        let ring = cut_along(&ring, |point| point.y >= self.top, by_y(self.top));
        cut_along(&ring, |point| point.y <= self.bottom, by_y(self.bottom))
    }
}

/// Cuts a ring along a line: keeps the points for which `is_inside` holds, and adds those where the ring crosses the
/// line. `crossing` says which part of the way from one point to the next that is.
fn cut_along(
    ring: &[Point],
    is_inside: impl Fn(Point) -> bool,
    crossing: impl Fn(Point, Point) -> f64,
) -> Vec<Point> {
    let mut kept = Vec::with_capacity(ring.len());
    let Some(&last) = ring.last() else { return kept };
    let mut before = last;
    for &point in ring {
        if is_inside(before) != is_inside(point) {
            let part = crossing(before, point);
            let between = |from: f64, to: f64| from + (to - from) * part;
            kept.push(Point { x: between(before.x, point.x), y: between(before.y, point.y) });
        }
        if is_inside(point) {
            kept.push(point);
        }
        before = point;
    }
    kept
}

/// Adds a line to a path: its first point, then the steps from point to point.
fn write_path(points: &[Point], is_area: bool, path: &mut String) {
    #[allow(clippy::cast_possible_truncation, reason = "the points lie near the view")]
    let tenth = |value: f64| (value * 10.0).round() as i32;
    let mut points = points.iter().map(|point| (tenth(point.x), tenth(point.y))).peekable();
    let Some(first) = points.next() else { return };
    let mut before = first;
    let mut steps = String::new();
    while let Some(point) = points.next() {
        let (x, y) = (point.0 - before.0, point.1 - before.1);
        // The end of a line is kept, so that it meets the next one.
        if x.abs() < MIN_STEP && y.abs() < MIN_STEP && points.peek().is_some() {
            continue;
        }
        before = point;
        // Writing to a String cannot fail.
        let _ = write!(steps, " {x} {y}");
    }
    if !steps.is_empty() {
        let end = if is_area { "z" } else { "" };
        let _ = write!(path, "M{} {}l{}{end}", first.0, first.1, &steps[1..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::geo::Bounds;
    use crate::web::pages::map::base::BASE;
    use crate::web::pages::map::frame::Size;

    fn frame(west: f64, south: f64, east: f64, north: f64) -> Frame {
        let size = Size { width: 640.0, height: 427.0 };
        Frame::around(&Bounds { west, south, east, north }, size)
    }

    #[test]
    fn what_is_drawn_lies_in_the_frame_or_around_it() {
        for frame in [
            frame(5.0, 43.5, 16.5, 48.2),
            frame(-8.0, 38.5, 21.5, 53.0),
            frame(9.3, 47.4, 9.6, 47.6),
            frame(13.7, 45.6, 13.8, 45.7),
        ] {
            let paths = BASE.draw(&frame);
            for (name, path) in [("sea", &paths.sea), ("lakes", &paths.lakes)] {
                let (mut x, mut y) = (0, 0);
                for part in path.split('M').skip(1) {
                    let (start, steps) = part.trim_end_matches('z').split_once('l').unwrap();
                    let numbers = |text: &str| -> Vec<i32> {
                        text.split(' ').map(|number| number.parse().unwrap()).collect()
                    };
                    let start = numbers(start);
                    (x, y) = (start[0], start[1]);
                    for step in numbers(steps).chunks(2) {
                        (x, y) = (x + step[0], y + step[1]);
                        assert!(
                            (-3_210..=9_610).contains(&x) && (-2_150..=6_420).contains(&y),
                            "{name} {x} {y}"
                        );
                    }
                }
                let _ = (x, y);
            }
        }
    }

    #[test]
    fn the_sea_covers_the_view_where_there_is_only_sea() {
        // West of Corsica.
        let paths = BASE.draw(&frame(6.5, 42.0, 7.5, 42.5));
        assert!(paths.borders.is_empty() && paths.lakes.is_empty());
        assert_eq!(paths.sea.matches('M').count(), 1, "{}", paths.sea);
        assert!(BASE.draw(&frame(10.0, 46.8, 11.0, 47.2)).sea.is_empty(), "the Alps");
    }

    #[test]
    fn the_whole_map_is_drawn_in_few_bytes() {
        let paths = BASE.draw(&frame(5.0, 43.5, 16.5, 48.2));
        let bytes = paths.sea.len() + paths.lakes.len() + paths.borders.len();
        assert!((5_000..40_000).contains(&bytes), "{bytes}");
    }
}
