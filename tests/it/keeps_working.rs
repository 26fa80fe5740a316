//! Failures that a run survives, and failures that end it: no data are lost, and nothing is written twice.
//! The failures are random; `HUT_FAULTS=full` injects all of them and prints measurements.

mod clocks;
mod full_disk;
mod killed;
mod locked;
mod overlap;
mod refused;
mod server_gone;
mod soak;
mod stopped;
