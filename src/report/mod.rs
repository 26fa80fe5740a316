//! Reports of runs, discoveries, copies and takeovers: progress on stderr, and the final report on stdout.

pub mod copy;
pub mod discovery;
mod failure_groups;
pub mod json;
pub mod lines;
pub mod log;
pub mod progress;
pub mod run;
#[cfg(test)]
pub(crate) mod sample;
mod site_lines;
pub mod takeover;
pub mod text;
pub mod timings;
