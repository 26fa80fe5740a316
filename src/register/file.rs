//! Files of huts, CSV or JSON, which imports read and exports write.

mod facts;
mod read;
mod record;
mod write;

pub use facts::{Facts, HutFacts, read_facts};
pub use read::read;
pub use record::{Column, HutFile, HutRecord, Position, RecordError};
pub use write::{to_csv, to_json};
