//! Pure: what becomes of the data of the Wodore backend. Its history has gaps, doubles and invalid values. They are
//! repaired, and everything that changes is counted.

pub mod counts;
pub mod date;
pub mod last_check;
pub mod point;
pub mod source;
pub mod state;
