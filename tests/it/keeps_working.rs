//! What a run outlasts, and what it leaves behind when it does not: nothing is lost, nothing is written
//! twice. Faults come by chance; `HUT_FAULTS=full` injects all of them and tells what was measured.

mod clocks;
mod full_disk;
mod killed;
mod locked;
mod overlap;
mod refused;
mod server_gone;
mod soak;
mod stopped;
