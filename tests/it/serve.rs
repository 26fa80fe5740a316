//! `hut-availability serve` over real sockets: clients of all kinds, its database, its probes.

mod answers;
mod clients;
mod database;
mod memory;
mod probes;
mod role;
