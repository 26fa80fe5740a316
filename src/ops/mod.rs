//! Maintains a database: verifies it, repairs it, prunes it, copies it.

pub mod copy;
pub mod prune;
pub mod repair;
pub mod verify;
