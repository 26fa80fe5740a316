//! `hut-availability serve` over real sockets: its clients, its database, its probes.

mod answers;
mod clients;
mod database;
mod embedding;
mod memory;
mod probes;
mod role;
