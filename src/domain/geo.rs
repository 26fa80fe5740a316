//! Pure: the location of a hut, read from the text that its wardens type.

mod bounds;
mod coordinates;
pub mod country;
mod elevation;
mod number;
mod place;
mod swiss;

pub use bounds::Bounds;
pub use coordinates::{read_coordinates, read_coordinates_abroad};
pub use elevation::{NoElevation, read_elevation};
pub use place::{Place, Unplaced};
