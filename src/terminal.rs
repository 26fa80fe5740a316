//! What is read, as a terminal shows it or a program takes it. Pure: from values to text.

pub mod visible;
