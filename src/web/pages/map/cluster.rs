//! Groups the huts of a view into marks that do not overlap. Pure functions.
//!
//! The huts come in the order of their importance. Each hut gets a mark of its own at its place, unless its mark would
//! overlap one that is there already: then it joins that mark, which becomes a cluster. So the marks never overlap,
//! the huts with the most room keep their places, and a cluster opens as soon as the scale is large enough.

use super::frame::{Frame, Point, Size};

/// A mark of one hut, or of several.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub at: Point,
    /// The huts as positions in the list. The first is the most important one.
    pub huts: Vec<usize>,
}

/// The place of marks at the largest scale, where a cluster cannot open: beside each other.
const RINGS: i32 = 4;

/// Groups the points that the frame shows. `space` is what each mark needs.
#[must_use]
pub fn marks(points: &[Point], frame: &Frame, space: Size) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for (hut, &at) in points.iter().enumerate() {
        if !frame.shows(at) {
            continue;
        }
        let at = if frame.can_zoom_in() { at } else { free_place(&marks, at, frame, space) };
        let overlapped = marks.iter_mut().filter(|mark| overlap(mark.at, at, space));
        match overlapped.min_by(|a, b| distance(a.at, at).total_cmp(&distance(b.at, at))) {
            Some(mark) => mark.huts.push(hut),
            None => marks.push(Mark { at, huts: vec![hut] }),
        }
    }
    marks
}

/// A place at or around `at` where a mark overlaps no other; `at` itself if there is none.
fn free_place(marks: &[Mark], at: Point, frame: &Frame, space: Size) -> Point {
    let rings = (0..=RINGS).flat_map(|ring| {
        let side = -ring..=ring;
        let cells = side.clone().flat_map(move |row| side.clone().map(move |column| (column, row)));
        cells.filter(move |(column, row)| column.abs().max(row.abs()) == ring)
    });
    let places = rings.map(|(column, row)| Point {
        x: at.x + f64::from(column) * space.width,
        y: at.y + f64::from(row) * space.height,
    });
    let is_free = |place: &Point| {
        frame.shows(*place) && !marks.iter().any(|mark| overlap(mark.at, *place, space))
    };
    places.into_iter().find(is_free).unwrap_or(at)
}

/// Whether two marks at these points overlap.
fn overlap(a: Point, b: Point, space: Size) -> bool {
    (a.x - b.x).abs() < space.width && (a.y - b.y).abs() < space.height
}

fn distance(a: Point, b: Point) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::geo::{Bounds, Place};
    use crate::web::pages::map::frame::scaled;
    use proptest::prelude::*;

    const SPACE: Size = Size { width: 46.0, height: 34.0 };
    const VIEW: Size = Size { width: 640.0, height: 427.0 };
    const ALPS: Bounds = Bounds { west: 5.0, south: 43.5, east: 16.5, north: 48.2 };

    fn frame(zooms: i32) -> Frame {
        Frame::around(&scaled(&ALPS, 0.5_f64.powi(zooms)), VIEW)
    }

    fn points(places: &[(f64, f64)], frame: &Frame) -> Vec<Point> {
        let place = |&(latitude, longitude): &(f64, f64)| Place { latitude, longitude };
        places.iter().map(|hut| frame.point(place(hut))).collect()
    }

    #[test]
    fn a_cluster_opens_when_the_scale_is_large_enough() {
        let huts = [(45.9, 10.74), (45.9, 10.75), (45.915, 10.76)];
        let groups = |zooms| {
            let frame = frame(zooms);
            let marks = marks(&points(&huts, &frame), &frame, SPACE);
            marks.into_iter().map(|mark| mark.huts).collect::<Vec<_>>()
        };
        assert_eq!(groups(0), [vec![0, 1, 2]]);
        assert_eq!(groups(5), [vec![0, 1], vec![2]]);
        assert_eq!(groups(7), [vec![0], vec![1], vec![2]]);
    }

    #[test]
    fn huts_at_one_place_lie_beside_each_other_at_the_largest_scale() {
        let frame = frame(20);
        let middle = Point { x: 320.0, y: 213.0 };
        let marks = marks(&[middle; 9], &frame, SPACE);
        assert_eq!(marks.len(), 9);
        assert_eq!(marks[0].at, middle);
    }

    proptest! {
        #[test]
        fn marks_never_overlap_and_hold_each_hut_that_is_shown_once(
            places in proptest::collection::vec((44.8..47.2_f64, 8.5..13.0_f64), 0..300),
            zooms in 0..14_i32,
        ) {
            let frame = frame(zooms);
            let points = points(&places, &frame);
            let marks = marks(&points, &frame, SPACE);
            for (number, mark) in marks.iter().enumerate() {
                prop_assert!(frame.shows(mark.at));
                prop_assert!(mark.huts.is_sorted(), "the most important hut is the first");
                for other in &marks[..number] {
                    prop_assert!(!overlap(mark.at, other.at, SPACE), "{mark:?} and {other:?}");
                }
            }
            let mut huts: Vec<usize> = marks.into_iter().flat_map(|mark| mark.huts).collect();
            huts.sort_unstable();
            let shown: Vec<usize> = (0..points.len()).filter(|hut| frame.shows(points[*hut])).collect();
            prop_assert_eq!(huts, shown);
        }
    }
}
