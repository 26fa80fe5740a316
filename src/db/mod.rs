//! The database: one set of queries for SQLite and PostgreSQL, one file per query.

pub mod check;
pub mod connection;
pub mod current;
pub mod discovery;
pub mod guard;
pub mod history;
mod hut;
pub mod lease;
pub mod migrations;
pub mod open;
pub mod organization;
pub mod pages;
pub mod postgres;
mod prepared;
pub mod probe;
pub mod read_only;
pub mod reading;
pub mod register;
pub mod request_slots;
pub mod resilient;
pub mod room_changed;
pub mod schedule;
#[rustfmt::skip]
pub mod schema;
pub mod silence;
pub mod snapshot;
pub mod sqlite;
mod state;
pub mod status;
mod text;
pub mod timestamp;
pub mod tls;
pub mod update_run;
pub mod views;
pub mod watch;
pub mod write;
