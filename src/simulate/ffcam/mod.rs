//! The fake of centrale.ffcam.fr.

pub mod bookings;
pub mod payload;
pub mod routes;
pub mod snapshots;
