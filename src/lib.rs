//! Stores how full the mountain huts of the Alps are, now and over time, and shows it.
//!
//! The modules, from the lowest layer up. `docs/development.md` lists which modules each one may use, and
//! a test checks it:
//!
//! | module | contents |
//! | --- | --- |
//! | [`text`] | text for people: readable numbers and ages, slugs, suggestions, languages |
//! | [`runtime`] | clock, signals, console, HTTP, timing |
//! | [`domain`] | huts, checks, states, decisions: pure functions without clock, network or database |
//! | [`query`] | filters and results of readers |
//! | [`sites`] | the booking sites, one folder each |
//! | [`db`] | SQLite and PostgreSQL, one file per query |
//! | [`update`] | polls the booking sites and stores their answers |
//! | [`register`] | discovers and imports huts |
//! | [`ops`] | verifies, prunes and copies a database |
//! | [`watch`] | matches watches with what has room, and sends what opened |
//! | [`notify`] | sends messages about watches, one file a channel |
//! | [`web`], [`terminal`] | show the stored data |
//! | [`report`], [`metrics`] | report and measure a run |
//! | [`simulate`] | fake booking sites |
//! | [`replay`] | what a schedule would have asked on captured days |
//! | [`cli`], [`commands`] | arguments and subcommands of the two programs |
//!
//! The path of the data through an update:
//!
//! ```text
//! cli → commands::config            arguments and environment become one configuration
//! db::schedule → domain::schedule   which huts are due, and why
//! sites                             a booking site's answer, normalised
//! domain::availability              a check: the state of each date
//! domain::diff                      the differences between the check and the stored states
//! update::store → db::write         current state and history, in one transaction
//! update::event → report            progress, summary, JSON, exit status
//! ```

pub mod cli;
pub mod commands;
pub mod compare;
pub mod db;
pub mod domain;
pub mod metrics;
pub mod notify;
pub mod ops;
pub mod query;
pub mod register;
pub mod replay;
pub mod report;
pub mod runtime;
pub mod simulate;
pub mod sites;
pub mod terminal;
pub mod text;
pub mod update;
pub mod watch;
pub mod web;
