//! One file per command: its arguments where they are its own, and its `run`.

pub mod copy;
pub mod hut;
pub mod huts_discover;
pub mod huts_import;
pub mod huts_link;
pub mod huts_list;
pub mod huts_set;
pub mod huts_show;
pub mod map;
pub mod migrate;
pub mod prune;
pub mod serve;
pub mod simulate;
pub mod status;
pub mod trend;
pub mod update;
pub mod verify;
