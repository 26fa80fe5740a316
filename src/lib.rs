//! How full the mountain huts of the Alps are, now and over time.
//!
//! The rooms, from the ground up; `docs/development.md` says what each may use, and a test checks it:
//!
//! | room | holds |
//! | --- | --- |
//! | [`text`] | text for people: numbers in words, slugs, suggestions |
//! | [`runtime`] | clock, signals, console, HTTP, timing |
//! | [`domain`] | huts, checks, states, decisions: pure |
//! | [`query`] | what readers ask for, and what they get |
//! | [`sites`] | the booking sites, one folder each |
//! | [`db`] | SQLite and PostgreSQL, one file a query |
//! | [`update`] | asks the sites, and stores their answers |
//! | [`register`] | discovers huts, and imports them |
//! | [`ops`] | verifies, prunes and copies a database |
//! | [`web`], [`terminal`] | show what is stored |
//! | [`report`], [`metrics`] | what a run says of itself |
//! | [`simulate`] | fake booking sites |
//! | [`cli`], [`commands`] | the two programs |
//!
//! The path of the data through an update:
//!
//! ```text
//! cli → commands::config        arguments and environment become one configuration
//! db::schedule → domain::schedule   which huts are due, and why
//! sites                         a booking site's answer, normalised
//! domain::availability          a check: the state of each date
//! domain::diff                  what the check changes of what is stored
//! update::store → db::write     current state and history, in one transaction
//! update::event → report        progress, summary, JSON, exit status
//! ```

pub mod cli;
pub mod commands;
pub mod db;
pub mod domain;
pub mod metrics;
pub mod ops;
pub mod query;
pub mod register;
pub mod report;
pub mod runtime;
pub mod simulate;
pub mod sites;
pub mod terminal;
pub mod text;
pub mod update;
pub mod web;
