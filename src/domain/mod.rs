//! The subject of the program: huts, checks, states of dates, and the decisions on them. Pure: no clock, no
//! network, no database.

pub mod availability;
pub mod calendar;
pub mod database_url;
pub mod day;
pub mod delivery;
pub mod diff;
pub mod digest;
pub mod exit_status;
pub mod failure;
pub mod fault;
pub mod field;
pub mod fingerprint;
pub mod full_since;
pub mod geo;
pub mod hut;
pub mod lease;
pub mod mass_change;
pub mod message;
pub mod opening;
pub mod organization;
pub mod pool_mode;
pub mod pushgateway_url;
pub mod register;
pub mod request_slots;
pub mod run;
pub mod schedule;
pub mod shrunk;
pub mod signal;
pub mod state;
pub mod stay;
pub mod tier;
pub mod timings;
pub mod unknown_values;
pub mod validators;
pub mod watch;
