//! Maintains a database: verifies it, repairs it, prunes it, copies it, distributes it.

pub mod copy;
pub mod distribute;
pub mod prune;
pub mod repair;
pub mod verify;
