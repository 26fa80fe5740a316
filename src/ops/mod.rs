//! Maintains a database: verifies it, repairs it, prunes it, copies it, distributes it, and takes over another one.

pub mod copy;
pub mod distribute;
pub mod prune;
pub mod repair;
pub mod takeover;
pub mod verify;
