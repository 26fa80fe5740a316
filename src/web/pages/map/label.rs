//! Finds places for names beside marks and towns, so that no name covers a mark or another name. Pure functions.

use super::frame::{Point, Size};

/// The width of a character in CSS pixels, on the safe side: the font is that of the reader's system.
const CHARACTER: f64 = 7.0;
/// Characters of East Asian scripts are as wide as they are high.
const WIDE_CHARACTER: f64 = 13.0;
const FIRST_WIDE: char = '\u{1100}';
const HEIGHT: f64 = 15.0;
/// Between a mark and its name.
const GAP: f64 = 3.0;

/// The longest name on a map, in characters.
const MAX_LEN: usize = 26;

/// A rectangle in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    /// The area of a size around a point.
    #[must_use]
    pub fn around(at: Point, size: Size) -> Self {
        let (x, y) = (size.width / 2.0, size.height / 2.0);
        Self { left: at.x - x, top: at.y - y, right: at.x + x, bottom: at.y + y }
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn is_within(&self, view: Size) -> bool {
        self.left >= 0.0
            && self.top >= 0.0
            && self.right <= view.width
            && self.bottom <= view.height
    }
}

/// A name, shortened if it is long, and its position.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub text: String,
    /// From the point that is named, to the start, middle or end of the base line.
    pub dx: f64,
    pub dy: f64,
    /// `start`, `middle` or `end`
    pub anchor: &'static str,
}

/// Places names. Each one that is placed takes its area.
pub struct Labels {
    view: Size,
    taken: Vec<Area>,
}

impl Labels {
    /// `taken` is where no name may lie.
    #[must_use]
    pub fn new(view: Size, taken: Vec<Area>) -> Self {
        Self { view, taken }
    }

    /// Puts a name beside something of a size at a point: to its right, its left, below or above it. None if there is
    /// no room.
    pub fn beside(&mut self, text: &str, at: Point, size: Size) -> Option<Label> {
        let text = shortened(text);
        let (x, y) = (size.width / 2.0 + GAP, (size.height + HEIGHT) / 2.0);
        let half = width(&text) / 2.0;
        let choices = [
            ("start", x, 0.0, x + half),
            ("end", -x, 0.0, -x - half),
            ("middle", 0.0, y, 0.0),
            ("middle", 0.0, -y, 0.0),
        ];
        let (anchor, dx, dy, _) = choices.into_iter().find(|(_, _, dy, middle)| {
            self.take(Point { x: at.x + middle, y: at.y + dy }, half * 2.0)
        })?;
        Some(Label { text, dx, dy: dy + BASE_LINE, anchor })
    }

    /// Puts a name over a point. None if there is no room.
    pub fn over(&mut self, text: &str, at: Point) -> Option<Label> {
        let text = shortened(text);
        let fits = self.take(at, width(&text));
        fits.then_some(Label { text, dx: 0.0, dy: BASE_LINE, anchor: "middle" })
    }

    /// Takes the area around a point, if it is free.
    fn take(&mut self, middle: Point, width: f64) -> bool {
        let area = Area::around(middle, Size { width, height: HEIGHT });
        let is_free = area.is_within(self.view) && !self.taken.iter().any(|it| it.overlaps(&area));
        if is_free {
            self.taken.push(area);
        }
        is_free
    }
}

/// The base line of a text lies below its middle.
const BASE_LINE: f64 = 4.0;

fn width(text: &str) -> f64 {
    text.chars().map(|c| if c < FIRST_WIDE { CHARACTER } else { WIDE_CHARACTER }).sum()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_LEN) {
        Some(_) => text.chars().take(MAX_LEN - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: Size = Size { width: 300.0, height: 200.0 };
    const MARK: Size = Size { width: 30.0, height: 30.0 };

    #[test]
    fn a_name_goes_where_there_is_room() {
        let mut labels = Labels::new(VIEW, Vec::new());
        let mut anchor = |x, y| {
            let label = labels.beside("Knorrhütte", Point { x, y }, MARK);
            label.map(|label| (label.anchor, label.dy > BASE_LINE))
        };
        assert_eq!(anchor(50.0, 50.0), Some(("start", false)));
        assert_eq!(anchor(290.0, 100.0), Some(("end", false)));
        // The first name is to its left, and the edge of the view to its right.
        assert_eq!(anchor(150.0, 50.0), Some(("start", false)));
        assert_eq!(anchor(250.0, 60.0), Some(("middle", true)));
        assert_eq!(anchor(50.0, 50.0), Some(("middle", true)), "the right is taken");
    }

    #[test]
    fn no_name_covers_another_or_leaves_the_view() {
        let taken = vec![Area::around(Point { x: 150.0, y: 100.0 }, MARK)];
        let mut labels = Labels::new(VIEW, taken);
        for number in 0..40 {
            let (x, y) = (f64::from(number * 37 % 300), f64::from(number * 53 % 200));
            labels.over("Bodensee", Point { x, y });
            labels.beside(&"W".repeat(300), Point { x, y }, MARK);
        }
        assert!(labels.taken.len() > 5);
        for (number, area) in labels.taken.iter().enumerate() {
            assert!(area.is_within(VIEW));
            assert!(!labels.taken[..number].iter().any(|other| other.overlaps(area)));
        }
    }

    #[test]
    fn a_long_name_is_shortened() {
        assert_eq!(shortened("Refuge des Écrins"), "Refuge des Écrins");
        let short = shortened(&"ü".repeat(300));
        assert_eq!((short.chars().count(), short.ends_with('…')), (MAX_LEN, true));
    }
}
