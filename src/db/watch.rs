//! Watches, their arrivals, and what is to be sent of them.

pub mod arrival;
pub mod delivery;
mod key;
pub mod nights;
pub mod outbox;
pub mod stored;
