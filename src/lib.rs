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
//! event ─ report ───── progress, summary, JSON, log, exit status     (`event`, `report`, `exit`)
//!        │
//! meter ─ metrics ──── the figures of the run, for Prometheus        (`meter`, `metrics`)
//! ```
//!
//! [`update`] is the pipeline over all of it. Huts come from the sites as well, or from files:
//!
//! ```text
//! walk ─ source ────── a site's word of its huts, read by `place`    (`walk`, `source`, `place`)
//!        │
//! discovery ────────── what it makes of the register                 (`discovery`, `register`)
//!        │
//! discover ─────────── stored step by step                           (`discover`, `db::register`)
//!
//! hut_file ─ import ─ db::register
//! ```
//!
//! And what is stored is read, for people and for programs:
//!
//! ```text
//! date ─────────────── the days that a reader means                  (`date`, `clock`)
//!        │
//! db ─ reading ─────── what is stored of them                        (`db::reading`, `db::pages`)
//!        │
//! reading ──────────── huts, states, trends                          (`reading`)
//!        │
//!        ├─ terminal ─── tables, calendars, charts, JSON, CSV       (`terminal`)
//!        ├─ web ─ api ── JSON for programs                          (`web::api`)
//!        └─ web ─ pages  pages for people                           (`web::pages`)
//!            │
//!          serve ──────── within limits, kept, guarded, counted      (`web`, `db::serving`)
//! ```
//!
//! It is kept in order by `db::verify`, which holds it against the rules in [`verify`], and by
//! `db::prune`, which removes what is long past as [`prune`] parts it.
//!
//! How well huts are followed takes the same way, by `db::status`, [`status`] and [`terminal`].
//! [`hut_filter`] and [`near`] find huts by name, [`words`] tells numbers and times, and [`paging`]
//! turns the pages of long lists, for all of them.
//!
//! [`copy`] brings all of it from one database to another (`db::rows`).
//!
//! Deciding is pure and apart from doing: [`due`], [`availability`], [`change`], [`left`], [`mass_change`],
//! [`discovery`], [`import`], [`place`], [`source::retry`], [`date`], [`reading`], [`status`],
//! [`hut_filter`], [`near`], [`paging`], [`prune`], [`verify`], [`words`], [`terminal`],
//! [`copy::standing`] and [`exit`] ask no clock, network or database. [`simulate`] is a stand-in for both
//! booking sites.

pub mod availability;
pub mod change;
pub mod clean;
pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod console;
pub mod content;
pub mod copy;
pub mod database_url;
pub mod date;
pub mod db;
pub mod demo;
pub mod digest;
pub mod discover;
pub mod discovery;
pub mod due;
pub mod event;
pub mod exit;
pub mod failure;
pub mod fault;
pub mod field;
pub mod format;
pub mod http;
pub mod hut;
pub mod hut_file;
pub mod hut_filter;
pub mod import;
pub mod lease;
pub mod left;
pub mod mass_change;
pub mod meter;
pub mod metrics;
pub mod near;
pub mod pace;
pub mod paging;
pub mod panic;
pub mod place;
pub mod prune;
pub mod pushgateway_url;
pub mod reading;
pub mod register;
pub mod report;
pub mod run;
pub mod run_log;
pub mod shutdown;
pub mod signal;
pub mod simulate;
pub mod source;
pub mod status;
pub mod store;
pub mod terminal;
pub mod tier;
pub mod timings;
pub mod update;
pub mod validators;
pub mod verify;
pub mod walk;
pub mod web;
pub mod words;
