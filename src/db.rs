//! The database: one set of queries for SQLite and PostgreSQL.

pub mod check;
pub mod connection;
pub mod current;
pub mod due;
pub mod history;
pub mod hut;
pub mod instant;
pub mod migrations;
pub mod open;
#[rustfmt::skip]
pub mod schema;
mod text;
pub mod url;
pub mod views;
pub mod write;
