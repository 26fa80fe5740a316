//! The queries of the web pages, one statement each.

pub mod changes;
pub mod checks;
pub mod count;
pub mod huts;
pub mod keyset;
pub mod nights;
pub mod occupancy;
