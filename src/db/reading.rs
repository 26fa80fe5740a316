//! The queries of readers, one statement each.

pub mod for_filling;
pub mod for_hut_detail;
pub mod for_map;
pub mod for_stays;
pub mod for_trend;
pub mod for_watches;
pub(in crate::db) mod rows;
