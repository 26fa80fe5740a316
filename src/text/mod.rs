//! Text for people: numbers and times in words, slugs, suggestions, and cleaning of text from other sources.

pub mod clean;
pub mod format;
pub mod humanize;
pub mod slug;
pub mod spreadsheet;
pub mod suggest;
pub mod visible;
