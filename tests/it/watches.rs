//! Watches: what opens is found once, sent at least once, and nothing else is sent.

mod captured;
mod costs;
mod during_a_run;
mod killed;
mod matching;
pub mod sending;
mod verbs;
