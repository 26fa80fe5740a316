//! How full the mountain huts of the Alps are, now and over time.
//!
//! The path of the data, and the modules in its order:
//!
//! ```text
//! flags, environment ─ cli ─ config
//!        │
//! db ─ due ─────────── the huts that are due, and why                (`db::due`, `due`)
//!        │
//! source ───────────── a booking site's answer, normalised           (`source`)
//!        │
//! availability ─────── a check: the state of each date               (`availability`)
//!        │
//! change ───────────── what it changes of what is stored             (`change`)
//!        │
//! db ─ write ───────── current state and history, one transaction    (`store`, `db::write`)
//!        │
//! event ─ report ───── progress, summary, JSON, exit status          (`event`, `report`, `exit`)
//! ```
//!
//! [`update`] is the pipeline over all of it. Deciding is pure and apart from doing: [`due`],
//! [`availability`], [`change`], [`source::retry`], [`left`] and [`exit`] ask no clock, network or
//! database.
//! [`simulate`] is a booking site to try it on.

pub mod availability;
pub mod change;
pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod db;
pub mod demo;
pub mod discover;
pub mod discovery;
pub mod due;
pub mod event;
pub mod exit;
pub mod field;
pub mod hut;
pub mod hut_file;
pub mod import;
pub mod left;
pub mod place;
pub mod register;
pub mod report;
pub mod run;
pub mod simulate;
pub mod source;
pub mod store;
pub mod update;
pub mod walk;
