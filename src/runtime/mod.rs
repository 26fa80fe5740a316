//! The environment of the process: clock, signals, console, HTTP, panics and time measurement.

pub mod clock;
pub mod console;
pub mod http;
pub mod panic;
pub mod shutdown;
pub mod timing;
