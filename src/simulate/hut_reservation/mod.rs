//! The fake of hut-reservation.org.

pub mod payload;
pub mod routes;
