//! Replays of captured days in virtual time: what a schedule would have asked, and how true the stored nights would
//! have been. All decisions are those of the program.

pub mod captures;
mod hut;
mod measure;
pub mod simulation;
pub mod world;
