//! Renders the stored data as text for a terminal, and as JSON and CSV for programs. Pure functions.

pub mod calendar;
pub mod cell;
pub mod chart;
pub mod data;
pub mod hut;
pub mod map;
pub mod polling;
pub mod replay;
#[cfg(test)]
mod sample;
pub mod screen;
pub mod status;
pub mod stays;
pub mod trend;
pub mod watches;
