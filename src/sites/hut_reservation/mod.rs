//! hut-reservation.org (`hrs`).

pub mod address;
pub mod availability;
pub mod info;
pub mod site;
