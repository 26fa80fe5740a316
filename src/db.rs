//! The database: one set of queries for SQLite and PostgreSQL.

pub mod check;
pub mod connection;
pub mod current;
pub mod discovery;
pub mod due;
pub mod history;
pub mod instant;
pub mod lasting;
pub mod lease;
pub mod migrations;
pub mod open;
pub mod pace;
pub mod pages;
pub mod postgres;
mod prepared;
pub mod prune;
pub mod reading;
pub mod register;
pub mod rows;
#[rustfmt::skip]
pub mod schema;
pub mod serving;
pub mod snapshot;
pub mod status;
mod text;
pub mod tls;
pub mod update_run;
pub mod url;
pub mod verify;
pub mod views;
pub mod write;
