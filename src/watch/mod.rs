//! Watches: matches them with what has room, and sends what opened.

pub mod file;
pub mod match_all;
pub mod matching;
pub mod notifier;
pub mod sender;
pub mod tally;
mod visits;
mod watched;
