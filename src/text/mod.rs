//! Text for people: numbers and times in words, slugs, suggestions, text made fit for one line or a terminal.

pub mod clean;
pub mod format;
pub mod humanize;
pub mod slug;
pub mod suggest;
pub mod visible;
