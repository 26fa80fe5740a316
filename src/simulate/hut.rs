//! A hut of a fake booking site.

use crate::domain::geo::Place;

/// A hut of the model.
#[derive(Clone, Debug)]
pub struct SimulatedHut {
    pub id: String,
    pub name: String,
    pub country: String,
    /// Where it is, where anybody knows.
    pub place: Option<Place>,
    /// The same, and how high, as somebody has typed them.
    pub coordinates: String,
    pub altitude: String,
    /// Whether it can be booked now.
    pub unlocked: bool,
    /// With a warden.
    pub places: i16,
    /// Without one.
    pub winter_places: i16,
}
