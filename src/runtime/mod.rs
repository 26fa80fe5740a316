//! The outside world of a process: its clock, its signals, its console, HTTP, and where its time goes.

pub mod clock;
pub mod console;
pub mod http;
pub mod panic;
pub mod shutdown;
pub mod timing;
