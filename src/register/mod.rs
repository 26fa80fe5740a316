//! The register of huts: discovers huts at the booking sites, merges them, and reads and writes files of
//! huts.

pub mod discover;
pub mod duplicates;
pub mod facts;
pub mod file;
pub mod import;
pub mod merge;
