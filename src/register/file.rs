//! Files of huts and of their types, CSV or JSON, which imports read and exports write.

mod facts;
mod read;
mod record;
mod types;
mod write;

pub use facts::{Facts, HutFacts, read_facts};
pub use read::read;
pub use record::{Column, HutFile, HutRecord, Position, RecordError};
pub use types::{StyleChange, read_styles, styles_to_csv, styles_to_json};
pub use write::{to_csv, to_json};
