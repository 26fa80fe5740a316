//! The fake booking sites, which mimic the real ones on loopback and fail on demand. Tests, the demo and
//! benchmarks use them.

pub mod clock;
pub mod corrupt;
pub mod faults;
pub mod ffcam;
pub mod huetten_holiday;
pub mod hut;
pub mod hut_reservation;
pub mod model;
pub mod raw;
pub mod server;
pub mod shared;
pub mod site;
pub mod snapshots;
pub mod synthetic;
