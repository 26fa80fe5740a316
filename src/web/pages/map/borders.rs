//! Draws the borders of countries and the coast as lines on the map. Pure functions.
//!
//! The data that is compiled in only tells in which country a point lies. So the map is divided into square
//! cells. If the corners of a cell lie in different countries, a line is drawn through the cell, between the
//! points of its edges where the country changes.

use std::fmt::Write;
use std::sync::LazyLock;

use super::projection::{HEIGHT, Point, WIDTH, place};
use crate::domain::geo::country::country;

/// The side of a cell in units of the map: small enough for borders to look smooth.
const CELL: f64 = 8.0;

/// Steps of the bisection that finds the change of country on an edge: to a sixteenth of a cell.
const BISECTIONS: usize = 4;

/// The borders as the data of an SVG path. They are computed once, because they do not change.
pub static PATH: LazyLock<String> = LazyLock::new(path);

fn path() -> String {
    let mut path = String::new();
    let mut line = |from: Point, to: Point| {
        // Writing to a String cannot fail.
        let _ = write!(path, "M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y);
    };
    let corners = |from: f64, end: f64| {
        std::iter::successors(Some(from), move |at| Some(at + CELL).filter(|at| *at <= end + CELL))
    };
    for y in corners(0.0, HEIGHT) {
        let row: Vec<(Point, Option<String>)> =
            corners(0.0, WIDTH).map(|x| with_country(Point { x, y })).collect();
        let below: Vec<(Point, Option<String>)> =
            corners(0.0, WIDTH).map(|x| with_country(Point { x, y: y + CELL })).collect();
        for (above, below) in row.windows(2).zip(below.windows(2)) {
            let around = [&above[0], &above[1], &below[1], &below[0]];
            let edges = (0..4).map(|edge| (around[edge], around[(edge + 1) % 4]));
            let crossings: Vec<Point> = edges.filter_map(|(from, to)| crossing(from, to)).collect();
            match crossings[..] {
                [from, to] => line(from, to),
                [] | [_] => {}
                // Three or four countries meet in this cell.
                [..] => {
                    let Point { x, y } = above[0].0;
                    let middle = Point { x: x + CELL / 2.0, y: y + CELL / 2.0 };
                    crossings.iter().for_each(|&crossing| line(crossing, middle));
                }
            }
        }
    }
    path
}

fn with_country(point: Point) -> (Point, Option<String>) {
    (point, country(place(point), None))
}

/// The point between two points where the country changes; none if both are in the same country.
fn crossing(from: &(Point, Option<String>), to: &(Point, Option<String>)) -> Option<Point> {
    if from.1 == to.1 {
        return None;
    }
    let (mut near, mut far) = (from.0, to.0);
    for _ in 0..BISECTIONS {
        let middle = Point { x: f64::midpoint(near.x, far.x), y: f64::midpoint(near.y, far.y) };
        if country(place(middle), None) == from.1 {
            near = middle;
        } else {
            far = middle;
        }
    }
    Some(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_are_lines_on_the_map() {
        let lines = PATH.matches('M').count();
        assert!((500..5_000).contains(&lines), "{lines}");
    }
}
