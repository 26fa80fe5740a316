//! Tests that need a database, a socket or the binaries. They are one test program, so that all of them
//! share one PostgreSQL server.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod support;

mod adaptive;
mod api;
mod backup;
mod between_runs;
mod binaries;
mod browser;
mod capture;
mod checks;
mod cookies;
mod copy;
mod costs;
mod database_url;
mod deployments;
mod discover;
mod distributed;
mod due;
mod faults;
mod ffcam;
mod hostile_answers;
mod huetten_holiday;
mod huts;
mod invariants;
mod keeps_working;
mod later_version;
mod listings;
mod logs;
mod mass_change;
mod metrics;
mod notify;
mod odd_values;
mod openapi;
mod pages;
mod parsers;
mod pipeline;
mod politeness;
mod pooler;
mod private_connections;
mod process;
mod prune;
mod queries;
mod reading;
mod readme;
mod real_huts;
mod register;
mod replay;
mod schema;
mod secrets;
mod serve;
mod site_down;
mod sites;
mod sqlite_file;
mod stays;
mod takeover;
mod terminal;
mod tiny_site;
mod tls;
mod unmodified;
mod upgrade;
mod verify;
mod watches;
mod wodore;
