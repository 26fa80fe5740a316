//! The register of huts: discovering them at the booking sites, merging what is found, importing files.

pub mod discover;
pub mod duplicates;
pub mod file;
pub mod import;
pub mod merge;
