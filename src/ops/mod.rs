//! Looking after a database: verifying it, pruning it, copying it.

pub mod copy;
pub mod prune;
pub mod verify;
