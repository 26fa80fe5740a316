//! The environment of the process: clock, signals, console, HTTP and its header `Retry-After`, panics and time measurement.

pub mod clock;
pub mod console;
pub mod http;
pub mod panic;
pub mod retry_after;
pub mod shutdown;
pub mod timing;
