//! The area of a chart of a night: labels stand on its left and below it. Positions are in SVG units.

/// The size of a drawing, and the margins that all charts have. The templates draw the axes for these numbers.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
const RIGHT: f64 = 10.0;
const BOTTOM: f64 = 30.0;

/// The margins that depend on the labels of a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartArea {
    pub left: f64,
    pub top: f64,
}

impl ChartArea {
    /// The position of a share of the width, from the left.
    #[must_use]
    pub fn x(self, share: f64) -> f64 {
        self.left + share * (WIDTH - self.left - RIGHT)
    }

    /// The position of a share of the height, from the bottom.
    #[must_use]
    pub fn y(self, share: f64) -> f64 {
        HEIGHT - BOTTOM - share * (HEIGHT - self.top - BOTTOM)
    }
}

/// A label of an axis, and its position.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub at: f64,
    pub label: String,
}
