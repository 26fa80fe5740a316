//! Whether a PostgreSQL server still works on a statement that it has not answered.

use std::sync::mpsc;
use std::thread::Builder;
use std::time::Duration;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::connection::Db;
use super::open::{Access, connect};
use crate::domain::database_url::DatabaseUrl;

/// How long a second connection may take to find that out.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);

/// Asks on a second connection whether the server works on a statement that was sent as long ago as this.
#[must_use]
pub fn is_working(url: &DatabaseUrl, waited: Duration) -> bool {
    let (sender, receiver) = mpsc::channel();
    let url = url.clone();
    // The thread is left behind if it gets no answer.
    let _ = Builder::new().spawn(move || {
        let asked = connect(&url, Access::ReadOnly)
            .and_then(|mut db| Ok(has_old_statement(&mut db, waited)?));
        let _ = sender.send(asked);
    });
    match receiver.recv_timeout(PROBE_TIMEOUT) {
        Ok(Ok(is_working)) => is_working,
        Ok(Err(error)) => {
            tracing::debug!("{error:#}");
            false
        }
        Err(_) => false,
    }
}

/// Whether the server works on a statement of this user that is older than half of this. A wait for the lock of a table
/// is no work. A migration waits for the one of another program, however long that takes.
fn has_old_statement(db: &mut Db, waited: Duration) -> QueryResult<bool> {
    let condition = format!(
        "EXISTS (SELECT 1 FROM pg_stat_activity WHERE usename = current_user AND datname = current_database() \
         AND state = 'active' AND pid <> pg_backend_pid() \
         AND (wait_event_type IS DISTINCT FROM 'Lock' OR wait_event = 'advisory') \
         AND query_start < clock_timestamp() - interval '{} s')",
        waited.as_secs() / 2
    );
    diesel::select(sql::<Bool>(&condition)).get_result(db)
}
