//! What is stored, as a terminal shows it or a program reads it. Pure: from values to text.

pub mod calendar;
pub mod cell;
pub mod chart;
pub mod data;
pub mod hut;
pub mod map;
#[cfg(test)]
mod sample;
pub mod screen;
pub mod status;
pub mod trend;
