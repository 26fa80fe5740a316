//! The command lines: flags, their environment variables and help texts. One file per group of commands.

pub mod app;
pub mod channels;
pub mod compare;
pub mod completions;
pub mod copy;
pub mod database;
pub mod day;
pub mod distribute;
pub mod huts;
pub mod keeping;
pub mod metrics;
pub mod reading;
pub mod replay;
pub mod requests;
pub mod secret;
pub mod serve;
pub mod simulate;
pub mod stays;
pub mod takeover;
pub mod update;
pub mod values;
pub mod watches;
pub mod window;
