//! What readers ask for, and what they get: filters, pages of lists, dates, and the views of huts.

pub mod date;
pub mod fields;
pub mod hut_filter;
pub mod paging;
pub mod run_log;
pub mod status;
pub mod views;
