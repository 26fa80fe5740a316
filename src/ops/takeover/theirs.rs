//! The database of the Wodore backend (PostgreSQL), in one state that does not change while it is read.

pub mod nights;
pub mod register;
pub mod schema;

use anyhow::{Context, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use diesel::connection::AnsiTransactionManager;
use diesel::data_types::PgTimestamp;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;

use crate::db::postgres;
use crate::domain::database_url::DatabaseUrl;
use schema::Schema;

/// The server rejects writes, also where the transaction does not say so.
const SETTINGS: [(&str, &str); 2] = [("jit", "off"), ("default_transaction_read_only", "on")];

/// A transaction that reads for minutes, and waits in between for the other database. Times are printed alike
/// everywhere. Whole results are read, so a plan that gives its first rows soon is of no use.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; \
    SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; \
    SET LOCAL lock_timeout = '60s'; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; \
    SET LOCAL extra_float_digits = 1; SET LOCAL cursor_tuple_fraction = 1; SET LOCAL work_mem = '32MB'";

/// Microseconds from 1970 to 2000, where PostgreSQL's instants begin.
const MICROS_TO_2000: i64 = 946_684_800_000_000;

/// The database that is taken over.
pub struct Theirs {
    connection: PgConnection,
    pub schema: Schema,
    /// Their time at the begin. The state is that of this instant.
    pub read_at: DateTime<Utc>,
}

impl Theirs {
    /// Opens the database, and begins to read.
    ///
    /// # Errors
    /// It is no PostgreSQL database, cannot be reached, or lacks a table or a column.
    pub fn open(url: &DatabaseUrl) -> anyhow::Result<Self> {
        let DatabaseUrl::Postgres(text) = url else {
            bail!(
                "{url} is a SQLite file: --from must be the PostgreSQL database of the Wodore backend, such as \
                 postgres://db.example.org/wodore"
            );
        };
        let connection = postgres::connect(text, env!("CARGO_PKG_NAME"), &SETTINGS);
        let mut connection =
            connection.with_context(|| format!("cannot open the database {url}"))?;
        let mut begin = || -> anyhow::Result<_> {
            AnsiTransactionManager::begin_transaction_sql(&mut connection, BEGIN)?;
            // The first query fixes the state.
            let now = diesel::dsl::sql::<Timestamptz>("clock_timestamp()");
            let now: PgTimestamp = diesel::select(now).get_result(&mut connection)?;
            Ok((instant(now, DateTime::<Utc>::MAX_UTC), Schema::read(&mut connection)?))
        };
        let (read_at, schema) = begin().with_context(|| format!("cannot read {url}"))?;
        Ok(Self { connection, schema, read_at })
    }

    /// The connection, for a check whether another one is to the same database.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

/// An instant of theirs, from 2000 to `limit`. PostgreSQL knows infinite ones.
#[must_use]
pub fn instant(PgTimestamp(micros): PgTimestamp, limit: DateTime<Utc>) -> DateTime<Utc> {
    let at = micros.max(0).checked_add(MICROS_TO_2000).and_then(DateTime::from_timestamp_micros);
    at.map_or(limit, |at| at.min(limit))
}

/// An instant as a literal of SQL.
fn literal(at: DateTime<Utc>) -> String {
    format!("timestamptz '{}'", at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn infinite_instants_are_limited() {
        let limit = "2026-07-01T10:00:00Z".parse().unwrap();
        let text = |micros| instant(PgTimestamp(micros), limit).to_rfc3339();
        assert_eq!(text(1_000_000), "2000-01-01T00:00:01+00:00");
        assert_eq!(text(i64::MIN), "2000-01-01T00:00:00+00:00");
        assert_eq!(text(i64::MAX), "2026-07-01T10:00:00+00:00");
        assert_eq!(text(i64::MAX - MICROS_TO_2000), "2026-07-01T10:00:00+00:00");
    }
}
