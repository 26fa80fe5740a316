//! One file per command: its arguments where they are its own, and its `run`.

pub mod huts_import;
pub mod huts_list;
pub mod migrate;
pub mod simulate;
pub mod update;
