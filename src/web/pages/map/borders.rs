//! Pure: the borders of countries and the coast, as lines on the map.
//!
//! What is compiled in tells in which country a point lies, no more. So the map is parted into
//! cells, and a line is drawn through those whose corners lie in different countries, from edge to
//! edge, at the points where the country changes.

use std::fmt::Write;
use std::sync::LazyLock;

use super::projection::{HEIGHT, Point, WIDTH, place};
use crate::domain::geo::country::country;

/// Units of the map. A border bends no more than that, seen from afar.
const CELL: f64 = 8.0;

/// How often the part of an edge where the country changes is halved: to a sixteenth of a cell.
const HALVINGS: usize = 4;

/// The borders, as the data of an SVG path. Worked out once: they do not move.
pub static PATH: LazyLock<String> = LazyLock::new(path);

fn path() -> String {
    let mut path = String::new();
    let mut line = |from: Point, to: Point| {
        // Writing to a text cannot fail.
        let _ = write!(path, "M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y);
    };
    let corners = |from: f64, end: f64| {
        std::iter::successors(Some(from), move |at| Some(at + CELL).filter(|at| *at <= end + CELL))
    };
    for y in corners(0.0, HEIGHT) {
        let row: Vec<(Point, Option<String>)> =
            corners(0.0, WIDTH).map(|x| known(Point { x, y })).collect();
        let below: Vec<(Point, Option<String>)> =
            corners(0.0, WIDTH).map(|x| known(Point { x, y: y + CELL })).collect();
        for (above, below) in row.windows(2).zip(below.windows(2)) {
            let around = [&above[0], &above[1], &below[1], &below[0]];
            let edges = (0..4).map(|edge| (around[edge], around[(edge + 1) % 4]));
            let changes: Vec<Point> = edges.filter_map(|(from, to)| change(from, to)).collect();
            match changes[..] {
                [from, to] => line(from, to),
                [] | [_] => {}
                // Where three or four countries meet.
                [..] => {
                    let Point { x, y } = above[0].0;
                    let middle = Point { x: x + CELL / 2.0, y: y + CELL / 2.0 };
                    changes.iter().for_each(|&change| line(change, middle));
                }
            }
        }
    }
    path
}

fn known(point: Point) -> (Point, Option<String>) {
    (point, country(place(point), None))
}

/// Where on the way from one point to another the country changes.
fn change(from: &(Point, Option<String>), to: &(Point, Option<String>)) -> Option<Point> {
    if from.1 == to.1 {
        return None;
    }
    let (mut near, mut far) = (from.0, to.0);
    for _ in 0..HALVINGS {
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
