//! Filters and results of readers: dates, hut filters, pages of lists, and the views of huts.

pub mod audience;
pub mod country;
pub mod csv;
pub mod date;
pub mod describe;
pub mod fields;
pub mod filling;
pub mod fit;
pub mod freshness;
pub mod hut_filter;
pub mod hut_name;
pub mod night;
pub mod paging;
pub mod places;
pub mod polling;
pub mod replay;
pub mod run_log;
pub mod status;
pub mod stay_csv;
pub mod stay_fields;
pub mod stay_filter;
pub mod type_names;
pub mod views;
pub mod watch_fields;
