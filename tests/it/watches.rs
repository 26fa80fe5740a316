//! Watches: what opens is found once, sent at least once, and nothing else is sent.

mod killed;
mod matching;
mod sending;
mod verbs;
