//! A hut of a fake booking site.

use crate::domain::geo::Place;

/// A hut of a fake booking site.
#[derive(Clone, Debug)]
pub struct SimulatedHut {
    pub id: String,
    pub name: String,
    pub country: String,
    /// The place, if it is known.
    pub place: Option<Place>,
    /// The place and the altitude, as a warden might type them.
    pub coordinates: String,
    pub altitude: String,
    /// Whether the site takes bookings for it.
    pub unlocked: bool,
    /// Places with a warden.
    pub places: i16,
    /// Places without a warden.
    pub winter_places: i16,
}
