//! Maintains a database: verifies it, prunes it, copies it.

pub mod copy;
pub mod prune;
pub mod verify;
