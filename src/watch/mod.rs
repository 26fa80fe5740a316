//! Watches: matches them with what has room, and sends what opened.

pub mod file;
pub mod matching;
pub mod notifier;
pub mod sender;
mod visits;
