//! Failures that a run survives, and failures that end it: no data are lost, and nothing is written twice.
//! The failures are random; `HUT_FAULTS=full` injects all of them and prints measurements.

mod clocks;
mod frozen;
mod full_disk;
mod future;
mod killed;
mod locked;
mod overlap;
mod refused;
mod relinked;
mod server_gone;
mod silent;
mod soak;
mod stopped;
mod suspended;
mod unconfirmed;
