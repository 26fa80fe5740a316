//! Where a hut is.

/// A place in the Alps or their foreland, in degrees, WGS84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub latitude: f64,
    pub longitude: f64,
}
