//! What the pages for people ask for, one statement each.

pub mod count;
pub mod huts;
pub mod keyset;
pub mod nights;
pub mod occupancy;
