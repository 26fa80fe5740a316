//! The fake of huetten-holiday.com.

pub mod payload;
pub mod routes;
pub mod sessions;
