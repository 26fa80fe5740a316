//! Text for people: numbers and times in words, slugs, suggestions, languages, and cleaning of text from other sources.

pub mod clean;
pub mod dates;
pub mod fold;
pub mod format;
pub mod humanize;
pub mod language;
pub mod numbers;
pub mod slug;
pub mod spans;
pub mod spreadsheet;
pub mod suggest;
pub mod texts;
pub mod translate;
pub mod visible;
