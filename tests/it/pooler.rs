//! PostgreSQL behind a connection pooler, as most hosted servers are sold: pgbouncer in each of its modes.

mod modes;
mod settings;
mod waiting;
